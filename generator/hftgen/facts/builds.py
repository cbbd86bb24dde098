"""How the C++ services are built: the platforms, their compilers, and the CMake presets of each.

One preset is one platform in one variant: `linux-amd64-release`. Everything that builds takes its names from here:
CMakePresets.json, the toolchain files, Conan's profiles, the pipelines' matrix and the Dockerfiles.
"""

from collections.abc import Iterable
from typing import NamedTuple

from hftgen.facts.flags import Family, carry_to_packages, list_flags, tell_cpu, write_flags
from hftgen.facts.packages import describe_packages
from hftgen.facts.record import Facts
from hftgen.spec.build import Build, Platform, Variant, Workstation
from hftgen.spec.service import Service


class Kind(NamedTuple):
    """What a variant is for: `title` and `purpose` say it. `build_type` is CMake's; `sanitizer` what -fsanitize takes.

    `lto`: optimised over all files at once. `benchmarks`: it builds and runs benchmarks instead of tests. `packaged`:
    what it builds may be shipped.
    """

    title: str
    purpose: str
    build_type: str
    sanitizer: str = ""
    lto: bool = False
    benchmarks: bool = False
    packaged: bool = False


KINDS: dict[Variant, Kind] = {
    "debug": Kind("Debug", "For the debugger: nothing is optimised, the C++ library checks its use.", "Debug"),
    "release": Kind(
        "Release", "What images are made of, and what tests are run against last.", "Release", packaged=True
    ),
    "asan": Kind("Address sanitizer", "Tests find bad accesses and leaks.", "RelWithDebInfo", "address"),
    "ubsan": Kind("Undefined behaviour sanitizer", "Tests find undefined behaviour.", "RelWithDebInfo", "undefined"),
    "tsan": Kind("Thread sanitizer", "Tests find data races.", "RelWithDebInfo", "thread"),
    "lto": Kind(
        "Release with link-time optimisation",
        "As release, optimised over all files.",
        "Release",
        lto=True,
        packaged=True,
    ),
    "benchmark": Kind("Benchmarks", "As release, so that what is measured is what runs.", "Release", benchmarks=True),
}

# Visual C++ has no other sanitizer than the address sanitizer.
FOREIGN: dict[Workstation, tuple[Variant, ...]] = {"macos": (), "windows": ("ubsan", "tsan")}

SHIPPED: Variant = "release"
"""What images are made of."""


POLICY = "3.5"
"""What CMake 4 takes sources for that ask for less, and would refuse: many a package does."""


class Compiler(NamedTuple):
    """A compiler: `name` and `version` (its first number, or empty) as Conan calls it, and its programs.

    The `plain` ones are where an image has one version alone.
    """

    name: str
    version: str
    c: str
    cxx: str
    plain_c: str
    plain_cxx: str


class Target(NamedTuple):
    """A platform that is built for.

    `system` and `processor` are CMake's names, `triplet` that of a cross compiler (empty: none is used), `image` the
    platform of images (empty: no image is made for it). `processor` is empty where it is the machine's own. `cpu` are
    the flags that choose the oldest CPU.
    """

    name: str
    title: str
    system: str
    processor: str
    triplet: str
    image: str
    compiler: Compiler
    family: Family
    cpu: tuple[str, ...]
    generator: str
    variants: tuple[Variant, ...]


LINUX: dict[Platform, tuple[str, str]] = {
    "linux/amd64": ("x86_64", "x86_64-linux-gnu"),
    "linux/arm64": ("aarch64", "aarch64-linux-gnu"),
}
WORKSTATIONS: dict[Workstation, tuple[str, str, Compiler, Family]] = {
    "macos": ("macOS", "Darwin", Compiler("apple-clang", "", "clang", "clang++", "clang", "clang++"), "apple"),
    "windows": ("Windows", "Windows", Compiler("msvc", "", "cl", "cl", "cl", "cl"), "msvc"),
}


def describe_build(project: str, build: Build, services: Iterable[Service]) -> Facts:
    """What the context's `build` has beside the spec's fields.

    - `targets.<platform>`: a Target, with `presets`: its presets' names by variant
    - `variants.<variant>`: `{title, purpose, buildType}`
    - `matrix`: every preset (_describe_preset)
    - `shipped.<image platform>`: the preset that this platform's image is built with
    - `cmake`: the lowest version of CMake, as numbers; `policy`: see POLICY
    - `packaging`: see packages.describe_packages
    """
    targets = list_targets(build)
    return {
        "targets": {target.name: _dump(target) for target in targets},
        "variants": {
            variant: {
                "title": KINDS[variant].title,
                "purpose": KINDS[variant].purpose,
                "buildType": KINDS[variant].build_type,
            }
            for variant in build.presets
        },
        "matrix": [_describe_preset(target, variant) for target in targets for variant in target.variants],
        "shipped": {target.image: name_preset(target, SHIPPED) for target in targets if target.image},
        "cmake": find_cmake(build),
        "policy": POLICY,
        "packaging": describe_packages(project, build, services),
    }


def find_cmake(build: Build) -> dict[str, int]:
    """The lowest CMake: 3.25 has workflow presets; C++26 came to the compilers after it."""
    return {"major": 3, "minor": 30 if build.standard == 26 else 25, "patch": 0}


def _describe_preset(target: Target, variant: Variant) -> Facts:
    """A preset: where it is for, what it is for, what compilers are told, and what packages are built with.

    `triplet` is vcpkg's: presets whose packages are alike share one.
    """
    kind = KINDS[variant]
    flags = write_flags(target.cpu, list_flags(target.family, variant, kind.sanitizer))
    return {
        "preset": name_preset(target, variant),
        "target": target.name,
        "variant": variant,
        "title": kind.title,
        "buildType": kind.build_type,
        "sanitizer": kind.sanitizer,
        "lto": kind.lto,
        "benchmarks": kind.benchmarks,
        "packaged": kind.packaged and bool(target.image),
        "image": target.image,
        "flags": {name: list(texts) for name, texts in flags._asdict().items()},
        "packageFlags": [*target.cpu, *carry_to_packages(target.family, kind.sanitizer)],
        "packageBuildType": _name_package_type(target, kind),
        "triplet": name_preset(target, variant if kind.sanitizer else SHIPPED),
    }


def list_targets(build: Build) -> list[Target]:
    """The platforms: those that images are made for, then those that developers sit at."""
    linux = [_describe_linux(build, platform) for platform in build.platforms]
    return linux + [_describe_workstation(build, name) for name in build.workstations]


def name_preset(target: Target, variant: Variant) -> str:
    """A preset's name."""
    return f"{target.name}-{variant}"


def _name_package_type(target: Target, kind: Kind) -> str:
    """Packages are optimised in every preset, except where a debug build cannot be linked with them."""
    return "Debug" if target.family == "msvc" and kind.build_type == "Debug" else "Release"


def _describe_linux(build: Build, platform: Platform) -> Target:
    processor, triplet = LINUX[platform]
    version = build.compiler.major
    c, cxx = {"gcc": ("gcc", "g++"), "clang": ("clang", "clang++")}[build.compiler.name]
    compiler = Compiler(build.compiler.name, version, f"{c}-{version}", f"{cxx}-{version}", c, cxx)
    return Target(
        name=platform.replace("/", "-"),
        title=f"Linux on {platform.partition('/')[2]}",
        system="Linux",
        processor=processor,
        triplet=triplet,
        image=platform,
        compiler=compiler,
        family="gnu",
        cpu=(tell_cpu(platform, build.march.get(platform, "")),),
        generator=build.generator,
        variants=tuple(build.presets),
    )


def _describe_workstation(build: Build, name: Workstation) -> Target:
    title, system, compiler, family = WORKSTATIONS[name]
    # Windows has no `make`, and Ninja comes with Visual Studio.
    generator = "Ninja" if name == "windows" else build.generator
    variants = tuple(variant for variant in build.presets if variant not in FOREIGN[name])
    return Target(name, title, system, "", "", "", compiler, family, (), generator, variants)


def _dump(target: Target) -> Facts:
    presets = {variant: name_preset(target, variant) for variant in target.variants}
    return {
        **target._asdict(),
        "compiler": target.compiler._asdict(),
        "variants": list(target.variants),
        "presets": presets,
    }
