"""From the sessions of a calendar to few deny windows that hold them all.

A window recurs by the week, in the calendar's own time zone, so that it stays right after the horizon. Cron has no
year: a holiday cannot be left out (an allow window never beats a deny), and is frozen like any other day of its kind.
Each weekday has at most one window, from its earliest beginning to its latest end; weekdays with the same hours share
it. Where a few odd sessions (a Saturday, one late close) would freeze much time week by week, they get a window by
date instead, which recurs each year and therefore costs a day, not a weekday.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from hftgen.calendars import EPOCH, Schedule, Session, load_zone
from hftgen.errors import BugError
from hftgen.facts.clock import DAY, Clock
from hftgen.facts.spans import Span, find_hull, measure, subtract, unite
from hftgen.facts.windows import Window, find_date, find_weekday, list_denied

# On both sides: the ends of a window are outside it, and clocks differ.
SLACK = 1

# A window by date must keep at least this part of the free time open, else it is not worth a line.
WORTH = 200

# Odd are sessions that less than one week in so many has.
ODD = 10

# How many of the earliest beginnings and of the latest ends are tried as the hours of a weekday.
TRIED = 8

WEEK = 7 * DAY
MINUTE = timedelta(minutes=1)


class Margin(NamedTuple):
    """How long before the opening and after the close syncs are denied."""

    before: timedelta
    after: timedelta


class Frozen(NamedTuple):
    """What freezes by one calendar: the sessions with margins, as moments; the windows; the clock of their zone."""

    needs: tuple[Span, ...]
    windows: tuple[Window, ...]
    clock: Clock

    def list_denied(self, moments: Span, *, surely: bool = False) -> list[Span]:
        """What the windows deny around a span; `surely`: whatever the second, and whichever clock is a little off."""
        readings = list_denied(self.windows, self.clock.show(moments))
        return unite(found for span in readings for found in self.clock.find(_narrow(span) if surely else span))


def freeze(schedule: Schedule, margin: Margin) -> Frozen | None:
    """The windows for all sessions with margins, None without any. BugError if one of the windows lets a sync in."""
    needs = sorted(_list_needs(schedule.sessions, margin))
    if not needs:
        return None
    clock = Clock(load_zone(schedule.zone), find_hull(needs))
    shown = [_widen(clock.show(need)) for need in needs]
    free = find_hull(needs).length - measure(needs)
    weekly = list(_list_weekly(schedule.zone, shown, free // WORTH))
    frozen = Frozen(tuple(needs), (*weekly, *_list_dated(schedule.zone, _find_left(shown, weekly))), clock)
    if leaks := subtract(needs, frozen.list_denied(find_hull(needs), surely=True)):
        raise BugError(f"windows in {schedule.zone} let syncs into a session: minute {leaks[0].begin} since 1970")
    return frozen


def _list_needs(sessions: Iterable[Session], margin: Margin) -> Iterator[Span]:
    """Sessions with margins, in whole minutes outwards; a lunch break belongs to its session."""
    for session in sessions:
        begin, end = session.open - margin.before, session.close + margin.after
        yield Span((begin - EPOCH) // MINUTE, -((EPOCH - end) // MINUTE))


def _list_weekly(zone: str, shown: Sequence[Span], price: int) -> Iterator[Window]:
    """One window for all weekdays with the same hours, by their first weekday."""
    by_weekday: dict[int, list[Span]] = defaultdict(list)
    for span in shown:
        midnight = span.begin // DAY * DAY
        by_weekday[find_weekday(span.begin // DAY)].append(Span(span.begin - midnight, span.end - midnight))
    weeks = -(-find_hull(shown).length // WEEK)
    by_hours: dict[Span, list[int]] = defaultdict(list)
    for weekday, spans in sorted(by_weekday.items()):
        hours = _choose_hours(spans, weeks, price)
        if hours.length:
            by_hours[hours].append(weekday)
    for hours, weekdays in sorted(by_hours.items(), key=lambda item: item[1]):
        yield Window(zone, hours.begin, hours.length, tuple(weekdays))


def _choose_hours(spans: Sequence[Span], weeks: int, price: int) -> Span:
    """The hours of a weekday that freeze least beyond need; an odd session outside costs `price`. Empty: none at all.

    `spans` are in minutes after the midnight before each begins.
    """
    begins = sorted({span.begin for span in spans})[:TRIED]
    ends = sorted({span.end for span in spans}, reverse=True)[:TRIED]
    choices = [Span(begin, end) for begin in begins for end in ends if begin < end]
    odd = weeks // ODD

    def judge(hours: Span) -> tuple[int, int]:
        inside = [span.length for span in spans if hours.holds(span)]
        outside = len(spans) - len(inside)
        return max(outside - odd, 0), weeks * hours.length - sum(inside) + price * outside

    return min([*choices, Span(0, 0)], key=judge)


def _find_left(shown: Iterable[Span], weekly: Sequence[Window]) -> list[Span]:
    """The sessions that no weekly window holds."""
    spans = sorted(shown)
    covered = unite(_narrow(span) for span in list_denied(weekly, find_hull(spans)))
    return [span for span in spans if subtract([_narrow(span)], _reach(covered, span))]


def _reach(covered: Sequence[Span], span: Span) -> Sequence[Span]:
    """Those of spans that are apart and in order which the span may touch."""
    return covered[max(bisect_right(covered, span) - 1, 0) : bisect_right(covered, Span(span.end, span.end))]


def _list_dated(zone: str, left: Iterable[Span]) -> Iterator[Window]:
    """Windows by date, one for all dates of a month that have the same hours."""
    dates: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for span in left:
        day = span.begin // DAY
        when = find_date(day)
        dates[when.month, span.begin - day * DAY, span.length].add(when.day)
    for (month, start, length), days in sorted(dates.items()):
        yield Window(zone, start, length, month=month, days=tuple(sorted(days)))


def _widen(span: Span) -> Span:
    return Span(span.begin - SLACK, span.end + SLACK)


def _narrow(span: Span) -> Span:
    return Span(span.begin + SLACK, span.end - SLACK)
