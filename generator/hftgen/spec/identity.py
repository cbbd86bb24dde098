"""`identity`: who a service is to the cloud."""

from pydantic import Field

from hftgen.spec.section import Section
from hftgen.spec.units.text import NONE, Grammar


class Arn(Grammar):
    """An AWS IAM role."""

    __slots__ = ()
    words = "an AWS IAM role's ARN, whose name has at most 64 characters"
    pattern = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$"
    examples = ("arn:aws:iam::111122223333:role/example",)
    longest = 2048
    also = NONE


class ServiceAccountEmail(Grammar):
    """A Google service account."""

    __slots__ = ()
    words = "a Google service account's address"
    pattern = r"^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$"
    examples = ("example@project.iam.gserviceaccount.com",)
    also = NONE


class Uuid(Grammar):
    """A managed identity of Azure."""

    __slots__ = ()
    words = "a client id of an Azure managed identity (a UUID)"
    pattern = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
    examples = ("00000000-0000-0000-0000-000000000000",)
    also = NONE


class Identity(Section):
    """Who the service is to the cloud."""

    aws: Arn | None = Field(None, description="The AWS IAM role.", examples=list(Arn.examples))
    gcp: ServiceAccountEmail | None = Field(
        None, description="The Google service account.", examples=list(ServiceAccountEmail.examples)
    )
    azure: Uuid | None = Field(
        None, description="The client id of the Azure managed identity.", examples=list(Uuid.examples)
    )
