"""Which images are built here, from what, and with which compiler."""

import re
from typing import Any

import pytest

from hftgen.facts.bases import find_distribution, is_pinned, pin
from hftgen.facts.recipes import TOOLS, derive_recipes, find_lender, list_built
from tests.tools import pins
from tests.unit.facts.sites import DIGEST, make_site

BUILD = {"compiler": {"name": "gcc", "version": "13"}, "platforms": ["linux/amd64", "linux/arm64"]}
CI = {"systems": ["gitlab"], "registry": "registry.example.com/shop"}


def derive(services: dict[str, Any], **sections: Any) -> Any:
    """The recipes of such an environment."""
    return derive_recipes(make_site(services, **{"ci": CI, "build": BUILD, **sections}))


def test_what_lies_below_the_registry_is_built_here() -> None:
    """Somebody else's image is not, nor what says `build: none`, nor what has another language and no image of ours."""
    site = make_site(
        {
            "ours": {"image": "registry.example.com/shop/ours:v1"},
            "theirs": {"image": "docker.io/library/nginx:1.29"},
            "mirror": {"image": "registry.example.com/shop/mirror:v1", "build": "none"},
            "said": {"image": "elsewhere.example.com/said:v1", "build": {"language": "go"}},
        },
        ci=CI,
        build=BUILD,
    )
    assert list_built(site) == {"registry.example.com/shop/ours": "ours", "elsewhere.example.com/said": "said"}


def test_an_image_of_two_services_is_built_once() -> None:
    """In the folder of the service that has its name, else of the first."""
    image = "registry.example.com/shop/{}:v1"
    services = {"a": {"image": image.format("b")}, "b": {"image": image.format("b")}, "c": {"image": image.format("x")}}
    assert set(derive(services)) == {"b", "c"}


def test_every_usual_base_is_pinned() -> None:
    """Whoever says nothing gets bytes, not tags."""
    for language in ("cpp", "go", "rust", "java", "python"):
        recipe = derive({"app": {"build": {"language": language}}})["app"]
        assert "@sha256:" in recipe["builder"]
        assert "@sha256:" in recipe["runtime"]
        assert "@sha256:" in recipe["frontend"]


def test_a_digest_of_the_spec_stays() -> None:
    """It is the author's, and beats the table's."""
    tables = make_site({"app": {}}).tables
    assert pin(f"debian:12@{DIGEST}", tables) == f"debian:12@{DIGEST}"
    assert pin("docker.io/library/debian:12", tables).startswith("docker.io/library/debian:12@sha256:")
    assert not is_pinned("registry.example.com/own:1", tables)


@pytest.mark.parametrize(
    ("builder", "compiler", "version", "expected"),
    [
        ("debian:12", "gcc", "13", "gcc:13-bookworm"),
        ("debian:12", "gcc", "12", None),
        ("debian:13", "gcc", "15", "gcc:15-trixie"),
        ("ubuntu:24.04", "gcc", "15", "gcc:15-bookworm"),
        ("gcc:13-bookworm", "gcc", "13", None),
        ("debian:12", "clang", "18", None),
        ("registry.example.com/builder:1", "gcc", "13", None),
    ],
)
def test_a_compiler_that_the_builder_lacks_is_lent(
    builder: str, compiler: str, version: str, expected: str | None
) -> None:
    """By the image of the compiler's own project, with a C library that is no newer than the builder's."""
    build = {"compiler": {"name": compiler, "version": version}, "container": {"builder": builder, "runtime": "a:1"}}
    section = make_site({"app": {}}, build=build).environment.build
    assert section is not None
    assert find_lender(section, builder) == expected


@pytest.mark.parametrize(
    ("reference", "codename"),
    [
        ("debian:12", "bookworm"),
        ("debian:12.11-slim", "bookworm"),
        ("mirror.example.com/library/debian:12@sha256:aa", "bookworm"),
        ("gcr.io/distroless/cc-debian12:nonroot", "bookworm"),
        ("python:3.11-slim-bookworm", "bookworm"),
        ("ubuntu:24.04", "noble"),
        ("debian:13", "trixie"),
        ("registry.example.com/own:debian", None),
        ("debian:120", None),
    ],
)
def test_a_name_tells_the_distribution(reference: str, codename: str | None) -> None:
    """A mirror's too; what does not tell is taken for somebody's own, which has everything."""
    found = find_distribution(reference)
    assert (found.name if found else None) == codename


def test_images_are_built_with_the_tools_that_are_tried() -> None:
    """The tests use CMake, Conan and Ninja at these very versions."""
    lock = (pins.FOLDER / "python.lock").read_text(encoding="utf-8")
    for name, version in TOOLS.items():
        assert f"\n{name}=={version} " in lock


def test_a_preset_for_each_platform() -> None:
    """The Dockerfile builds what CMakePresets.json calls it."""
    assert derive({"app": {}})["app"]["cpp"]["presets"] == {
        "amd64": "linux-amd64-release",
        "arm64": "linux-arm64-release",
    }


@pytest.mark.parametrize(("language", "program"), [("python", "risk_gateway"), ("go", "risk-gateway")])
def test_a_program_has_a_name_that_its_language_can_say(language: str, program: str) -> None:
    """A module of Python has no hyphens, and services have."""
    assert derive({"risk-gateway": {"build": {"language": language}}})["risk-gateway"]["target"] == program


@pytest.mark.parametrize(
    ("user", "expected"),
    [({}, "65532:65532"), ({"uid": 10001}, "10001:10001"), ({"uid": 7, "gid": 8}, "7:8"), ({"uid": 0}, "65532:65532")],
)
def test_volumes_belong_to_whom_the_pod_runs_as(user: dict[str, int], expected: str) -> None:
    """A named volume takes the owner of the image's folder, and nobody else could write to it."""
    assert derive({"app": {"user": user}})["app"]["user"] == expected


def test_servers_of_packages_are_not_hidden_by_a_cache() -> None:
    """A builder image may know servers and credentials in Conan's home; the cache is its packages alone."""
    mounts = derive({"app": {}}, build={**BUILD, "packages": "conan"})["app"]["cpp"]["mounts"]
    assert mounts == ["type=cache,target=/root/.conan2/p,id=conan-${TARGETARCH},sharing=locked"]


@pytest.mark.parametrize(
    ("builder", "version", "presets", "expected"),
    [
        ("debian:12", "16", ["release", "asan", "lto"], ["clang-16", "g++", "libclang-rt-16-dev", "llvm-16"]),
        ("debian:12", "13", ["release", "tsan"], ["clang-13", "g++"]),
        ("ubuntu:22.04", "14", ["release", "ubsan"], ["clang-14", "g++"]),
        ("debian:12", "19", ["release", "debug"], ["clang-19", "g++"]),
    ],
)
def test_clang_brings_what_its_presets_link(
    builder: str, version: str, presets: list[str], expected: list[str]
) -> None:
    """Debian only recommends the sanitizers' run time to clang, and llvm-ar is a package of its own."""
    build = {
        "compiler": {"name": "clang", "version": version},
        "presets": presets,
        "container": {"builder": builder, "runtime": "gcr.io/distroless/cc-debian12:nonroot"},
    }
    packages = derive({"app": {}}, build=build)["app"]["cpp"]["packages"]
    assert [name for name in packages if re.match("clang|g[+]|lib|llvm", name)] == expected
