"""Deny windows as Argo CD evaluates them (argo-cd 3.5, SyncWindows.CanSync; robfig/cron v3).

A window is active while a beginning of its cron schedule lies within its duration before what the clock of its zone
shows now: the zone's offset of this very moment is applied to the whole evaluation. So each beginning opens one span
of readings of the clock, whatever the season was when it began; both its ends are outside. Cron has no year, and joins
a day of the month and a weekday that are both said by "or": a window says one of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from hftgen.facts.clock import DAY
from hftgen.facts.spans import Span

EPOCH_DAY = date(1970, 1, 1).toordinal()


class Window(NamedTuple):
    """A deny window: each week on some days (Sunday is 0), or each year on some days of a month.

    `start` is in minutes after midnight on the zone's clock, `length` in minutes.
    """

    zone: str
    start: int
    length: int
    weekdays: tuple[int, ...] = ()
    month: int = 0
    days: tuple[int, ...] = ()

    @property
    def schedule(self) -> str:
        """When it begins, as cron of five fields."""
        hour, minute = divmod(self.start, 60)
        if self.weekdays:
            return f"{minute} {hour} * * {write_ranges(self.weekdays)}"
        return f"{minute} {hour} {write_ranges(self.days)} {self.month} *"

    @property
    def duration(self) -> str:
        """How long it lasts, as Go writes it."""
        return write_duration(self.length)

    def list_spans(self, readings: Span) -> Iterator[Span]:
        """The spans of readings that it denies and that begin before the end of `readings`, or reach into them."""
        for day in range((readings.begin - self.length) // DAY, readings.end // DAY + 1):
            begin = day * DAY + self.start
            if self._begins_on(day):
                yield Span(begin, begin + self.length)

    def _begins_on(self, day: int) -> bool:
        if self.weekdays:
            return find_weekday(day) in self.weekdays
        when = date.fromordinal(EPOCH_DAY + day)
        return when.month == self.month and when.day in self.days


def find_weekday(day: int) -> int:
    """The weekday of a day since 1970: Sunday is 0, as for cron."""
    return (day + 4) % 7


def find_date(day: int) -> date:
    """The date of a day since 1970."""
    return date.fromordinal(EPOCH_DAY + day)


def write_ranges(numbers: Sequence[int]) -> str:
    """`[1, 2, 3, 5]` as `1-3,5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def write_duration(minutes: int) -> str:
    """Minutes as Go writes a duration without days: `8h`, `8h30m`, `45m`."""
    hours, rest = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{rest}m" if rest or not hours else "")


def list_denied(windows: Iterable[Window], readings: Span) -> list[Span]:
    """All spans of readings that windows of one zone deny around `readings`."""
    return [span for window in windows for span in window.list_spans(readings)]
