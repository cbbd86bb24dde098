"""Whether a target is frozen: the deny windows of its Argo CD, read from ci/delivery.json.

usage: frozen.py ENVIRONMENT [--for MINUTES] [--at 2026-11-27T15:00:00+00:00]

Exit code 0: nothing is frozen now, nor within the minutes that the work may last. 75: something is; Argo CD will not
sync it before the time that is printed.
A window is judged as Argo CD does it: the zone's offset of this moment holds for the whole evaluation.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from delivery import read_facts

FROZEN = 75
STEP = timedelta(minutes=5)
AHEAD = timedelta(days=8)


def main(arguments: list[str] | None = None) -> int:
    """Say what is frozen, and until when."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment")
    parser.add_argument("--for", type=int, default=0, metavar="MINUTES", dest="minutes")
    parser.add_argument("--at", type=datetime.fromisoformat, default=datetime.now(UTC))
    asked = parser.parse_args(arguments)
    environment = read_facts().find_environment(asked.environment)
    begin = find_begin(environment, asked.at, asked.minutes)
    if begin is None:
        print(f"{asked.environment}: nothing is frozen{f' for {asked.minutes} minutes' if asked.minutes else ''}")
        return 0
    since = "" if begin == asked.at else f"from {begin.astimezone(UTC):%H:%M} "
    for application in list_frozen(environment, begin):
        until = find_end(environment, application, begin)
        print(
            f"{application} is frozen {since}until "
            f"{f'{until:%Y-%m-%d %H:%M} UTC' if until else 'more than a week from now'}"
        )
    return FROZEN


def find_begin(environment: dict[str, Any], now: datetime, minutes: int) -> datetime | None:
    """The first moment of the next minutes, now included, at which something is frozen."""
    moments = (now + timedelta(minutes=each) for each in range(minutes + 1))
    return next((moment for moment in moments if list_frozen(environment, moment)), None)


def list_frozen(environment: dict[str, Any], now: datetime) -> list[str]:
    """The applications that no sync reaches at a moment, by name."""
    return sorted(
        {name for window in environment["windows"] if is_open(window, now) for name in window["applications"]}
    )


def find_end(environment: dict[str, Any], application: str, now: datetime) -> datetime | None:
    """When the application can be synced again, to five minutes; None: not within eight days."""
    moment = now.astimezone(UTC).replace(second=0, microsecond=0)
    windows = [window for window in environment["windows"] if application in window["applications"]]
    while moment <= now + AHEAD:
        if not any(is_open(window, moment) for window in windows):
            return moment
        moment += STEP
    return None


def is_open(window: dict[str, Any], now: datetime) -> bool:
    """Whether a window denies at a moment. Its two ends count as inside: a minute too much does no harm."""
    clock = now.astimezone(ZoneInfo(window["timeZone"])).replace(tzinfo=None)
    length = _read_duration(window["duration"])
    minute, hour, days, months, weekdays = window["schedule"].split()
    for back in range(length.days + 2):
        day = clock.date() - timedelta(days=back)
        begin = datetime(day.year, day.month, day.day, int(hour), int(minute))  # noqa: DTZ001 - the zone's own clock
        # Cron's Sunday is 0; Python's is 7.
        named = day.day in _expand(days, 31) and day.month in _expand(months, 12)
        if named and day.isoweekday() % 7 in _expand(weekdays, 6) and begin <= clock <= begin + length:
            return True
    return False


def _expand(field: str, last: int) -> set[int]:
    return set(range(last + 1)) if field == "*" else set(_list_numbers(field))


def _list_numbers(field: str) -> Iterator[int]:
    for part in field.split(","):
        low, _, high = part.partition("-")
        yield from range(int(low), int(high or low) + 1)


def _read_duration(text: str) -> timedelta:
    hours, _, rest = text.rpartition("h")
    return timedelta(hours=int(hours or 0), minutes=int(rest.removesuffix("m") or 0))


if __name__ == "__main__":
    sys.exit(main())
