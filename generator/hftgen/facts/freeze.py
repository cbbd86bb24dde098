"""Sync windows that keep Argo CD quiet while venues trade.

A deny window recurs by the week, in the calendar's own time zone: Argo CD's cron has no year, so a holiday cannot be
said, and is frozen like any other day of its kind. That blocks more than needed and never less: for each weekday the
window opens with the earliest session of the horizon and closes with the latest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hftgen.calendars import Schedule, Session, load_zone


class Margin(NamedTuple):
    """How long before the opening and after the close syncs are denied."""

    before: timedelta
    after: timedelta


class Week(NamedTuple):
    """A time on some days of the week, in minutes: start after local midnight, and length."""

    start: int
    length: int


def compile_windows(schedule: Schedule, margin: Margin) -> list[dict[str, str]]:
    """The weekly windows that cover all sessions with margins: `schedule`, `duration`, `timeZone` of a SyncWindow.

    Each local weekday has at most one window; weekdays with the same hours share it.
    """
    by_hours: dict[Week, list[int]] = defaultdict(list)
    for weekday, week in sorted(_cover_weekdays(schedule.sessions, load_zone(schedule.zone), margin).items()):
        by_hours[week].append(weekday)
    return [
        {
            "schedule": _write_cron(week.start, weekdays),
            "duration": write_duration(week.length),
            "timeZone": schedule.zone,
        }
        for week, weekdays in sorted(by_hours.items(), key=lambda item: item[1])
    ]


def _cover_weekdays(sessions: Iterable[Session], zone: ZoneInfo, margin: Margin) -> dict[int, Week]:
    """For each weekday (Sunday is 0) on which a window begins: the hours that hold all of its sessions."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for session in sessions:
        begin = _local(session.open, zone) - margin.before
        end = _local(session.close, zone) + margin.after
        midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        weekday = begin.isoweekday() % 7
        starts[weekday] = min(starts.get(weekday, 1440), _minutes(begin - midnight))
        # Where the clock is set inside a session, it is longer on the wall or in truth: the longer counts.
        length = max(end - begin, session.close - session.open + margin.before + margin.after)
        ends[weekday] = max(ends.get(weekday, 0), _minutes(begin + length - midnight))
    return {weekday: Week(start, ends[weekday] - start) for weekday, start in starts.items()}


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _minutes(span: timedelta) -> int:
    return -(-int(span.total_seconds()) // 60)


def _write_cron(start: int, weekdays: Sequence[int]) -> str:
    return f"{start % 60} {start // 60} * * {_write_ranges(weekdays)}"


def _write_ranges(numbers: Sequence[int]) -> str:
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
