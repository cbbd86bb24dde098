"""Freezes: calendars that exist, days they can compute, margins that somebody says."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from hftgen.spec.nearest import nearest_name
from hftgen.spec.release import Analysis, BlueGreen, Canary
from hftgen.spec.rules.scope import Path, Run, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import Seconds
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
MOST_YEARS = 10
ALWAYS = "24/7"
WEEK = 7 * 24 * 3600


def freeze_something(loaded: "Loaded") -> Iterator[Violation]:
    """A freeze that lets manual syncs pass freezes nothing where every sync is manual, as in production by default."""
    gitops = loaded.environment.gitops
    manual = gitops.autoSync is None and loaded.environment.tier == "production"
    if manual and gitops.freeze is not None and gitops.freeze.manualSync:
        yield Violation(
            ("gitops", "freeze", "manualSync"),
            "freezes nothing: in production every sync is manual unless autoSync says otherwise",
            "true",
            "manualSync: false",
            "leave it out, or let Argo CD sync by itself",
        )


def name_known_calendars(loaded: "Loaded") -> Iterator[Violation]:
    """A freeze's calendars are calendars of exchange_calendars."""
    known = loaded.tables.calendars
    for path, name in list_named(loaded):
        if name not in known:
            near = loaded.tables.mistaken.get(name.upper()) or nearest_name(name, known)
            hint = f"did you mean {near}?" if near else ""
            yield Violation(
                path, "exchange_calendars has no such calendar", visible(name), "a name such as XNYS or CMES", hint
            )


def list_named(loaded: "Loaded") -> Iterator[tuple[Path, str]]:
    """Each calendar that is named, with its path."""
    freeze = loaded.environment.gitops.freeze
    for index, name in enumerate(freeze.calendars if freeze else ()):
        yield ("gitops", "freeze", "calendars", index), name
    for run in list_runs(loaded):
        for index, name in enumerate(run.service.freeze.calendars if run.service.freeze else ()):
            yield run.path("freeze", "calendars", index), name


def list_calendars(loaded: "Loaded") -> list[str]:
    """All calendars that anything freezes by, once."""
    return sorted({name for _, name in list_named(loaded)})


def leave_time_to_sync(loaded: "Loaded") -> Iterator[Violation]:
    """A freeze ends: its calendars close, and its margins are shorter together than the week in which it recurs."""
    for path, name in list_named(loaded):
        if name == ALWAYS:
            yield Violation(
                path,
                "never closes: nothing could be synced again, not even a rollback",
                name,
                "calendars that close",
                "freeze by the hours that matter, or not at all (none)",
            )
    for path, names, before, after in _list_freezes(loaded):
        if names and before.seconds + after.seconds >= WEEK:
            yield Violation(
                path,
                "never ends: before the margin of one session is over, that of the next has begun",
                f"before: {before}, after: {after}",
                "less than 168h together",
            )


def _list_freezes(loaded: "Loaded") -> Iterator[tuple[Path, tuple[str, ...], Seconds, Seconds]]:
    """Each freeze that is said, with its calendars and margins; what a service leaves out is the environment's."""
    whole = loaded.environment.gitops.freeze
    if whole is None:
        return
    yield ("gitops", "freeze"), whole.calendars, whole.before, whole.after
    for run in list_runs(loaded):
        own = run.service.freeze
        if own is not None:
            yield run.path("freeze"), own.calendars, own.before or whole.before, own.after or whole.after


def let_analyses_see_data(loaded: "Loaded") -> Iterator[Violation]:
    """An analysis that fails without data runs while there is some: not in a release that no session may see."""
    whole = loaded.environment.gitops.freeze
    if whole is None or whole.manualSync:
        return
    for run in list_runs(loaded):
        names = (run.service.freeze or whole).calendars
        for path, analysis in _list_unattended(loaded, run) if names and run.site.role == "primary" else ():
            if analysis.enabled and analysis.noData == "fail":
                yield Violation(
                    run.path("release", "analysis", *path, "noData"),
                    f"fails every release: nothing is released in sessions of {', '.join(names)}, "
                    "and a closed market has no data",
                    "fail",
                    "pause or pass",
                    "or gitops.freeze.manualSync: true, so that a person may release in a session",
                )


def _list_unattended(loaded: "Loaded", run: Run) -> Iterator[tuple[Path, Analysis]]:
    """The analyses that begin with the release; the one after a switch by hand begins when a person decides so."""
    release = run.service.release
    if isinstance(release, Canary) and release.analysis is not None:
        yield (), release.analysis
    if not isinstance(release, BlueGreen) or release.analysis is None:
        return
    if release.analysis.pre is not None:
        yield ("pre",), release.analysis.pre
    automatic = loaded.environment.tier != "production" if release.autoPromote is None else release.autoPromote
    if release.analysis.post is not None and automatic:
        yield ("post",), release.analysis.post


def say_a_horizon(loaded: "Loaded") -> Iterator[Violation]:
    """Where calendars are named, gitops.freeze has a horizon: without one the outputs would depend on today."""
    freeze = loaded.environment.gitops.freeze
    if freeze is not None and freeze.horizon is not None:
        return
    for path, name in list(list_named(loaded))[:1]:
        yield Violation(
            path[:-2] if freeze is None else ("gitops", "freeze"),
            f"the sessions of {visible(name)} are needed, and no horizon says for which days",
            "no horizon" if freeze else "no gitops.freeze",
            "gitops.freeze.horizon: {start: <date>, end: <date>}",
            "" if freeze else "gitops.freeze holds margins and horizon for all services; its own calendars may be []",
        )


def stay_within_calendars(loaded: "Loaded") -> Iterator[Violation]:
    """A freeze's horizon lies within the days that its calendars can compute, and is ten years at most."""
    freeze = loaded.environment.gitops.freeze
    if freeze is None or freeze.horizon is None:
        return
    path: Path = ("gitops", "freeze", "horizon")
    start, end = freeze.horizon.start.date, freeze.horizon.end.date
    if (end - start).days > MOST_YEARS * 366:
        yield Violation(
            (*path, "end"), "the horizon is too long: nobody knows holidays so far ahead", str(end),
            f"{MOST_YEARS} years at most after {start}",
        )  # fmt: skip
    for name in sorted({name for _, name in list_named(loaded)} & set(loaded.tables.calendars)):
        bounds = loaded.tables.calendars[name]
        first, last = bounds.first or FIRST, bounds.last or LAST
        if start < first:
            yield Violation((*path, "start"), f"calendar {name} begins later", str(start), f"{first} or later")
        if end > last:
            yield Violation(
                (*path, "end"), f"calendar {name} ends before: its exchange has published no holidays beyond", str(end),
                f"{last} or earlier",
            )  # fmt: skip
