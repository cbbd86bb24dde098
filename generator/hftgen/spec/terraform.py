"""`terraform`: the tool that makes the infrastructure."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from hftgen.spec.section import Section
from hftgen.spec.units import Boolean
from hftgen.spec.units.text import Grammar


class TerraformVersion(Grammar):
    """A version of Terraform or OpenTofu."""

    __slots__ = ()
    words = "a version of Terraform, such as 1.11 or 1.11.4"
    pattern = r"^1\.[0-9]{1,3}(\.[0-9]{1,3})?$"
    examples = ("1.11",)
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "minimum": 1, "exclusiveMaximum": 2}


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
