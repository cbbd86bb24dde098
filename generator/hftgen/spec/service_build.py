"""`services.*.build`: how the image of a service is built."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.build import PackageName, PackageVersion
from hftgen.spec.section import Breach, RuledSection
from hftgen.spec.units import Boolean, ImageRef
from hftgen.spec.units.text import Grammar


class Target(Grammar):
    """The name by which a language's own tools know a program."""

    __slots__ = ()
    words = "a program's name: letters, digits, -, _ and ."
    pattern = r"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$"
    examples = ("trading-engine",)


class Directory(Grammar):
    """A folder of a repository."""

    __slots__ = ()
    words = "a folder's path, with / between plain names"
    pattern = r"^(\.|[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*)$"
    examples = ("services/engine",)


class ServiceBuild(RuledSection):
    """How the image is built. Left out: as C++ of the section `build`, if the image lies below `ci.registry`."""

    enabled: Boolean = Field(
        default=True,
        description="Whether it is built here; `build: none` is {enabled: false}. Left out: true.",
        examples=[True],
    )
    language: Literal["cpp", "go", "rust", "java", "python"] = Field(
        "cpp", description="What it is written in. Left out: cpp.", examples=["cpp"]
    )
    directory: Directory = Field(
        Directory("."),
        description="Where its sources lie in the trading system's repository, with go.mod, Cargo.toml, pom.xml, "
        "gradlew or requirements.lock. C++ is built by the one CMake project at the root. Left out: its root.",
        examples=["services/engine"],
    )
    target: Target | None = Field(
        None,
        description="The program that its language's tools make: an executable of CMake or Cargo, a folder below cmd/ "
        "of Go, a jar without its version, a module of Python. Left out: the service's name, for Python with _ for -.",
        examples=["trading-engine"],
    )
    builder: ImageRef | None = Field(
        None,
        description="The image in which it is built. Left out: C++ `build.container`, else the language's usual one.",
        examples=["golang:1.26-bookworm"],
    )
    runtime: ImageRef | None = Field(
        None,
        description="The image in which it runs. Left out: C++ `build.container`, else the language's usual one.",
        examples=["gcr.io/distroless/static-debian13:nonroot"],
    )
    requires: dict[Annotated[str, PackageName], PackageVersion] = Field(
        default_factory=dict,
        description="C++ packages that this service needs beside `build.requires`; all services are built with them.",
        examples=[{"quickfix": "1.15.1"}],
    )

    def breaches(self) -> Iterator[Breach]:
        """Other languages have package managers of their own."""
        if self.requires and self.language != "cpp":
            yield Breach(("requires",), f"{self.language} has a package manager of its own", "none, or language: cpp")
