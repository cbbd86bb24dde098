"""How the services are built: platforms, compilers and presets."""

from pathlib import Path
from typing import Any

import pytest

from hftgen.facts.builds import describe_build, find_cmake, list_targets
from hftgen.facts.flags import tell_cpu
from hftgen.facts.packages import BASELINE, describe_packages
from hftgen.facts.repository import choose_speaker, derive_repository
from hftgen.spec.build import VARIANTS, Build, Platform
from tests.unit.facts.sites import make_site

GCC = {"compiler": {"name": "gcc", "version": "13.2"}}


def make(**fields: Any) -> Build:
    """A `build` of gcc 13.2 and these fields."""
    return Build.model_validate({**GCC, **fields})


def test_every_platform_has_every_variant_that_its_compiler_can_make() -> None:
    """Visual C++ knows no sanitizer but the address sanitizer."""
    facts = describe_build("shop", make(platforms=["linux/amd64", "linux/arm64"]), ())
    assert list(facts["targets"]) == ["linux-amd64", "linux-arm64", "macos", "windows"]
    assert set(facts["targets"]["linux-arm64"]["presets"]) == set(VARIANTS)
    assert set(VARIANTS) - set(facts["targets"]["windows"]["presets"]) == {"ubsan", "tsan"}
    assert len(facts["matrix"]) == 7 * 3 + 5
    assert len({row["preset"] for row in facts["matrix"]}) == len(facts["matrix"])


def test_a_spec_says_which_platforms_and_variants_there_are() -> None:
    """In its order; developers' platforms may be none."""
    facts = describe_build("shop", make(presets=["release", "debug"], workstations=[]), ())
    assert [row["preset"] for row in facts["matrix"]] == ["linux-amd64-release", "linux-amd64-debug"]


@pytest.mark.parametrize(
    ("name", "version", "programs"),
    [("gcc", "13.2", ("13", "gcc-13", "g++-13")), ("clang", "18", ("18", "clang-18", "clang++-18"))],
)
def test_programs_are_named_for_the_first_number(name: str, version: str, programs: tuple[str, str, str]) -> None:
    """As Debian and Ubuntu install them beside others."""
    (target,) = list_targets(make(compiler={"name": name, "version": version}, workstations=[]))
    assert (target.compiler.name, *target.compiler[1:4]) == (name, *programs)


def test_images_are_made_of_the_release_build() -> None:
    """Nothing else is shipped, and nothing from a developer's platform."""
    facts = describe_build("shop", make(platforms=["linux/amd64", "linux/arm64"]), ())
    assert facts["shipped"] == {"linux/amd64": "linux-amd64-release", "linux/arm64": "linux-arm64-release"}
    packaged = {row["preset"] for row in facts["matrix"] if row["packaged"]}
    assert packaged == {f"linux-{arch}-{variant}" for arch in ("amd64", "arm64") for variant in ("release", "lto")}


def test_windows_has_no_make() -> None:
    """A generator that Windows lacks is Ninja there."""
    targets = {target.name: target.generator for target in list_targets(make(generator="Unix Makefiles"))}
    assert targets == {"linux-amd64": "Unix Makefiles", "macos": "Unix Makefiles", "windows": "Ninja"}


def context(tier: str, *systems: str, build: bool = False) -> dict[str, Any]:
    """A context as far as the choice looks at it."""
    return {
        "tier": tier,
        "services": {},
        **({"ci": {"systems": list(systems)}} if systems else {}),
        **({"build": {}} if build else {}),
    }


def test_production_speaks_for_all() -> None:
    """What reaches production decides, for each subject apart; among equals the first by name."""
    contexts = {
        "a": context("development", "gitlab", "github", build=True),
        "c": context("production", "gitlab"),
        "b": context("production", "gitlab", build=True),
        "d": context("staging", build=True),
    }
    speaks = {name: env["speaksFor"] for name, env in derive_repository(contexts).items()}
    assert speaks == {"a": ["github"], "b": ["build", "gitlab"], "c": [], "d": []}


def test_nobody_speaks_where_nobody_asks() -> None:
    """An environment without the section has no say."""
    assert choose_speaker({"a": context("production")}, "build") is None
    assert derive_repository({"a": context("production")})["a"]["speaksFor"] == []


def test_every_flag_has_its_reason_on_the_page(repository: Path) -> None:
    """docs/build.md lists all that compilers are told."""
    page = (repository / "docs" / "build.md").read_text(encoding="utf-8")
    rows = describe_build("shop", make(platforms=["linux/amd64", "linux/arm64"]), ())["matrix"]
    told = {text for row in rows for kind in ("cpu", "c", "cxx", "link") for text in row["flags"][kind]}
    assert len(told) > 30
    assert sorted(text for text in told if f"`{text}`" not in page) == []


def test_what_is_measured_is_what_runs() -> None:
    """Benchmarks and link-time optimisation are told what the release is told."""
    rows = {row["preset"]: row for row in describe_build("shop", make(), ())["matrix"]}
    for target in ("linux-amd64", "macos", "windows"):
        release = rows[f"{target}-release"]["flags"]
        assert rows[f"{target}-benchmark"]["flags"] == release
        assert rows[f"{target}-lto"]["flags"] == release


@pytest.mark.parametrize(
    ("platform", "cpu", "flag"),
    [
        ("linux/amd64", "", "-march=x86-64-v3"),
        ("linux/amd64", "sapphirerapids", "-march=sapphirerapids"),
        ("linux/arm64", "", "-mcpu=neoverse-n1"),
        ("linux/arm64", "neoverse-v2", "-mcpu=neoverse-v2"),
        ("linux/arm64", "armv8.2-a+crypto", "-march=armv8.2-a+crypto"),
    ],
)
def test_a_cpu_is_chosen_as_its_compilers_want(platform: Platform, cpu: str, flag: str) -> None:
    """On arm64 a CPU is -mcpu's, an architecture -march's."""
    assert tell_cpu(platform, cpu) == flag


def test_packages_are_all_that_the_build_and_its_services_need() -> None:
    """By name; vcpkg's files where it can say all names."""
    services = make_site(
        {"app": {"build": {"requires": {"quickfix": "1.15.1"}}}},
        build={**GCC, "packages": "conan", "requires": {"fmt": "11.0.2"}},
    ).environment.services.values()
    build = make(packages="conan", requires={"fmt": "11.0.2"})
    told = describe_packages("shop", build, services)
    assert told["requires"] == [{"name": "fmt", "version": "11.0.2"}, {"name": "quickfix", "version": "1.15.1"}]
    assert told["vcpkg"] == {"baseline": BASELINE, "name": "shop"}
    assert "vcpkg" not in describe_packages("shop", make(packages="conan", requires={"a_b": "1.0"}), ())
    assert "vcpkg" not in describe_packages("shop", make(), ())
    assert "name" not in describe_packages("a--b", build, ())["vcpkg"]
    pinned = make(packages="vcpkg", baseline="a" * 40)
    assert describe_packages("shop", pinned, ())["vcpkg"]["baseline"] == "a" * 40


def test_debug_builds_of_visual_c_have_packages_of_their_own() -> None:
    """It cannot link debug code with optimised code; the others can, so that packages are built once."""
    rows = {row["preset"]: row for row in describe_build("shop", make(), ())["matrix"]}
    assert {name for name, row in rows.items() if row["packageBuildType"] == "Debug"} == {"windows-debug"}
    assert rows["linux-amd64-debug"]["triplet"] == rows["linux-amd64-lto"]["triplet"] == "linux-amd64-release"
    assert rows["linux-amd64-asan"]["packageFlags"] == [
        "-march=x86-64-v3",
        "-fsanitize=address",
        "-fno-omit-frame-pointer",
    ]
    assert rows["windows-asan"]["packageFlags"] == ["/fsanitize=address"]


def test_a_young_standard_needs_a_young_cmake() -> None:
    """CMake 3.25 has never heard of the compilers that know C++26."""
    assert find_cmake(make())["minor"] == 25
    assert find_cmake(make(standard=26))["minor"] == 30
