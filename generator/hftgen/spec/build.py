"""`build`: how the C++ services are built."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import ImageRef, Version, refuse
from hftgen.spec.units.number import read_integer
from hftgen.spec.units.text import NUMERAL, Grammar
from hftgen.spec.units.unit import Reads

STANDARDS = (11, 14, 17, 20, 23, 26)

Platform = Literal["linux/amd64", "linux/arm64"]
Workstation = Literal["macos", "windows"]
Variant = Literal["debug", "release", "asan", "ubsan", "tsan", "lto", "benchmark"]
VARIANTS: tuple[Variant, ...] = ("debug", "release", "asan", "ubsan", "tsan", "lto", "benchmark")


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


# The oldest CPUs that images run on unless a spec says: AVX2, which all clouds have had for years, and Graviton 2 or
# Ampere Altra, with atomic instructions of their own.
BASELINES: dict[Platform, str] = {"linux/amd64": "x86-64-v3", "linux/arm64": "neoverse-n1"}

LEVELS = ("x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4")
_ARM = re.compile(r"arm|neoverse|cortex|ampere|apple|thunderx|octeontx|a64fx|oryon|grace|olympus")
_X86 = re.compile(r"x86|k8|core|nehalem|westmere|sandy|ivy|haswell|broadwell|znver|bdver|.*(lake|rapids|mont|forest)$")

# Words with single hyphens between them, and none that Windows or vcpkg keep for themselves (its published schema).
VCPKG_NAME = r"(?!(?:prn|aux|nul|con|lpt[1-9]|com[1-9]|core|default)$)[a-z0-9]+(?:-[a-z0-9]+)*"


class BuildVersion(Grammar):
    """A version as CMake's project() takes it."""

    __slots__ = ()
    words = "one to four numbers with dots between them"
    pattern = r"^(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){0,3}$"
    examples = ("1.4.0",)
    longest = 39
    also = NUMERAL

    @classmethod
    def _advise_on(cls, text: str) -> str:
        return "write it without the v" if re.match(r"v[0-9]", text) else ""


class Commit(Grammar):
    """A commit of Git, in full."""

    __slots__ = ()
    words = "a commit's 40 hexadecimal digits"
    pattern = r"^[0-9a-f]{40}$"
    examples = ("4334d8b4c8916018600212ab4dd4bbdc343065d1",)
    longest = 40
    also = NUMERAL


class PlatformName(Grammar):
    """A platform of images, where it is a key."""

    __slots__ = ()
    words = "linux/amd64 or linux/arm64"
    pattern = r"^linux/(amd64|arm64)$"
    examples = ("linux/amd64",)


class Cpu(Grammar):
    """A CPU as the compiler's -march or -mcpu calls it."""

    __slots__ = ()
    words = "a CPU as the compiler calls it"
    pattern = r"^[a-z0-9][a-z0-9_.-]*(\+[a-z0-9-]+)*$"
    examples = ("x86-64-v3", "sapphirerapids", "neoverse-n1")
    longest = 63


class Compiler(Section):
    """The compiler."""

    name: Literal["gcc", "clang"] = Field(description="gcc or clang.", examples=["gcc"])
    version: Version = Field(description="Its version.", examples=["13"])

    @property
    def major(self) -> str:
        """The first number of its version, which its programs and Conan's settings are named for."""
        return self.version.removeprefix("v").partition(".")[0]


class Images(Section):
    """The images that a build starts from and ends in."""

    builder: ImageRef = Field(description="The image in which it is built.", examples=["debian:12"])
    runtime: ImageRef = Field(
        description="The image in which it runs.", examples=["gcr.io/distroless/cc-debian13:nonroot"]
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
    baseline: Commit | None = Field(
        None,
        description="The commit of vcpkg's registry that says the versions of what packages need themselves. "
        "Left out: that of vcpkg's release 2025.09.17.",
        examples=["4334d8b4c8916018600212ab4dd4bbdc343065d1"],
    )
    version: BuildVersion | None = Field(
        None, description="The version that packages carry. Left out: none.", examples=["1.4.0"]
    )
    presets: tuple[Variant, ...] = Field(
        VARIANTS,
        min_length=1,
        description="The variants that each platform can be built in. Left out: all. Images are made of release.",
        examples=[["debug", "release", "asan"]],
    )
    platforms: tuple[Platform, ...] = Field(
        ("linux/amd64",),
        min_length=1,
        description="What images are made for. Left out: linux/amd64.",
        examples=[["linux/amd64"]],
    )
    march: dict[Annotated[str, PlatformName], Cpu] = Field(
        default_factory=dict,
        description="The oldest CPU that runs the images of a platform. Left out: x86-64-v3 and neoverse-n1.",
        examples=[{"linux/amd64": "sapphirerapids"}],
    )
    workstations: tuple[Workstation, ...] = Field(
        ("macos", "windows"),
        description="What developers build on beside Linux, with its own compiler; nothing of it is shipped. "
        "Left out: macos and windows.",
        examples=[["macos"]],
    )
    container: Images | None = Field(None, description="The images that a build starts from and ends in.")

    def breaches(self) -> Iterator[Breach]:
        """Packages need a package manager; what is listed is listed once, and images have a variant to be made of."""
        if self.requires and self.packages == "none":
            yield Breach(("requires",), "needs a package manager", "packages: conan or vcpkg")
        for field in ("platforms", "presets", "workstations"):
            for index in repeated(list(getattr(self, field))):
                yield Breach((field, index), "is named twice")
        if "release" not in self.presets:
            yield Breach(("presets",), "release is missing: images are made of it", "release among them")
        yield from self._check_cpus()
        yield from self._check_packages()

    def _check_cpus(self) -> Iterator[Breach]:
        for platform, cpu in self.march.items():
            other, usual = (_ARM, LEVELS[2]) if platform == "linux/amd64" else (_X86, BASELINES["linux/arm64"])
            if platform not in self.platforms:
                yield Breach(("march", platform), "no image is made for this platform", ", ".join(self.platforms))
            elif cpu == "native":
                why = "means the machine that builds, and images run on others"
                yield Breach(("march", platform), why, f"the oldest CPU of the pools, such as {usual}")
            elif other.match(cpu) or (cpu.startswith(LEVELS[0]) and cpu not in LEVELS):
                yield Breach(("march", platform), f"{platform} has no such CPU", f"a CPU, such as {usual}")

    def _check_packages(self) -> Iterator[Breach]:
        """A package has one version, however its name is spelt; vcpkg takes fewer names than Conan."""
        spelt: dict[str, str] = {}
        for name, version in self.requires.items():
            first = spelt.setdefault(spell_package(name), name)
            if first != name:
                message = f"is required twice: also as {first} {self.requires[first]}"
                yield Breach(("requires", name), message, "one of the two", ONE_VERSION, f"{name} {version}")
            if expected := expect_package(self.packages, name, version):
                yield Breach(
                    ("requires", name), f"is no package of {self.packages}'s", expected, found=f"{name} {version}"
                )


# The grammars of both: vcpkg's published schema, and what Conan 2 says of a reference.
VCPKG_WORDS = "a name of lower-case letters and digits with single hyphens between them"
CONAN_WORDS = "a name and a version of two characters or more, in lower case"
ONE_VERSION = "a program that holds two versions of a package runs a mix of both"


def spell_package(name: str) -> str:
    """A package's name in one spelling: Conan writes nlohmann_json, vcpkg nlohmann-json."""
    return re.sub(r"[-_.]+", "-", name)


def is_vcpkg_name(name: str) -> bool:
    """Whether vcpkg takes it for a package's name."""
    return re.fullmatch(VCPKG_NAME, name) is not None


def expect_package(manager: str, name: str, version: str) -> str:
    """What a package manager would take instead of a package; empty where it takes it."""
    if manager == "vcpkg" and not is_vcpkg_name(name):
        near = spell_package(name)
        return f"{VCPKG_WORDS}, such as {near if is_vcpkg_name(near) else 'nlohmann-json'}"
    short = min(len(name), len(version)) < 2
    return CONAN_WORDS if manager == "conan" and (short or version != version.lower()) else ""
