"""Which Applications freeze by what, the sync windows of their AppProject, and what these freeze beyond need."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from hftgen.calendars import Calendars, Schedule
from hftgen.errors import InputError
from hftgen.facts.excess import count_idle, leave_nothing, measure_excess
from hftgen.facts.freeze import Frozen, Margin, freeze
from hftgen.facts.windows import Window
from hftgen.spec.load import Loaded
from hftgen.spec.problems import list_violations
from hftgen.spec.rules.freeze import list_calendars
from hftgen.spec.rules.scope import Path, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.section import Section
from hftgen.spec.units import Duration


class Cause(NamedTuple):
    """What freezes: a calendar, and how long before and after its sessions."""

    calendar: str
    before: str
    after: str

    @property
    def margin(self) -> Margin:
        """Before and after, as spans of time."""
        return Margin(*(timedelta(seconds=Duration.parse(span).seconds) for span in (self.before, self.after)))


class Freezes:
    """The freezes of one environment, each computed once.

    `said` is `gitops.freeze`, empty where there is none; `names` are all calendars that anything freezes by.
    """

    def __init__(self, said: Mapping[str, Any], names: Iterable[str], calendars: Calendars) -> None:
        self._said = said
        self._frozen: dict[Cause, Frozen | None] = {}
        self._endless: dict[tuple[Cause, ...], bool] = {}
        self._excess: dict[tuple[Cause, ...], dict[str, Any]] = {}
        self._schedules: dict[str, Schedule] = {}
        if "horizon" in said:
            start, end = (date.fromisoformat(said["horizon"][key]) for key in ("start", "end"))
            self._schedules = calendars.schedules(names, start, end)

    def list_causes(self, own: Mapping[str, Any] | None) -> tuple[Cause, ...]:
        """What freezes a part by its own freeze, else by the environment's, in order."""
        whole = {"calendars": (), **self._said, **(own or {})}
        return tuple(sorted(Cause(name, whole["before"], whole["after"]) for name in whole["calendars"]))

    def is_endless(self, causes: tuple[Cause, ...]) -> bool:
        """Whether some causes together leave no time to sync."""
        if causes not in self._endless:
            known = self.compute(causes)
            self._endless[causes] = bool(known) and leave_nothing(known)
        return self._endless[causes]

    def compute(self, causes: Iterable[Cause]) -> list[Frozen]:
        """What freezes by each cause; a calendar without a session does not."""
        return [frozen for cause in causes if (frozen := self._compute(cause))]

    def derive_windows(self, members: Mapping[str, tuple[Cause, ...]]) -> list[dict[str, Any]]:
        """The deny windows of an AppProject, given what freezes each of its Applications.

        Windows of several calendars that are one and the same are one: Argo CD refuses a project that has two.
        """
        named: dict[Cause, list[str]] = defaultdict(list)
        for application, causes in members.items():
            for cause in causes:
                named[cause].append(application)
        same: dict[tuple[Window, Margin], list[Cause]] = defaultdict(list)
        for cause in sorted(named):
            for window in self._list_windows(cause):
                same[window, cause.margin].append(cause)
        return [
            {
                "kind": "deny",
                "schedule": window.schedule,
                "duration": window.duration,
                "timeZone": window.zone,
                "manualSync": self._said["manualSync"],
                "applications": [each for each in members if any(each in named[cause] for cause in causes)],
                "description": _describe(window, causes),
            }
            for (window, _), causes in same.items()
        ]

    def derive_excess(self, members: Mapping[str, tuple[Cause, ...]]) -> list[dict[str, Any]]:
        """For each set of causes: its `applications`, and what its windows freeze beyond need.

        `free`, `frozen` and `weekly` are whole hours, `percent` is a text (excess.Excess); `calendars.<name>` is
        excess.Idle.
        """
        groups: dict[tuple[Cause, ...], list[str]] = defaultdict(list)
        for application, causes in members.items():
            groups[causes].append(application)
        return [
            {"applications": names, **self._describe_excess(causes)}
            for causes, names in sorted(groups.items())
            if self.compute(causes)
        ]

    def _list_windows(self, cause: Cause) -> tuple[Window, ...]:
        frozen = self._compute(cause)
        return frozen.windows if frozen else ()

    def _compute(self, cause: Cause) -> Frozen | None:
        if cause not in self._frozen:
            self._frozen[cause] = freeze(self._schedules[cause.calendar], cause.margin)
        return self._frozen[cause]

    def _describe_excess(self, causes: tuple[Cause, ...]) -> dict[str, Any]:
        """The same for all clusters, and worth computing once."""
        if causes not in self._excess:
            self._excess[causes] = self._measure(causes)
        return self._excess[causes]

    def _measure(self, causes: tuple[Cause, ...]) -> dict[str, Any]:
        excess = measure_excess(self.compute(causes))
        return {
            "free": excess.free // 60,
            "frozen": -(-excess.frozen // 60),
            "percent": f"{excess.share:.1f}",
            "weekly": int(excess.weekly),
            "calendars": {
                cause.calendar: count_idle(frozen)._asdict() for cause in causes if (frozen := self._compute(cause))
            },
        }


def _describe(window: Window, causes: Iterable[Cause]) -> str:
    """What a reader of the AppProject should know of a window, in 255 characters."""
    causes = list(causes)
    names = [cause.calendar for cause in causes]
    margins = f"{causes[0].before} before to {causes[0].after} after"
    if window.weekdays:
        return f"{' and '.join(names)} trade{'' if names[1:] else 's'}: {margins}; holidays and early closes too"
    return f"{' and '.join(names)}: sessions out of the ordinary, {margins}; recurs every year"


def compute_freezes(loaded: Loaded, calendars: Calendars) -> Freezes:
    """The freezes of an environment; InputError where one never ends."""
    said = loaded.environment.gitops.freeze
    freezes = Freezes(_dump(said) if said else {}, list_calendars(loaded), calendars)
    _refuse_endless(loaded, freezes)
    return freezes


def _dump(section: Section) -> dict[str, Any]:
    return section.model_dump(mode="json", exclude_none=True)


def _refuse_endless(loaded: Loaded, freezes: Freezes) -> None:
    """InputError where a freeze leaves no time at all to sync, though each of its calendars closes."""
    said = [((), None), *((run.path("freeze"), run.service.freeze) for run in list_runs(loaded) if run.service.freeze)]
    violations = []
    for path, own in said:
        causes = freezes.list_causes(_dump(own) if own else None)
        if freezes.is_endless(causes):
            violations.append(_refuse(path or ("gitops", "freeze"), causes))
    if violations:
        raise InputError(list_violations(violations, loaded.node))


def _refuse(path: Path, causes: Sequence[Cause]) -> Violation:
    names = ", ".join(cause.calendar for cause in causes)
    return Violation(
        path,
        "leaves no time to sync: with its margins each session begins before the last one ends",
        f"{causes[0].before} before and {causes[0].after} after the sessions of {names}",
        "some time each week in which nothing is frozen",
        "shorten `before` and `after`, or freeze by fewer calendars",
    )
