"""Analysis of releases: it can measure what is promised, and it can fail a release before it ends."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.objectives import ERRORS, LATENCY, count_in_unit, find_metrics, write_number
from hftgen.spec.pace import MANUAL, find_analysis, find_measuring
from hftgen.spec.release import Analysis, BlueGreen, Canary
from hftgen.spec.rules.scope import Path, Run, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units.duration import write_seconds

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

WITHOUT = "or analysis: none"

# A pod's name is <service>-<hash>-<5 characters>, cut at 58 before the five; a hash has up to 10.
LONGEST_MEASURED = 46


class Gauge(NamedTuple):
    """An analysis that is on: where it stands below the service, and whether the spec says it."""

    path: Path
    analysis: Analysis
    said: bool


def list_gauges(run: Run) -> Iterator[Gauge]:
    """The analyses of a service's release."""
    release = run.service.release
    if isinstance(release, Canary):
        analysis = find_analysis(run.loaded.environment, run.service)
        if analysis is not None:
            said = release.analysis is not None
            yield Gauge(("release", "analysis") if said else ("release",), analysis, said)
    elif isinstance(release, BlueGreen) and release.analysis is not None:
        gates = {"pre": release.analysis.pre, "post": release.analysis.post}
        for stage, gate in gates.items():
            if gate is not None and gate.enabled:
                yield Gauge(("release", "analysis", stage), gate, said=True)


def measure_something(loaded: "Loaded") -> Iterator[Violation]:
    """An analysis has something to measure, and a Prometheus to ask."""
    observability = loaded.environment.observability
    for run in list_runs(loaded):
        for path, analysis, _ in list_gauges(run):
            if observability is None or observability.prometheus is None:
                yield Violation(
                    run.path(*path),
                    "the analysis of a release asks Prometheus, and nothing says where it answers",
                    "no observability.prometheus",
                    "observability.prometheus.address",
                    WITHOUT,
                )
            elif run.service.slo is None and not analysis.metrics:
                yield Violation(
                    run.path(*path),
                    "measures nothing",
                    "neither slo nor metrics of its own",
                    "slo, or metrics",
                    WITHOUT,
                )


def export_what_is_promised(loaded: "Loaded") -> Iterator[Violation]:
    """What `slo` promises and an analysis measures is exported, by a histogram with a bucket edge at the promise."""
    for run in list_runs(loaded):
        slo = run.service.slo
        if slo is None or not any(list_gauges(run)):
            continue
        metrics = find_metrics(loaded.environment, run.service)
        if slo.errors is not None and metrics.requests is None:
            yield _miss(run, "errors", "requests", "{counter, errors}")
        if slo.latencyP99 is not None and metrics.latency is None:
            yield _miss(run, "latencyP99", "latency", "{histogram, buckets}")
        elif slo.latencyP99 is not None and metrics.latency is not None:
            wanted = count_in_unit(slo.latencyP99, metrics.latency)
            edges = metrics.latency.buckets
            if wanted not in map(_exact, edges):
                yield Violation(
                    run.path("slo", "latencyP99"),
                    f"the histogram {metrics.latency.histogram} has no bucket edge there, so that Prometheus could "
                    "only guess whether it is kept",
                    f"{slo.latencyP99}, in {metrics.latency.unit} {write_number(wanted)}",
                    f"an edge of its buckets: {', '.join(write_number(_exact(edge)) for edge in edges)}",
                    f"or let the service count up to {write_number(wanted)} too, and add it to the buckets",
                )


def _exact(edge: float) -> Decimal:
    return Decimal(repr(edge))


def _miss(run: Run, promise: str, metric: str, shape: str) -> Violation:
    silent = run.service.metrics is not None and not run.service.metrics.enabled
    return Violation(
        run.path("slo", promise),
        "a release is judged by it, and the service exports nothing that it could be measured by",
        "metrics: none" if silent else f"no metrics.{metric}",
        f"metrics.{metric}: {shape}, of the service or in observability",
        WITHOUT,
    )


def name_measurements_once(loaded: "Loaded") -> Iterator[Violation]:
    """A measurement of one's own has another name than those of `slo`: Rollouts refuses two of one name."""
    for run in list_runs(loaded):
        slo = run.service.slo
        taken = {ERRORS: slo and slo.errors, LATENCY: slo and slo.latencyP99}
        for path, analysis, _ in list_gauges(run):
            for index, metric in enumerate(analysis.metrics):
                if taken.get(str(metric.name)):
                    yield Violation(
                        run.path(*path, "metrics", index, "name"),
                        "slo is measured under this name already",
                        str(metric.name),
                        "another name",
                    )


def find_new_pods(loaded: "Loaded") -> Iterator[Violation]:
    """Where new pods are measured by the hash in their names, Kubernetes does not cut it off."""
    for run in list_runs(loaded):
        if len(run.name) > LONGEST_MEASURED and any(list_gauges(run)):
            yield Violation(
                ("services", run.name),
                "its release is measured by the names of its new pods, which Kubernetes cuts at 58 characters before "
                "it adds its own, and the hash of the new version goes with it",
                f"{len(run.name)} characters",
                f"a name of at most {LONGEST_MEASURED}",
                WITHOUT,
            )


def leave_time_to_fail(loaded: "Loaded") -> Iterator[Violation]:
    """A canary's pauses are long enough for the measurement that fails it, or a person goes on."""
    for run in list_runs(loaded):
        release = run.service.release
        if not isinstance(release, Canary) or any(step.pause == MANUAL for step in release.steps):
            continue
        pauses = sum(step.pause.seconds for step in release.steps if step.pause is not None)
        for path, analysis, _ in list_gauges(run):
            measuring = find_measuring(loaded.environment, analysis, finite=False)
            needed = measuring.until_failure
            if pauses < needed and (run.service.slo is not None or analysis.metrics):
                yield Violation(
                    run.path(*path),
                    "the release is over before its analysis can fail it: the first measurement comes after "
                    f"{write_seconds(measuring.delay)}, then one each {write_seconds(measuring.interval)}, and "
                    f"{measuring.failures} failures are tolerated",
                    f"pauses of {write_seconds(pauses)} together",
                    f"{write_seconds(needed)} or more, or pause: manual",
                    f"or a shorter interval, fewer failures, {WITHOUT.removeprefix('or ')}",
                )
