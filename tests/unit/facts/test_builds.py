"""How the services are built: platforms, compilers and presets."""

from typing import Any

import pytest

from hftgen.facts.builds import describe_build, list_targets
from hftgen.facts.repository import choose_speaker, derive_repository
from hftgen.spec.build import VARIANTS, Build

GCC = {"compiler": {"name": "gcc", "version": "13.2"}}


def make(**fields: Any) -> Build:
    """A `build` of gcc 13.2 and these fields."""
    return Build.model_validate({**GCC, **fields})


def test_every_platform_has_every_variant_that_its_compiler_can_make() -> None:
    """Visual C++ knows no sanitizer but the address sanitizer."""
    facts = describe_build("shop", make(platforms=["linux/amd64", "linux/arm64"]))
    assert list(facts["targets"]) == ["linux-amd64", "linux-arm64", "macos", "windows"]
    assert set(facts["targets"]["linux-arm64"]["presets"]) == set(VARIANTS)
    assert set(VARIANTS) - set(facts["targets"]["windows"]["presets"]) == {"ubsan", "tsan"}
    assert len(facts["matrix"]) == 7 * 3 + 5
    assert len({row["preset"] for row in facts["matrix"]}) == len(facts["matrix"])


def test_a_spec_says_which_platforms_and_variants_there_are() -> None:
    """In its order; developers' platforms may be none."""
    facts = describe_build("shop", make(presets=["release", "debug"], workstations=[]))
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
    facts = describe_build("shop", make(platforms=["linux/amd64", "linux/arm64"]))
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
