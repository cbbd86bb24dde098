"""`ci`: the pipelines that build, check and release."""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import ImageRef, Line, Percentage, Url
from hftgen.spec.units.text import Grammar

Runner = Literal["linux/amd64", "linux/arm64", "benchmark"]


# A subject's beginning and `*`: the repository, or a Jenkins job's address, is whole before it.
_PATTERN = re.compile(r"([a-z_]+:[^:*]+/[^:*]+:|https://[^/*]+/([^/*]+/)*job/[^/*]+/)[^*]*\*")


class Oidc(RuledSection):
    """How pipelines prove to a cloud who they are; docs/ci.md has the subjects of each system."""

    issuer: Url = Field(description="Who signs the pipelines' tokens.", examples=["https://gitlab.example.com"])
    subjects: tuple[Line, ...] = Field(
        min_length=1,
        description="The tokens' subjects that may push images: pipelines of the trading system's repository. "
        "One with `*` at its end stands for all that begin like it; Azure takes none.",
        examples=[["project_path:trading/engine:ref_type:branch:ref:main"]],
    )
    plan: tuple[Line, ...] | None = Field(
        None,
        min_length=1,
        description="Those that may plan infrastructure, and read states: pipelines of this repository, those of merge "
        "requests too; with `*` likewise. Left out: subjects, and the finding HFT-X73.",
        examples=[["project_path:trading/platform-config:ref_type:branch:ref:*"]],
    )
    apply: tuple[Line, ...] | None = Field(
        None,
        min_length=1,
        description="Those that may apply it, each whole: a protected branch or environment of this repository, never "
        "what a merge request has. Left out: subjects, and the finding HFT-X73.",
        examples=[["project_path:trading/platform-config:ref_type:branch:ref:main"]],
    )

    def list_said(self) -> Iterator[tuple[str, int, str]]:
        """Each subject, with the field and the index at which it stands."""
        for name in ("subjects", "plan", "apply"):
            for index, subject in enumerate(getattr(self, name) or ()):
                yield name, index, str(subject)

    def breaches(self) -> Iterator[Breach]:
        """`*` stands at the end, after a repository; whoever applies is known by a whole subject."""
        for name, index, subject in self.list_said():
            judge = _judge_applier if name == "apply" else _judge_pattern
            yield from judge((name, index), subject)
            if name == "subjects" and self.apply is None and _PATTERN.fullmatch(subject):
                message = "is a pattern, by which one may apply as well, since apply is left out"
                yield Breach((name, index), message, "whole subjects in ci.oidc.apply", found=subject)


def _judge_pattern(path: tuple[str, int], subject: str) -> Iterator[Breach]:
    if re.search(r"[*?]", subject) and not (_PATTERN.fullmatch(subject) and "?" not in subject):
        message, expected = "trusts more than one repository, or nobody", "'*' at the end alone, after the repository"
        yield Breach(path, message, expected, "docs/ci.md has the subjects of each system", subject)


def _judge_applier(path: tuple[str, int], subject: str) -> Iterator[Breach]:
    expected = "the subject of a protected branch or environment"
    if re.search(r"[*?]", subject):
        yield Breach(path, "is a pattern: a merge request could have such a subject", expected, found=subject)
    elif subject.endswith(":pull_request"):
        yield Breach(path, "is what every pull request has", expected, found=subject)


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


class RunnerLabel(Grammar):
    """A tag of GitLab's runners, a label of GitHub's or Jenkins'; no expression of theirs."""

    __slots__ = ()
    words = "a tag or label of letters, digits, spaces and '._:/+=-"
    pattern = r"^[A-Za-z0-9]([A-Za-z0-9 '._:/+=-]*[A-Za-z0-9'._:/+=-])?$"
    examples = ("self-hosted",)


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
    runners: dict[Runner, tuple[RunnerLabel, ...]] = Field(
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
