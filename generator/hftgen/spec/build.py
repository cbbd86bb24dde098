"""`build`: how the C++ services are built."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import ImageRef, Version, refuse
from hftgen.spec.units.number import read_integer
from hftgen.spec.units.text import NUMERAL, Grammar
from hftgen.spec.units.unit import Reads

STANDARDS = (11, 14, 17, 20, 23, 26)


def read_standard(value: object) -> int:
    """A C++ standard's number."""
    number = read_integer(value)
    if number not in STANDARDS:
        raise refuse("is no C++ standard", expected=", ".join(map(str, STANDARDS)))
    return number


class PackageName(Grammar):
    """A package of Conan or vcpkg."""

    __slots__ = ()
    words = "a package's name"
    pattern = r"^[a-z0-9_][a-z0-9_+.-]*$"
    examples = ("boost",)
    longest = 101


class PackageVersion(Grammar):
    """A version as Conan or vcpkg writes it."""

    __slots__ = ()
    words = "a package's version"
    pattern = r"^[0-9A-Za-z_][0-9A-Za-z_+.-]*$"
    examples = ("1.86.0",)
    longest = 101
    also = NUMERAL


class Compiler(Section):
    """The compiler."""

    name: Literal["gcc", "clang"] = Field(description="gcc or clang.", examples=["gcc"])
    version: Version = Field(description="Its version.", examples=["13"])


class Images(Section):
    """The images that a build starts from and ends in."""

    builder: ImageRef = Field(description="The image in which it is built.", examples=["debian:12"])
    runtime: ImageRef = Field(
        description="The image in which it runs.", examples=["gcr.io/distroless/cc-debian12:nonroot"]
    )


class Build(RuledSection):
    """How the C++ services are built."""

    standard: Annotated[int, Reads(read_standard, {"enum": list(STANDARDS)})] = Field(
        20, description="The C++ standard. Left out: 20.", examples=[20]
    )
    compiler: Compiler = Field(description="The compiler.")
    generator: Literal["Ninja", "Unix Makefiles"] = Field(
        "Ninja", description="What CMake generates. Left out: Ninja.", examples=["Ninja"]
    )
    cache: Literal["ccache", "sccache", "none"] = Field(
        "none", description="The compiler cache. Left out: none.", examples=["ccache"]
    )
    packages: Literal["conan", "vcpkg", "none"] = Field(
        "none", description="The package manager. Left out: none.", examples=["conan"]
    )
    requires: dict[Annotated[str, PackageName], PackageVersion] = Field(
        default_factory=dict, description="Packages and their versions.", examples=[{"boost": "1.86.0"}]
    )
    platforms: tuple[Literal["linux/amd64", "linux/arm64"], ...] = Field(
        ("linux/amd64",),
        min_length=1,
        description="What images are made for. Left out: linux/amd64.",
        examples=[["linux/amd64"]],
    )
    container: Images | None = Field(None, description="The images that a build starts from and ends in.")

    def breaches(self) -> Iterator[Breach]:
        """Packages need a package manager; platforms are named once."""
        if self.requires and self.packages == "none":
            yield Breach(("requires",), "needs a package manager", "packages: conan or vcpkg")
        for index in repeated(list(self.platforms)):
            yield Breach(("platforms", index), "is named twice")
