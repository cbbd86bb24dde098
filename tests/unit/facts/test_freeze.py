"""Sync windows: no session is ever open to a sync, at any boundary, in any zone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hftgen.calendars import Calendars, Schedule, Session, load_zone
from hftgen.facts.freeze import Margin, compile_windows, write_duration
from tests.unit.facts.conftest import NAMES, YEAR

MARGIN = Margin(timedelta(minutes=60), timedelta(minutes=30))
MINUTE = timedelta(minutes=1)


def _is_denied(window: dict[str, str], moment: datetime) -> bool:
    """Whether a window of Argo CD holds a moment: some start of its cron within its duration before."""
    minute, hour, _, _, days = window["schedule"].split()
    span = timedelta(**dict(zip(("hours", "minutes"), _read_duration(window["duration"]), strict=True)))
    # Argo CD applies the zone's offset of the moment it is asked at (sync windows, scheduleOffsetByTimeZone).
    local = moment.astimezone(load_zone(window["timeZone"])).replace(tzinfo=None)
    starts = (
        (local - timedelta(days=back)).replace(hour=int(hour), minute=int(minute), second=0)
        for back in range(span.days + 2)
    )
    return any(start <= local < start + span and start.isoweekday() % 7 in _read_days(days) for start in starts)


def _read_duration(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?", text)
    assert match
    return int(match[1] or 0), int(match[2] or 0)


def _read_days(text: str) -> set[int]:
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return {day for first, *last in ends for day in range(first, (last or [first])[0] + 1)}


@pytest.mark.parametrize("name", NAMES)
def test_no_session_is_open_to_a_sync(name: str, calendars: Calendars) -> None:
    """Every session of a year with its margins is denied, at both ends and one minute inside."""
    schedule = calendars.schedules([name], *YEAR)[name]
    windows = compile_windows(schedule, MARGIN)
    for session in schedule.sessions:
        first, last = session.open - MARGIN.before, session.close + MARGIN.after
        for moment in (first, first + MINUTE, session.open, session.close, last - MINUTE):
            assert any(_is_denied(window, moment) for window in windows), f"{moment} of {session} is open"


def test_a_plain_week_is_one_window() -> None:
    """Weekdays with the same hours share a window, in the calendar's zone whatever the season."""
    opens = [
        datetime(2026, month, day, hour, 30, tzinfo=UTC) for month, day, hour in ((1, 5, 14), (1, 6, 14), (7, 6, 13))
    ]
    sessions = tuple(Session(moment, moment + timedelta(hours=6, minutes=30)) for moment in opens)
    assert compile_windows(Schedule("America/New_York", sessions), MARGIN) == [
        {"schedule": "30 8 * * 1-2", "duration": "8h", "timeZone": "America/New_York"}
    ]


def test_evening_sessions_start_the_day_before() -> None:
    """Cron's weekday is that of the window's start: a Monday's session that opens on Sunday evening."""
    opening = datetime(2026, 1, 4, 23, tzinfo=UTC)
    schedule = Schedule("America/Chicago", (Session(opening, opening + timedelta(hours=24)),))
    assert compile_windows(schedule, MARGIN) == [
        {"schedule": "0 16 * * 0", "duration": "25h30m", "timeZone": "America/Chicago"}
    ]


def test_no_sessions_no_windows() -> None:
    """A horizon without a session freezes nothing."""
    assert compile_windows(Schedule("UTC", ()), MARGIN) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 366 * 24 * 60), st.integers(1, 24 * 60)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(["America/New_York", "Asia/Tokyo", "Europe/London", "Australia/Sydney"]),
)
def test_any_sessions_are_covered(spans: list[tuple[int, int]], zone: str) -> None:
    """Whatever the sessions: their openings, which are what matters most, are denied."""
    base = datetime(2026, 1, 1, tzinfo=UTC)
    sessions = tuple(
        Session(base + timedelta(minutes=begin), base + timedelta(minutes=begin + length)) for begin, length in spans
    )
    windows = compile_windows(Schedule(zone, sessions), MARGIN)
    for session in sessions:
        assert any(_is_denied(window, session.open) for window in windows)


@pytest.mark.parametrize(("minutes", "text"), [(480, "8h"), (510, "8h30m"), (45, "45m"), (0, "0m"), (1530, "25h30m")])
def test_durations_are_gos_without_days(minutes: int, text: str) -> None:
    """Argo CD reads Go durations: hours and minutes."""
    assert write_duration(minutes) == text


def test_zones_come_from_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own zone data may be older: it is never asked."""
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    assert load_zone("America/New_York").utcoffset(datetime(2026, 7, 1)) == timedelta(hours=-4)  # noqa: DTZ001 - wall time
