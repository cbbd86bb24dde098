"""What freeze windows block beyond need: weekly windows know no holidays, and outlast a session that closes early."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from hftgen.facts.freeze import WEEK, Frozen
from hftgen.facts.spans import Span, clip, find_hull, measure, subtract, unite


class Excess(NamedTuple):
    """The minutes between the first session and the last; those that no session needs, and those of them frozen."""

    whole: int
    free: int
    frozen: int

    @property
    def share(self) -> float:
        """The part of the free time that is frozen, in percent."""
        return 100 * self.frozen / self.free if self.free else 0.0

    @property
    def weekly(self) -> float:
        """The hours a week in which syncs pass."""
        return 168 * (self.free - self.frozen) / self.whole


class Idle(NamedTuple):
    """How often a weekly window comes without any session, and how often with shorter ones than it was made for."""

    closed: int
    short: int


def measure_excess(causes: Iterable[Frozen]) -> Excess:
    """What the windows of one or several calendars together freeze beyond the sessions of all of them."""
    known = list(causes)
    needs = unite(need for frozen in known for need in frozen.needs)
    whole = find_hull(needs)
    denied = clip((span for frozen in known for span in frozen.list_denied(whole)), whole)
    return Excess(whole.length, measure(subtract([whole], needs)), measure(subtract(denied, needs)))


def leave_nothing(causes: Iterable[Frozen]) -> bool:
    """Whether windows together deny every minute, from the first session to the last and for two weeks at least."""
    known = list(causes)
    hull = find_hull([need for frozen in known for need in frozen.needs])
    # Most leave something in the first weeks already, and need no look at all the years.
    return all(_deny(known, Span(hull.begin, end)) for end in (hull.begin + 2 * WEEK, hull.end))


def _deny(known: Iterable[Frozen], whole: Span) -> bool:
    return not subtract([whole], (span for frozen in known for span in frozen.list_denied(whole)))


def count_idle(frozen: Frozen) -> Idle:
    """How often the weekly windows of one calendar freeze too much, from its first session to its last."""
    shown = sorted(frozen.clock.show(need) for need in frozen.needs)
    bounds = find_hull(shown)
    closed = short = 0
    for window in frozen.windows:
        for span in window.list_spans(bounds) if window.weekdays else ():
            served = [need for need in shown[bisect_left(shown, span) :][:2] if span.holds(need)]
            closed += not served and bounds.holds(span)
            short += bool(served) and find_hull(served).length < span.length - 2
    return Idle(closed, short)
