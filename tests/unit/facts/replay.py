"""Argo CD's judgement of sync windows, told anew from what it does (argo-cd 3.5, SyncWindows.Matches and CanSync).

It knows nothing of how windows are made: cron of five fields, Go durations, the zone's offset of this very moment.
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from hftgen.calendars import load_zone

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
DURATION = re.compile(r"(\d+)(h|m|s)")
SECONDS = {"h": 3600, "m": 60, "s": 1}
YEARS = 5

Window = dict[str, Any]


class Cron:
    """A schedule as robfig/cron v3 reads it: no names of years, no @daily, 7 is no weekday."""

    def __init__(self, text: str) -> None:
        fields = text.split()
        assert len(fields) == 5, f"{text} has not five fields"
        self.minutes, self.hours, self.days, self.months, self.weekdays = (
            set(_read_field(field, *bounds)) for field, bounds in zip(fields, BOUNDS, strict=True)
        )
        self.either = "*" not in (fields[2], fields[4])

    def next(self, after: datetime) -> datetime | None:
        """The first beginning later than a moment, within five years."""
        start = after.replace(microsecond=0) + timedelta(seconds=1)
        day = start.replace(hour=0, minute=0, second=0)
        while day.year <= after.year + YEARS:
            for hour in sorted(self.hours) if self._matches(day) else ():
                for minute in sorted(self.minutes):
                    begin = day.replace(hour=hour, minute=minute)
                    if begin >= start:
                        return begin
            # A month that is not named is left out as a whole.
            far = day.month not in self.months
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1) if far else day + timedelta(days=1)
        return None

    def _matches(self, day: datetime) -> bool:
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (of_month or of_week if self.either else of_month and of_week)


def _read_field(field: str, low: int, high: int) -> Iterator[int]:
    for part in field.split(","):
        first, _, last = ("", "", "") if part == "*" else part.partition("-")
        ends = (low, high) if part == "*" else (int(first), int(last or first))
        assert low <= ends[0] <= ends[1] <= high, f"{field} is out of bounds"
        yield from range(ends[0], ends[1] + 1)


class Project:
    """An AppProject's windows, read once."""

    def __init__(self, windows: Iterable[Window]) -> None:
        self._windows = [
            (window, Cron(window["schedule"]), read_duration(window["duration"]), load_zone(window["timeZone"]))
            for window in windows
        ]

    def can_sync(self, application: str, moment: datetime, *, manual: bool) -> bool:
        """Whether Argo CD lets an Application sync at a moment in UTC."""
        matching = [each for each in self._windows if self._matches(each[0], application)]
        active = [each[0] for each in matching if self._is_active(each, moment)]
        denying = [window for window in active if window["kind"] == "deny"]
        if denying:
            return manual and all(window["manualSync"] for window in denying)
        allowing = [each[0] for each in matching if each[0]["kind"] == "allow"]
        if any(window["kind"] == "allow" for window in active) or not allowing:
            return True
        return manual and all(window["manualSync"] for window in allowing)

    @staticmethod
    def _matches(window: Window, application: str) -> bool:
        return any(fnmatch.fnmatchcase(application, pattern) for pattern in window.get("applications", ()))

    @staticmethod
    def _is_active(each: Any, moment: datetime) -> bool:
        _, cron, duration, zone = each
        offset = moment.astimezone(zone).utcoffset()
        assert offset is not None
        reading = moment.replace(tzinfo=None) + offset
        begin = cron.next(reading - duration)
        # Go's zero time is before every moment.
        return begin is None or begin < reading


def read_duration(text: str) -> timedelta:
    """A Go duration; days it does not know."""
    assert re.fullmatch(r"(\d+(h|m|s))+", text), f"{text} is no Go duration"
    return timedelta(seconds=sum(int(number) * SECONDS[unit] for number, unit in DURATION.findall(text)))
