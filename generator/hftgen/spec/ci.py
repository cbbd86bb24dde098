"""`ci`: the pipelines that build, check and release."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import ImageRef, Line, Url


class Oidc(Section):
    """How pipelines prove to a cloud who they are."""

    issuer: Url = Field(description="Who signs the pipelines' tokens.", examples=["https://gitlab.example.com"])
    subjects: tuple[Line, ...] = Field(
        min_length=1,
        description="The tokens' subjects that are trusted.",
        examples=[["project_path:trading/engine:ref_type:branch:ref:main"]],
    )


class Registry(ImageRef):
    """A registry and the path below which images lie."""

    __slots__ = ()
    words = "a registry and a path, without tag and digest"
    examples = ("registry.example.com/hft",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        reference = cls(super()._canonical(text))
        if reference.tag or reference.digest:
            raise cls.refusal("names one image")
        return str(reference)


class Ci(RuledSection):
    """Which pipelines are made, and what they push to."""

    systems: tuple[Literal["gitlab", "github", "jenkins"], ...] = Field(
        min_length=1, description="The systems that get a pipeline.", examples=[["gitlab"]]
    )
    registry: Registry | None = Field(
        None, description="Where images are pushed.", examples=["registry.example.com/hft"]
    )
    oidc: Oidc | None = Field(None, description="How pipelines prove to a cloud who they are.")

    def breaches(self) -> Iterator[Breach]:
        """Systems are named once."""
        for index in repeated(list(self.systems)):
            yield Breach(("systems", index), "is named twice")
