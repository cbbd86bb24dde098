"""Jobs that say whether a change is good: style, build, tests, sanitizers, benchmarks, what is known to be unsafe."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hftgen.facts.pipelines.job import Event, Job, Run

SCRIPTS = "ci/scripts"
CHECKED: tuple[Event, ...] = ("merge", "main")


def list_checks(build: Mapping[str, Any] | None, threshold: str) -> Iterator[Job]:
    """The jobs before anything is published. `build` is the context's section, None where nothing is compiled here.

    `threshold`: how much slower a benchmark may be, in percent.
    """
    if build is not None:
        presets = [preset for preset in build["matrix"] if preset["image"]]
        yield from _list_style(presets)
        yield from _list_builds(presets)
        yield from _list_benchmarks(presets, threshold)
        yield _make_sast()
    yield Job(
        "dependencies",
        "security",
        "Known vulnerabilities of what is linked in, secrets, misconfigurations. At night too: they need no commit.",
        (*CHECKED, "nightly"),
        (f"sh {SCRIPTS}/scan.sh sources",),
        20,
        "tools",
        keeps=("reports/sources.cdx.json",),
        sboms=("reports/sources.cdx.json",),
    )


def _make_sast() -> Job:
    return Job(
        "sast",
        "security",
        "Calls that are known to be dangerous; what compilers and clang-tidy find stands in their own jobs.",
        CHECKED,
        (f"bash {SCRIPTS}/sast.sh",),
        15,
        keeps=("reports/sast.sarif",),
        sarif="reports/sast.sarif",
    )


def _list_style(presets: Sequence[Mapping[str, Any]]) -> Iterator[Job]:
    yield Job(
        "format",
        "quality",
        "The cheapest question first: is it written as all else is?",
        CHECKED,
        (f"bash {SCRIPTS}/format.sh",),
        10,
    )
    for preset in _pick(presets, {"debug"})[:1]:
        yield Job(
            "tidy",
            "quality",
            "clang-tidy, its analyzer included; a finding is an error, or nobody reads them.",
            CHECKED,
            (f"bash {SCRIPTS}/tidy.sh",),
            60,
            runner=preset["image"],
            variables=_tell(preset),
            caches=True,
        )


def _list_builds(presets: Sequence[Mapping[str, Any]]) -> Iterator[Job]:
    plain = [preset for preset in presets if not preset["sanitizer"] and not preset["benchmarks"]]
    watched = [preset for preset in presets if preset["sanitizer"]]
    if plain:
        runs = tuple(_make_run(preset) for preset in plain)
        yield _make_build(runs)
        yield _make_test(runs)
    if watched:
        # A sanitizer finds the same on every platform; one is enough.
        yield _make_sanitize(tuple(_make_run(preset) for preset in watched if preset["image"] == watched[0]["image"]))


def _make_build(runs: tuple[Run, ...]) -> Job:
    return Job(
        "build",
        "build",
        "Every preset that ships or debugs, on machines of its own platform: nothing is emulated.",
        CHECKED,
        (f"bash {SCRIPTS}/build.sh",),
        60,
        runs=runs,
        keeps=("build/$PRESET/",),
        days=1,
        caches=True,
    )


def _make_test(runs: tuple[Run, ...]) -> Job:
    return Job(
        "test",
        "test",
        "Unit tests of each preset, with what the build left.",
        CHECKED,
        (f"bash {SCRIPTS}/test.sh",),
        30,
        runs=runs,
        needs=("build",),
        paired="build",
        keeps=("reports/",),
        junit=("reports/*.xml",),
    )


def _make_sanitize(runs: tuple[Run, ...]) -> Job:
    return Job(
        "sanitize",
        "test",
        "The same tests, watched: memory, undefined behaviour, data races. Built and run at once: nothing is kept.",
        CHECKED,
        (f"bash {SCRIPTS}/build.sh", f"bash {SCRIPTS}/test.sh"),
        90,
        runs=runs,
        keeps=("reports/",),
        junit=("reports/*.xml",),
        caches=True,
    )


def _list_benchmarks(presets: Sequence[Mapping[str, Any]], threshold: str) -> Iterator[Job]:
    for preset in [preset for preset in presets if preset["benchmarks"]][:1]:
        yield Job(
            "benchmark",
            "test",
            "Latency is a feature: slower than the default branch is a failing test. A quiet machine, one at a time. "
            "At night too: the default branch's last good pipeline has to hold a result, or nothing is compared.",
            (*CHECKED, "nightly"),
            (f"bash {SCRIPTS}/bench.sh",),
            60,
            runner="benchmark",
            variables=_tell(preset) | {"THRESHOLD": threshold, "BASELINE": "baseline.json"},
            keeps=("reports/benchmark.json",),
            days=90,
            baseline="reports/benchmark.json",
            caches=True,
            exclusive="benchmark",
        )


def _pick(presets: Sequence[Mapping[str, Any]], variants: set[str]) -> list[Mapping[str, Any]]:
    return [preset for preset in presets if preset["variant"] in variants]


def _make_run(preset: Mapping[str, Any]) -> Run:
    return Run(preset["preset"], preset["image"], _tell(preset))


def _tell(preset: Mapping[str, Any]) -> dict[str, str]:
    return {"PRESET": preset["preset"]}
