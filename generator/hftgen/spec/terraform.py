"""`terraform`: the tool that makes the infrastructure."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from hftgen.spec.section import Section
from hftgen.spec.units import Boolean
from hftgen.spec.units.text import Grammar


class TerraformVersion(Grammar):
    """A version of Terraform or OpenTofu that knows what the modules use."""

    __slots__ = ()
    words = "a version of Terraform from 1.11 on"
    pattern = r"^1\.(1[1-9]|[2-9][0-9]|[1-9][0-9]{2})(\.[0-9]{1,3})?$"
    examples = ("1.11",)
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "minimum": 1, "exclusiveMaximum": 2}

    @classmethod
    def _advise_on(cls, text: str) -> str:  # noqa: ARG003  the same for all
        return "older ones cannot lock a state in S3 by a file, nor set a password without keeping it"


class Terraform(Section):
    """The version needed, and what it makes."""

    version: TerraformVersion = Field(
        description='The lowest version: required_version is ">= it, < 2.0".', examples=["1.11"]
    )
    ownsAccounts: Boolean = Field(
        default=True,
        description="Whether this environment makes what an account has once for all its environments: CI's OIDC "
        "provider, the DNS zone, image repositories. false: another environment of the same accounts does. "
        "Left out: true.",
        examples=[False],
    )
