"""Recovery: the promised loss of data is one that snapshots or replication can keep."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import Cron

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# Any fixed days do: eight years hold 29 February and every weekday of it that matters.
FIRST_DAY = date(2024, 1, 1)
DAYS = 8 * 366
# Where every month counts, two years hold the longest pause.
FEW_DAYS = 2 * 366
DAY = 24 * 60


def lose_no_more_than_promised(loaded: "Loaded") -> Iterator[Violation]:
    """An rpo below the time between snapshots needs continuous replication: what came after the last one is lost."""
    recovery = loaded.environment.recovery
    if recovery is None or recovery.replication == "continuous":
        return
    pauses = [measure_pause(copies.schedule) for copies in (recovery.snapshots, recovery.backups) if copies is not None]
    if pauses and recovery.rpo.seconds < min(pauses) * 60:
        apart = write_minutes(min(pauses))
        yield Violation(
            ("recovery", "rpo"),
            f"copies are made up to {apart} apart, and what came after the last one would be lost",
            str(recovery.rpo),
            f"{apart} or more, or recovery.replication: continuous",
        )


def keep_backups_long_enough(loaded: "Loaded") -> Iterator[Violation]:
    """Snapshots and backups are kept until the next one is there."""
    recovery = loaded.environment.recovery
    for name in ("snapshots", "backups"):
        copies = getattr(recovery, name, None)
        if copies is None:
            continue
        pause = measure_pause(copies.schedule)
        if copies.keep.seconds < pause * 60:
            yield Violation(
                ("recovery", name, "keep"),
                f"{name} are made up to {write_minutes(pause)} apart: the last one would be gone before the next",
                str(copies.keep),
                f"{write_minutes(pause)} or more",
            )


def measure_pause(schedule: Cron) -> int:
    """The longest time between two firings, in minutes."""
    minutes, hours, *_ = schedule.values()
    times = sorted(hour * 60 + minute for hour in hours for minute in minutes)
    within = max((second - first for first, second in pairwise(times)), default=0)
    days = list(_list_days(schedule))
    between = max((second - first for first, second in pairwise(days)), default=DAYS)
    return max(within, between * DAY - times[-1] + times[0])


def _list_days(schedule: Cron) -> Iterator[int]:
    """The days on which it fires: where day of the month and of the week are both said, one of them is enough."""
    _, _, dates, months, weekdays = schedule.values()
    fields = schedule.split()
    either = fields[2][0] not in "*?" and fields[4][0] not in "*?"
    every = len(dates) == 31 and len(months) == 12 and len(weekdays) == 7
    for number in range(2 if every else DAYS if len(months) < 12 else FEW_DAYS):
        day = FIRST_DAY + timedelta(days=number)
        by_date, by_week = day.day in dates, day.isoweekday() % 7 in weekdays
        if day.month in months and (by_date or by_week if either else by_date and by_week):
            yield number


def write_minutes(minutes: int) -> str:
    """`90` as `1h30m`, `2880` as `2d`."""
    days, rest = divmod(minutes, DAY)
    hours, rest = divmod(rest, 60)
    return "".join(f"{count}{unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "m")) if count) or "0m"
