"""The rules of the build."""

import pytest

from hftgen.tables import read_tables
from tests.unit.rules.tiny import Bench

GCC = "compiler: {name: gcc, version: 13}"
ARM = "clusters: {one: {pools: {general: {machine: c7g.4xlarge, min: 2, max: 5}}}}"
CI = "ci: {systems: [gitlab], registry: example.com}"


@pytest.mark.parametrize("version", ["8", "42", "v42.1", "13rc1", "9999999999999"])
def test_a_compiler_exists(bench: Bench, version: str) -> None:
    """One of another version is named, with what to do about a newer one."""
    problem = bench.only(f"build: {{compiler: {{name: gcc, version: {version}}}}}", "build.compiler.version")
    assert (problem.found, problem.expected) == (version, "9 to 16")
    assert "data/compilers.yaml" in problem.hint


@pytest.mark.parametrize("version", ["13", "13.2", "v13.2.0", "16"])
def test_a_version_counts_by_its_first_number(bench: Bench, version: str) -> None:
    """With and without the rest."""
    assert bench.problems(f"build: {{compiler: {{name: gcc, version: {version}}}}}") == ()


def test_a_repository_knows_newer_compilers() -> None:
    """A field replaces ours, the others stay."""
    table = read_tables({"compilers.yaml": b"gcc: {last: 42}"}).compilers
    assert table.gcc.knows("42")
    assert not table.clang.knows("42")
    assert table.gcc.standards == read_tables().compilers.gcc.standards


@pytest.mark.parametrize(
    ("fields", "path", "expected"),
    [
        (f"standard: 26, {GCC}", "build.standard", "gcc 14 or later, or C++23"),
        ("standard: 23, compiler: {name: clang, version: 12}", "build.standard", "clang 13 or later, or C++20"),
        ("compiler: {name: gcc, version: 10}", "build.compiler.version", "gcc 11 or later, or a CPU by its name"),
        (
            "compiler: {name: clang, version: 11}, march: {linux/amd64: x86-64-v4}",
            "build.march.linux/amd64",
            "clang 12 or later",
        ),
    ],
)
def test_a_compiler_knows_what_it_is_asked_for(bench: Bench, fields: str, path: str, expected: str) -> None:
    """The standard of C++ and the CPU."""
    assert bench.only(f"build: {{{fields}}}", path).expected.startswith(expected)


def test_an_older_compiler_takes_a_cpu_by_its_name(bench: Bench) -> None:
    """The levels of x86-64 alone are young; arm64 has none."""
    old = "compiler: {name: gcc, version: 10}"
    assert bench.problems(f"build: {{{old}, march: {{linux/amd64: haswell}}}}") == ()
    assert bench.problems(f"build: {{{old}, platforms: [linux/arm64]}}") == ()


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ("march: {linux/amd64: native}", "march.linux/amd64", "the machine that builds"),
        ("march: {linux/amd64: neoverse-n1}", "march.linux/amd64", "no such CPU"),
        ("march: {linux/amd64: x86-64-v5}", "march.linux/amd64", "no such CPU"),
        ("platforms: [linux/arm64], march: {linux/arm64: icelake}", "march.linux/arm64", "no such CPU"),
        ("march: {linux/arm64: neoverse-v1}", "march.linux/arm64", "no image is made"),
        ("presets: [debug]", "presets", "release is missing"),
        ("presets: [release, lto, lto]", "presets[2]", "named twice"),
        ("packages: conan, requires: {a_b: 1.0, a-b: 2.0}", "requires.a-b", "required twice: also as a_b 1.0"),
        ("packages: conan, requires: {a.b: 1.0, a-b: 1.0}", "requires.a-b", "required twice: also as a.b 1.0"),
        ("packages: vcpkg, requires: {nlohmann_json: 3.11.3}", "requires.nlohmann_json", "no package of vcpkg's"),
        ("packages: vcpkg, requires: {core: 1}", "requires.core", "no package of vcpkg's"),
        ("packages: conan, requires: {x: 1.0}", "requires.x", "no package of conan's"),
        ("packages: conan, requires: {fmt: 7}", "requires.fmt", "no package of conan's"),
        ("packages: conan, requires: {fmt: 1.0-RC}", "requires.fmt", "no package of conan's"),
    ],
)
def test_a_build_contradicts_itself(bench: Bench, fields: str, path: str, words: str) -> None:
    """Each at its own place."""
    assert words in bench.only(f"build: {{{GCC}, {fields}}}", f"build.{path}").message


def service(name: str, requires: str, more: str = "") -> str:
    """A service that needs packages."""
    return f"{name}: {{image: example.com/{name}, build: {{{more}requires: {{{requires}}}}}}}"


@pytest.mark.parametrize(
    ("build", "services", "path", "words"),
    [
        (
            "requires: {fmt: 11.0.2}",
            [("web", "fmt: 10.2.1")],
            "services.web.build.requires.fmt",
            "build.requires asks for fmt 11.0.2",
        ),
        (
            "",
            [("a", "fmt: 11.0.2"), ("b", "fmt: 10.2.1")],
            "services.b.build.requires.fmt",
            "service a asks for fmt 11.0.2",
        ),
        ("", [("a", "c_d: 1.0"), ("b", "c-d: 1.0")], "services.b.build.requires.c-d", "service a asks for c_d 1.0"),
    ],
)
def test_services_share_their_packages(
    bench: Bench, build: str, services: list[tuple[str, str]], path: str, words: str
) -> None:
    """One version for all, since they are one CMake project."""
    wanted = ", ".join(service(*each) for each in services)
    text = f"build: {{{GCC}, packages: conan, {build}}}\nservices: {{{wanted}}}"
    assert words in bench.only(text, path).message


def test_the_same_package_may_be_required_by_several(bench: Bench) -> None:
    """At the same version, spelt alike."""
    both = ", ".join(service(name, "fmt: 11.0.2") for name in ("a", "b"))
    assert bench.problems(f"build: {{{GCC}, packages: vcpkg, requires: {{fmt: 11.0.2}}}}\nservices: {{{both}}}") == ()


def test_packages_of_services_need_a_manager_that_knows_them(bench: Bench) -> None:
    """As those of the build; another language has its own."""
    text = f"build: {{{GCC}}}\nservices: {{{service('a', 'fmt: 1')}}}"
    assert "package manager" in bench.only(text, "services.a.build.requires.fmt").message
    text = f"build: {{{GCC}, packages: conan}}\nservices: {{{service('a', 'fmt: 1')}}}"
    assert "conan" in bench.only(text, "services.a.build.requires.fmt").message
    text = f"build: {{{GCC}, packages: vcpkg}}\nservices: {{{service('a', 'c_d: 1')}}}"
    assert "vcpkg" in bench.only(text, "services.a.build.requires.c_d").message
    text = f"services: {{{service('a', 'fmt: 1', 'language: go, ')}}}"
    assert "of its own" in bench.only(text, "services.a.build.requires").message


def test_what_is_built_runs_where_it_is_sent(bench: Bench) -> None:
    """An image for amd64 does not start on arm64; somebody else's image is not ours to judge."""
    path = "clusters.one.pools.general.machine"
    assert "not built for linux/arm64" in bench.only(f"{CI}\nbuild: {{{GCC}}}\n{ARM}", path).message
    assert bench.problems(f"{CI}\nbuild: {{{GCC}, platforms: [linux/amd64, linux/arm64]}}\n{ARM}") == ()
    assert bench.problems(f"{CI.replace('example', 'other')}\nbuild: {{{GCC}}}\n{ARM}") == ()
    assert bench.problems(f"build: {{{GCC}}}\n{ARM}") == ()
    assert bench.problems(f"{CI}\nbuild: {{{GCC}}}\n{ARM}\nservices: {{web: {{build: {{enabled: false}}}}}}") == ()
