"""Releases that nobody watches: they end before the next freeze begins."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.pace import Pace, find_pace
from hftgen.spec.release import BlueGreen, Canary
from hftgen.spec.rules.scope import Path, Run, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units.duration import write_seconds

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


WORDS = {
    "ready": "until pods are ready or it is given up",
    "restarted": "until a pod has stopped and its successor is ready",
    "pause": "of pause",
    "analysis": "of analysis",
}


def end_before_freezes(loaded: "Loaded") -> Iterator[Violation]:
    """The worst case of a release without a person is shorter than the margin before the freezes that apply to it.

    A release that a sync starts just before a freeze goes on inside it: a freeze stops syncs, never the Rollouts
    controller. A standby is looked at too, for after a failover it is what serves.
    """
    told = set()
    for run in list_runs(loaded):
        margin, pace, path = find_margin(run), find_pace(loaded.environment, run.service), _find_path(run)
        if margin is None or pace.seconds < margin[0] or not pace.parts or path in told:
            continue
        told.add(path)
        before, place = margin
        yield Violation(
            path,
            f"on cluster {run.cluster} a release that nobody watches may take {write_seconds(pace.seconds)} "
            f"({_explain(pace)}), and would go on inside the freeze",
            write_seconds(pace.seconds),
            f"less than {write_seconds(before)}, which {place} leaves before a session",
            _advise(run, pace, place),
        )


def find_margin(run: Run) -> tuple[int, str] | None:
    """Seconds between the last sync and a session, and the field that says so; None where no field does.

    A freeze that says nothing of a margin is a finding (check/delivery.py): it promises none.
    """
    shared, own = run.loaded.environment.gitops.freeze, run.service.freeze
    if shared is None or not is_frozen(run):
        return None
    if own is not None and own.before is not None:
        return own.before.seconds, f"services.{run.name}.freeze.before"
    return (shared.before.seconds, "gitops.freeze.before") if "before" in shared.model_fields_set else None


def is_frozen(run: Run) -> bool:
    """Whether some calendar freezes the service."""
    shared, own = run.loaded.environment.gitops.freeze, run.service.freeze
    return shared is not None and bool(shared.calendars if own is None else own.calendars)


def _find_path(run: Run) -> Path:
    """The release, or the service where it says nothing of it."""
    said = "release" in run.service.model_fields_set
    return run.path("release") if said else ("services", run.name)


def _explain(pace: Pace) -> str:
    """`3 times 10m until pods are ready, 2 times 5m of pause`."""
    return ", ".join(
        f"{f'{count} times ' if count > 1 else ''}{write_seconds(seconds)} {WORDS[wait]}"
        for (seconds, wait), count in Counter(pace.parts).items()
    )


def _advise(run: Run, pace: Pace, place: str) -> str:
    release = run.service.release
    longer = f"{place} above {write_seconds(pace.seconds)}"
    if isinstance(release, Canary):
        return f"fewer steps, shorter pauses, pause: manual where a person then decides, or {longer}"
    if isinstance(release, BlueGreen):
        return f"autoPromote: false, so that a person switches, or {longer}"
    if run.service.workload == "stateful":
        return f"release.partition, which releases the ordinals above it first, or {longer}"
    return f"a larger release.maxSurge, or {longer}"
