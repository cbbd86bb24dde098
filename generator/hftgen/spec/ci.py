"""`ci`: the pipelines that build, check and release."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import ImageRef, Line, Percentage, Url
from hftgen.spec.units.text import Grammar

Runner = Literal["linux/amd64", "linux/arm64", "benchmark"]


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


class Command(Grammar):
    """A program of the trading system's repository, with plain arguments."""

    __slots__ = ()
    words = "a program's path and arguments of letters, digits and ./_=:,+-"
    pattern = r"^[A-Za-z0-9._/][A-Za-z0-9._/=:,+-]*( [A-Za-z0-9._/=:,+-]+)*$"
    examples = ("tests/integration/run.sh",)


class Benchmark(Section):
    """How benchmarks are held against those of the default branch."""

    threshold: Percentage = Field(
        Percentage("5%"),
        description="How much slower than on the default branch one may be. Left out: 5%.",
        examples=["5%"],
    )


class Ci(RuledSection):
    """Which pipelines are made, and what they push to."""

    systems: tuple[Literal["gitlab", "github", "jenkins"], ...] = Field(
        min_length=1, description="The systems that get a pipeline.", examples=[["gitlab"]]
    )
    registry: Registry | None = Field(
        None, description="Where images are pushed.", examples=["registry.example.com/hft"]
    )
    oidc: Oidc | None = Field(None, description="How pipelines prove to a cloud who they are.")
    image: ImageRef | None = Field(
        None,
        description="The image in which jobs publish and deliver, made from ci/tools.Dockerfile. "
        "Left out: ci-tools:stable of the registry.",
        examples=["registry.example.com/hft/ci-tools:v1"],
    )
    builder: ImageRef | None = Field(
        None,
        description="The image in which jobs compile and test, made from ci/builder.Dockerfile. "
        "Left out: ci-builder:stable of the registry.",
        examples=["registry.example.com/hft/ci-builder:v1"],
    )
    runners: dict[Runner, tuple[Line, ...]] = Field(
        default_factory=dict,
        description="Tags or labels of runners, by the platform that they build for; `benchmark` is a quiet machine. "
        "Left out: on GitHub its own runners, else the platform, such as linux-amd64.",
        examples=[{"benchmark": ["self-hosted", "benchmark"]}],
    )
    benchmark: Benchmark = Field(
        default_factory=Benchmark, description="The gate of benchmarks.", examples=[{"threshold": "5%"}]
    )
    integration: Command = Field(
        Command("tests/integration/run.sh"),
        description="What tests the services together in an environment, whose name it finds in the variable TARGET. "
        "Left out: tests/integration/run.sh.",
        examples=["tests/integration/run.sh"],
    )

    def breaches(self) -> Iterator[Breach]:
        """Systems are named once."""
        for index in repeated(list(self.systems)):
            yield Breach(("systems", index), "is named twice")
