"""When a cloud may change machines under a cluster: hours of the week that no freeze needs, in UTC as clouds want it.

A cloud's window knows neither time zones nor holidays. So a minute of the week counts as taken if any freeze of the
cluster denies it in summer or in winter, and the window lies in what is left, early, so that there is time to mend
before the next session. Sessions out of the ordinary that would fall into it are excluded by date.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hftgen.calendars import EPOCH, load_zone
from hftgen.facts.clock import DAY, Clock
from hftgen.facts.freeze import WEEK, Frozen
from hftgen.facts.freezes import Freezes
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.spans import Span, clip, find_hull, subtract, unite
from hftgen.facts.windows import find_weekday, list_denied

HOUR = 60
YEAR = 366 * DAY

# GKE counts stretches of at least 4 hours and wants 48 hours of them in 32 days: 12 a week. AKS takes 4 to 24 at once.
LEAST, LONGEST, WEEKLY = 4, 24, 12

# Hours between the end of a window and the next session, where there are that many.
REST = 4

# GKE takes 20 exclusions, of which three may exclude patches too ("Maintenance windows and exclusions", limitations).
MOST = 3

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class Maintenance(NamedTuple):
    """A weekly window in UTC: it begins at `hour` on each of `days` (Sunday is 0) and lasts `hours`.

    `first` is the first such moment of the horizon, `exclusions` the spans of moments in which it does not hold.
    `whole` says whether it lies outside of every freeze of the cluster, or of the environment's own alone.
    """

    days: tuple[int, ...]
    hour: int
    hours: int
    first: datetime
    exclusions: tuple[Span, ...] = ()
    whole: bool = True

    def describe(self) -> Facts:
        """`{days, start, hours, first, end, recurrence, exclusions: [{name, start, end}], whole}`; moments as RFC 3339.

        `days` are English names, `start` is HH:MM, `end` is that of the first window, `recurrence` a rule of RFC 5545.
        """
        return {
            "days": [DAYS[day] for day in self.days],
            "start": f"{self.hour:02}:00",
            "hours": self.hours,
            "first": write_moment(self.first),
            "end": write_moment(self.first + timedelta(hours=self.hours)),
            "recurrence": f"FREQ=WEEKLY;BYDAY={','.join(DAYS[day][:2].upper() for day in self.days)}",
            "exclusions": [_describe_exclusion(span) for span in self.exclusions],
            "whole": self.whole,
        }


def derive_maintenance(site: Site, freezes: Freezes) -> Maintenance | None:
    """The window of a cluster, outside of every freeze there, else outside of the environment's own.

    None where nothing freezes, or where the freezes leave no time that a cloud would take.
    """
    own = freezes.list_causes(None)
    said = [service.freeze for service in site.services.values() if service.freeze is not None]
    every = {
        *own,
        *(cause for each in said for cause in freezes.list_causes(each.model_dump(mode="json", exclude_none=True))),
    }
    for causes in (every, set(own)):
        known = freezes.compute(sorted(causes))
        if known and (found := find_maintenance(known)) is not None:
            return found._replace(whole=causes == every)
    return None


def find_maintenance(known: Sequence[Frozen]) -> Maintenance | None:
    """The window that none of some freezes needs; None where they leave no time that a cloud would take."""
    needs = unite(need for frozen in known for need in frozen.needs)
    weekly = [span for frozen in known for span in _list_weekly(frozen)]
    begin = find_hull(needs).begin
    for spans in ([*weekly, *needs], weekly):
        window = _choose(_list_free(spans))
        if window is None:
            continue
        found = _place(window, begin)
        exclusions = tuple(_list_collisions(found, needs))
        if len(exclusions) <= MOST:
            return found._replace(exclusions=exclusions)
    return None


def write_moment(moment: datetime) -> str:
    """A moment of UTC as RFC 3339."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _list_weekly(frozen: Frozen) -> Iterator[Span]:
    """The moments of a whole year that the weekly windows deny: the horizon may know one season only."""
    year = Span(frozen.needs[0].begin, frozen.needs[0].begin + YEAR)
    windows = [window for window in frozen.windows if window.weekdays]
    if windows:
        clock = Clock(load_zone(windows[0].zone), year)
        for readings in list_denied(windows, clock.show(year)):
            yield from clock.find(readings)


class _Week(NamedTuple):
    """What one window of the week is: hours after Thursday 00:00 UTC, the week's beginning since 1970; its length."""

    begins: tuple[int, ...]
    hours: int


def _list_free(taken: Iterable[Span]) -> list[Span]:
    """Whole hours of the week that are free, twice round, so that none is cut by the week's end."""
    folded = [Span(span.begin % WEEK, span.begin % WEEK + min(span.length, WEEK)) for span in taken]
    rounds = [
        Span(span.begin + shift, span.end + shift) for span in unite(folded) for shift in (-WEEK, 0, WEEK, 2 * WEEK)
    ]
    free = subtract([Span(0, 3 * WEEK)], rounds)
    whole = [Span(-(-span.begin // HOUR), span.end // HOUR) for span in free]
    return clip(whole, Span(0, 3 * WEEK // HOUR))


def _choose(free: Sequence[Span]) -> _Week | None:
    """One long window a week, else the same hours on several days; None where the two are too little."""
    round_ = WEEK // HOUR
    middle = [span for span in free if round_ <= span.begin < 2 * round_] or [
        Span(round_, 2 * round_) for span in free if span.length >= 2 * round_
    ]
    if not middle:
        return None
    longest = max(middle, key=lambda span: span.length)
    hours = min(LONGEST, max(longest.length - REST, min(longest.length, WEEKLY)))
    if hours >= WEEKLY:
        return _Week((longest.begin % round_,), hours)
    return _choose_daily(middle)


def _choose_daily(free: Sequence[Span]) -> _Week | None:
    """The hours of a day that are free on most days of the week."""
    day = DAY // HOUR
    choices = [
        _Week(tuple(sorted(begin % (WEEK // HOUR) for begin in begins)), hours)
        for hours in range(WEEKLY, LEAST - 1, -1)
        for hour in range(day)
        if (
            begins := [
                begin for span in free for begin in range(span.begin, span.end - hours + 1) if begin % day == hour
            ]
        )
    ]
    best = max(choices, key=lambda each: each.hours * len(each.begins), default=None)
    return best if best is not None and best.hours * len(best.begins) >= WEEKLY else None


def _place(week: _Week, begin: int) -> Maintenance:
    """The window with its days and its first beginning at or after a moment."""
    start = begin // WEEK * WEEK
    first = min(
        moment
        for each in week.begins
        for moment in (start + each * HOUR, start + each * HOUR + WEEK)
        if moment >= begin
    )
    days = tuple(sorted(find_weekday(each * HOUR // DAY) for each in week.begins))
    return Maintenance(days, week.begins[0] % (DAY // HOUR), week.hours, EPOCH + timedelta(minutes=first))


def _list_collisions(found: Maintenance, needs: Sequence[Span]) -> Iterator[Span]:
    """The sessions with margins that begin or last within the window, in order."""
    length = found.hours * HOUR
    for need in needs:
        days = range((need.begin - length) // DAY, need.end // DAY + 1)
        begins = (day * DAY + found.hour * HOUR for day in days if find_weekday(day) in found.days)
        if any(begin < need.end and need.begin < begin + length for begin in begins):
            yield need


def _describe_exclusion(span: Span) -> Facts:
    begin, end = (EPOCH + timedelta(minutes=moment) for moment in span)
    return {"name": f"session-{begin:%Y-%m-%d-%H%M}", "start": write_moment(begin), "end": write_moment(end)}
