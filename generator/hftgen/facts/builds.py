"""How the C++ services are built: the platforms, their compilers, and the CMake presets of each.

One preset is one platform in one variant: `linux-amd64-release`. Everything that builds takes its names from here:
CMakePresets.json, the toolchain files, Conan's profiles, the pipelines' matrix and the Dockerfiles.
"""

from typing import NamedTuple

from hftgen.facts.record import Facts
from hftgen.spec.build import Build, Platform, Variant, Workstation


class Kind(NamedTuple):
    """What a variant is for. `build_type` is CMake's; `sanitizer` what -fsanitize takes, or empty.

    `lto`: optimised over all files at once. `benchmarks`: it builds and runs benchmarks instead of tests. `packaged`:
    what it builds may be shipped.
    """

    title: str
    build_type: str
    sanitizer: str = ""
    lto: bool = False
    benchmarks: bool = False
    packaged: bool = False


KINDS: dict[Variant, Kind] = {
    "debug": Kind("Debug", "Debug"),
    "release": Kind("Release", "Release", packaged=True),
    "asan": Kind("Address and leak sanitizer", "RelWithDebInfo", "address"),
    "ubsan": Kind("Undefined behaviour sanitizer", "RelWithDebInfo", "undefined"),
    "tsan": Kind("Thread sanitizer", "RelWithDebInfo", "thread"),
    "lto": Kind("Release, optimised at link time", "Release", lto=True, packaged=True),
    "benchmark": Kind("Benchmarks of the release build", "Release", benchmarks=True),
}

# Visual C++ has no other sanitizer than the address sanitizer.
FOREIGN: dict[Workstation, tuple[Variant, ...]] = {"macos": (), "windows": ("ubsan", "tsan")}

SHIPPED: Variant = "release"
"""What images are made of."""


class Compiler(NamedTuple):
    """A compiler: `name` and `version` (its first number, or empty) as Conan calls it, and its programs."""

    name: str
    version: str
    c: str
    cxx: str


class Target(NamedTuple):
    """A platform that is built for.

    `system` and `processor` are CMake's names, `triplet` that of a cross compiler (empty: none is used), `image` the
    platform of images (empty: no image is made for it). `processor` is empty where it is the machine's own.
    """

    name: str
    title: str
    system: str
    processor: str
    triplet: str
    image: str
    compiler: Compiler
    generator: str
    variants: tuple[Variant, ...]


LINUX: dict[Platform, tuple[str, str]] = {
    "linux/amd64": ("x86_64", "x86_64-linux-gnu"),
    "linux/arm64": ("aarch64", "aarch64-linux-gnu"),
}
WORKSTATIONS: dict[Workstation, tuple[str, str, Compiler]] = {
    "macos": ("macOS", "Darwin", Compiler("apple-clang", "", "clang", "clang++")),
    "windows": ("Windows", "Windows", Compiler("msvc", "", "cl", "cl")),
}


def describe_build(build: Build) -> Facts:
    """What the context's `build` has beside the spec's fields.

    - `targets.<platform>`: a Target, with `presets`: its presets' names by variant
    - `matrix`: every preset, `{preset, target, variant, title, buildType, sanitizer, lto, benchmarks, packaged, image}`
    - `shipped.<image platform>`: the preset that this platform's image is built with
    """
    targets = list_targets(build)
    matrix = [
        {
            "preset": name_preset(target, variant),
            "target": target.name,
            "variant": variant,
            "title": KINDS[variant].title,
            "buildType": KINDS[variant].build_type,
            "sanitizer": KINDS[variant].sanitizer,
            "lto": KINDS[variant].lto,
            "benchmarks": KINDS[variant].benchmarks,
            "packaged": KINDS[variant].packaged and bool(target.image),
            "image": target.image,
        }
        for target in targets
        for variant in target.variants
    ]
    return {
        "targets": {target.name: _dump(target) for target in targets},
        "matrix": matrix,
        "shipped": {target.image: name_preset(target, SHIPPED) for target in targets if target.image},
    }


def list_targets(build: Build) -> list[Target]:
    """The platforms: those that images are made for, then those that developers sit at."""
    linux = [_describe_linux(build, platform) for platform in build.platforms]
    return linux + [_describe_workstation(build, name) for name in build.workstations]


def name_preset(target: Target, variant: Variant) -> str:
    """A preset's name."""
    return f"{target.name}-{variant}"


def major(version: str) -> str:
    """The first number of a compiler's version, which is what its programs and Conan's settings are named for."""
    return version.removeprefix("v").partition(".")[0]


def _describe_linux(build: Build, platform: Platform) -> Target:
    processor, triplet = LINUX[platform]
    version = major(build.compiler.version)
    c, cxx = {"gcc": ("gcc", "g++"), "clang": ("clang", "clang++")}[build.compiler.name]
    compiler = Compiler(build.compiler.name, version, f"{c}-{version}", f"{cxx}-{version}")
    name = platform.replace("/", "-")
    title = f"Linux on {platform.partition('/')[2]}"
    return Target(name, title, "Linux", processor, triplet, platform, compiler, build.generator, tuple(build.presets))


def _describe_workstation(build: Build, name: Workstation) -> Target:
    title, system, compiler = WORKSTATIONS[name]
    # Windows has no `make`, and Ninja comes with Visual Studio.
    generator = "Ninja" if name == "windows" else build.generator
    variants = tuple(variant for variant in build.presets if variant not in FOREIGN[name])
    return Target(name, title, system, "", "", "", compiler, generator, variants)


def _dump(target: Target) -> Facts:
    presets = {variant: name_preset(target, variant) for variant in target.variants}
    return {
        **target._asdict(),
        "compiler": target.compiler._asdict(),
        "variants": list(target.variants),
        "presets": presets,
    }
