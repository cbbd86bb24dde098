"""`security` and `waivers`: what is demanded of everything, and accepted exceptions."""

from typing import Literal

from pydantic import Field

from hftgen.spec.section import Section
from hftgen.spec.units import Boolean, Date, Line
from hftgen.spec.units.text import NONE, Grammar


class Security(Section):
    """What is demanded of everything."""

    encryptionAtRest: Boolean | None = Field(
        None,
        description="Whether disks, Secrets and buckets are encrypted. Left out: yes, but in development.",
        examples=[True],
    )
    podSecurity: Literal["restricted", "baseline", "privileged"] = Field(
        "restricted", description="Kubernetes' Pod Security level. Left out: restricted.", examples=["restricted"]
    )


class RuleId(Grammar):
    """The name of a rule."""

    __slots__ = ()
    words = "a rule's name"
    pattern = r"^HFT-[A-Z][0-9]{2,3}$"
    examples = ("HFT-S08",)
    longest = 8
    also = NONE


class Waiver(Section):
    """An accepted finding; an expired or unused one is a finding itself."""

    rule: RuleId = Field(description="The rule that is broken.", examples=["HFT-S08"])
    object: Line = Field(description="What breaks it, as the finding names it.", examples=["Rollout/example"])
    reason: Line = Field(description="Why it is accepted.", examples=["kernel bypass"])
    owner: Line = Field(description="Who answers for it.", examples=["trading-platform"])
    expires: Date = Field(description="The last day on which it is accepted.", examples=["2027-12-31"])
