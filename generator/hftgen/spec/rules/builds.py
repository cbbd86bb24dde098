"""The build: its compiler exists and knows what is asked of it, and what it makes runs where it is sent."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.build import BASELINES, LEVELS, ONE_VERSION, Build, expect_package, spell_package
from hftgen.spec.compiler_table import CompilerEntry
from hftgen.spec.rules.scope import Path, Run, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

AMD64 = "linux/amd64"


def know_compilers(loaded: "Loaded") -> Iterator[Violation]:
    """The build's compiler has a version that the compiler table knows."""
    build = loaded.environment.build
    if build is None:
        return
    name, entry = build.compiler.name, loaded.tables.compilers.find(build.compiler.name)
    if not entry.knows(build.compiler.major):
        yield Violation(
            ("build", "compiler", "version"),
            f"nobody knows this version of {name}",
            visible(build.compiler.version),
            f"{entry.first} to {entry.last}",
            f"for a newer one add to data/compilers.yaml beside the specs folder: `{name}: {{last: <version>}}`",
        )


def speak_the_standard(loaded: "Loaded") -> Iterator[Violation]:
    """The build's compiler knows its standard of C++, and the CPUs that it compiles for."""
    build = loaded.environment.build
    if build is None:
        return
    entry = loaded.tables.compilers.find(build.compiler.name)
    if not entry.knows(build.compiler.major):
        return
    name, version = build.compiler.name, int(build.compiler.major)
    since = entry.since(build.standard)
    if version < since:
        expected = f"{name} {since} or later, or C++{_find_standard(entry, version)}"
        yield Violation(
            ("build", "standard"), f"{name} {version} does not know C++{build.standard}", str(build.standard), expected
        )
    for cpu, path in _list_levels(build) if version < entry.levels else ():
        expected = f"{name} {entry.levels} or later, or a CPU by its name, such as haswell"
        yield Violation(path, f"{name} {version} does not know {cpu}", cpu, expected)


def require_one_version(loaded: "Loaded") -> Iterator[Violation]:
    """What services require needs a package manager, and is at one version in all of them, however it is spelt."""
    build = loaded.environment.build
    if build is None:
        return
    first: dict[str, tuple[str, str, str]] = {}
    for name, version in build.requires.items():
        first[spell_package(name)] = ("build.requires", name, version)
    for service, said in sorted(loaded.environment.services.items()):
        for name, version in said.build.requires.items() if said.build else ():
            path = ("services", service, "build", "requires", name)
            place, other, before = first.setdefault(spell_package(name), (f"service {service}", name, version))
            if build.packages == "none":
                yield Violation(path, "needs a package manager", name, "build: {packages: conan or vcpkg}")
            elif (other, before) != (name, version):
                message = f"is required twice: {place} asks for {other} {before}"
                yield Violation(path, message, f"{name} {version}", "one of the two", ONE_VERSION)
            elif expected := expect_package(build.packages, name, version):
                yield Violation(path, f"is no package of {build.packages}'s", f"{name} {version}", expected)


def build_for_the_pools(loaded: "Loaded") -> Iterator[Violation]:
    """A service whose image the pipelines build runs on machines of a platform that it is built for."""
    told: set[Path] = set()
    for run in list_runs(loaded):
        arch = _find_foreign(run)
        path = ("clusters", run.cluster, "pools", run.pool_name or "", "machine")
        if arch and run.pool and path not in told:
            told.add(path)
            yield Violation(
                path,
                f"{run.name} runs here, and is not built for linux/{arch}",
                visible(run.pool.machine),
                f"linux/{arch} among build.platforms, or a machine of another kind",
            )


def _find_foreign(run: Run) -> str:
    """The architecture of the service's machines, where the pipelines build its image without it; else empty."""
    environment = run.loaded.environment
    registry = environment.ci.registry if environment.ci else None
    machine = run.loaded.tables.machines.get(run.pool.machine) if run.pool else None
    if machine is None or environment.build is None or registry is None:
        return ""
    built = run.service.image.startswith(f"{registry}/") and (run.service.build is None or run.service.build.enabled)
    return machine.arch if built and f"linux/{machine.arch}" not in environment.build.platforms else ""


def _find_standard(entry: CompilerEntry, version: int) -> int:
    """The newest standard that a version knows."""
    return max(number for number in (17, 20, 23, 26) if entry.since(number) <= version)


def _list_levels(build: Build) -> Iterator[tuple[str, Path]]:
    """The level of x86-64 that it compiles for, if it is one, and the field that says so."""
    said = {str(platform): str(cpu) for platform, cpu in build.march.items()}.get(AMD64)
    cpu = said or BASELINES["linux/amd64"]
    if AMD64 in build.platforms and cpu in LEVELS[1:]:
        yield cpu, ("build", "march", AMD64) if said else ("build", "compiler", "version")
