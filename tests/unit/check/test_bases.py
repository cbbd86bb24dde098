"""Images that ours begin from: moving tags, older C libraries, compilers that nobody has."""

from typing import Any

import pytest

from hftgen.check.bases import find_absent_compilers, find_moving_bases, find_older_runtimes
from tests.unit.facts.sites import DIGEST, load_spec

GCC = {"name": "gcc", "version": "13"}
USUAL = {"builder": "debian:12", "runtime": "gcr.io/distroless/cc-debian12:nonroot"}


def load(build: dict[str, Any] | None = None, **container: Any) -> Any:
    """An environment that builds one service."""
    section = {"compiler": GCC, "container": {**USUAL, **container}}
    return load_spec({"app": {"build": build or {}}}, build=section)


def test_known_bases_are_silent() -> None:
    """The usual ones have a digest in the table, one C library, and a compiler that is lent."""
    loaded = load()
    found = [*find_moving_bases(loaded), *find_older_runtimes(loaded), *find_absent_compilers(loaded)]
    assert found == []


@pytest.mark.parametrize(
    ("build", "container", "subjects"),
    [
        ({}, {"builder": "registry.example.com/builder:1"}, ["build.container.builder"]),
        ({}, {"builder": f"registry.example.com/builder:1@{DIGEST}"}, []),
        ({"runtime": "alpine:3.22"}, {}, ["services.app.build.runtime"]),
        ({"language": "go", "builder": "golang:1.25"}, {"builder": "own:1"}, ["services.app.build.builder"]),
    ],
)
def test_a_moving_tag_is_told_where_it_stands(build: Any, container: Any, subjects: list[str]) -> None:
    """At the service, or at the section that speaks for all."""
    assert [finding.subject for finding in find_moving_bases(load(build, **container))] == subjects


@pytest.mark.parametrize(
    ("builder", "runtime", "told"),
    [
        ("debian:13", "gcr.io/distroless/cc-debian12:nonroot", True),
        ("debian:12", "gcr.io/distroless/cc-debian13:nonroot", False),
        ("ubuntu:24.04", "debian:12-slim", True),
        ("registry.example.com/own:1", "debian:12", False),
    ],
)
def test_an_older_c_library_is_told(builder: str, runtime: str, told: bool) -> None:  # noqa: FBT001 - a table's column
    """What is linked with a newer one does not start there; what nobody knows is left to its author."""
    assert bool(list(find_older_runtimes(load(builder=builder, runtime=runtime)))) is told


@pytest.mark.parametrize(
    ("language", "builder", "runtime", "told"),
    [
        ("python", "python:3.12-slim-bookworm", None, "app is built for Python 3.12 and runs on 3.13"),
        ("python", "python:3.11-slim", "gcr.io/distroless/python3-debian12:nonroot", ""),
        ("python", "mirror.example.com/python:3.14.1", "python:3.14-slim", ""),
        ("java", "maven:3.9-eclipse-temurin-25", None, "app is built for Java 25 and runs on 21"),
        ("java", "maven:3.9-eclipse-temurin-17", None, ""),
        ("java", "gradle:9.2-jdk25", "eclipse-temurin:25-jre", ""),
        ("java", "registry.example.com/jdk:own", None, ""),
        (None, None, None, ""),
    ],
)
def test_another_version_of_the_language_is_told(
    language: str | None, builder: str | None, runtime: str | None, told: str
) -> None:
    """A wheel with native code is for one Python; classes need the Java that they were made for, or a newer one."""
    said = {"language": language, "builder": builder, "runtime": runtime}
    found = list(find_older_runtimes(load({key: value for key, value in said.items() if value})))
    assert [finding.message.partition(":")[0] for finding in found] == ([told] if told else [])


def test_go_carries_its_own_library() -> None:
    """A static program runs anywhere."""
    build = {"language": "go", "builder": "golang:1.26-trixie", "runtime": "gcr.io/distroless/static-debian12:nonroot"}
    assert list(find_older_runtimes(load(build))) == []


def test_a_compiler_that_nobody_has_is_told() -> None:
    """No image lends clang."""
    section = {"compiler": {"name": "clang", "version": "21"}, "container": USUAL}
    loaded = load_spec({"app": {"build": {}}}, build=section)
    (finding,) = find_absent_compilers(loaded)
    assert finding.subject == "build.container.builder"
    assert "debian:12 has no package of clang 21" in finding.message
    assert finding.hint == "clang 13 or 14 or 15 or 16 or 19, or a builder that has it"
