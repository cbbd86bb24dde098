"""Sync windows: no session is ever open to a sync, at any boundary, in any zone; and little else is closed."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hftgen.calendars import Calendars, Schedule, Session, load_zone
from hftgen.facts.excess import count_idle, measure_excess
from hftgen.facts.freeze import Frozen, Margin, freeze
from hftgen.facts.windows import write_duration
from tests.unit.conftest import HORIZON, NAMES, PAST, PAST_NAMES
from tests.unit.facts.replay import Project, Window

MINUTE = timedelta(minutes=1)
USUAL = Margin(timedelta(minutes=60), timedelta(minutes=30))
MARGINS = (USUAL, Margin(timedelta(), timedelta()), Margin(timedelta(hours=20, seconds=61), timedelta(minutes=7)))
REAL = [*((name, HORIZON) for name in NAMES), *((name, PAST) for name in PAST_NAMES)]


def _write(frozen: Frozen | None, *, manual: bool = False) -> list[Window]:
    return [
        {
            "kind": "deny",
            "schedule": window.schedule,
            "duration": window.duration,
            "timeZone": window.zone,
            "manualSync": manual,
            "applications": ["shop-engine"],
        }
        for window in (frozen.windows if frozen else ())
    ]


def _find_open(schedule: Schedule, margin: Margin, project: Project) -> Iterator[datetime]:
    """The moments of sessions and margins at which Argo CD would sync.

    Looked at are their ends, a minute inside, and quarters of hours where the clocks change.

    """
    zone = load_zone(schedule.zone)
    for session in schedule.sessions:
        begin, end = session.open - margin.before, session.close + margin.after
        moments = {begin, begin + MINUTE, session.open, session.close, end - MINUTE, end}
        if begin.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset():
            moments |= {begin + each * timedelta(minutes=15) for each in range((end - begin) // timedelta(minutes=15))}
        yield from (each for each in sorted(moments) if project.can_sync("shop-engine", each, manual=False))


@pytest.mark.parametrize("margin", MARGINS, ids=lambda margin: f"{margin.before}-{margin.after}")
@pytest.mark.parametrize(("name", "horizon"), REAL, ids=lambda value: value if isinstance(value, str) else "")
def test_no_session_is_open_to_a_sync(
    name: str, horizon: tuple[date, date], margin: Margin, calendars: Calendars
) -> None:
    """Every session of three years with its margins is denied by Argo CD's own judgement, the clocks' changes too."""
    schedule = calendars.schedules([name], *horizon)[name]
    assert list(_find_open(schedule, margin, Project(_write(freeze(schedule, margin))))) == []


@pytest.mark.parametrize("name", NAMES)
def test_little_is_frozen_beyond_need(name: str, calendars: Calendars) -> None:
    """Holidays and early closes stay frozen, and are under a twentieth of the free time; three windows say it all."""
    frozen = freeze(calendars.schedules([name], *HORIZON)[name], USUAL)
    assert frozen
    assert 0 < measure_excess([frozen]).share < 5
    assert len(frozen.windows) <= 3


def test_what_is_frozen_beyond_need_is_what_argo_denies(calendars: Calendars) -> None:
    """The measure agrees with the replay, minute by minute, over weeks with a holiday and a change of the clocks."""
    start, end = datetime(2026, 10, 26, tzinfo=UTC), datetime(2026, 11, 28, 5, tzinfo=UTC)
    sessions = [each for each in calendars.schedules(["XNYS"], *HORIZON)["XNYS"].sessions if start < each.open < end]
    frozen = freeze(Schedule("America/New_York", tuple(sessions)), USUAL)
    assert frozen
    project = Project(_write(frozen))
    begin, last = sessions[0].open - USUAL.before, sessions[-1].close + USUAL.after
    moments = (begin + each * MINUTE + timedelta(seconds=30) for each in range((last - begin) // MINUTE))
    denied = sum(not project.can_sync("shop-engine", moment, manual=False) for moment in moments)
    excess = measure_excess([frozen])
    needed = sum((each.close - each.open + USUAL.before + USUAL.after) // MINUTE for each in sessions)
    assert denied - needed == excess.frozen
    assert excess.free == (last - begin) // MINUTE - needed


def test_what_is_listed(calendars: Calendars) -> None:
    """New York from 2026 to 2028: 28 closed weekdays, and 5 early closes."""
    frozen = freeze(calendars.schedules(["XNYS"], *HORIZON)["XNYS"], USUAL)
    assert frozen
    assert count_idle(frozen) == (28, 5)


@pytest.mark.parametrize(
    ("name", "horizon", "windows"),
    [
        ("XNYS", HORIZON, [("29 8 * * 1-5", "8h2m")]),
        ("CMES", HORIZON, [("59 15 * * 0-4", "25h32m")]),
        ("24/5", HORIZON, [("59 22 * * 0-4", "25h32m")]),
        ("XSAU", HORIZON, [("59 8 * * 0-4", "6h32m")]),
        # Sunday, 4 January 2026 was its last; a window for all Sundays would freeze 155 of them in vain.
        ("XTAE", HORIZON, [("58 8 * * 1-4", "8h48m"), ("58 8 * * 5", "5h48m"), ("58 8 4 1 *", "7h13m")]),
        # Its hours moved on within the horizon: the longer hold, for nobody can say a year.
        ("XTKS", PAST, [("59 7 * * 1-5", "8h2m")]),
    ],
)
def test_windows_are_few(
    name: str, horizon: tuple[date, date], windows: list[tuple[str, str]], calendars: Calendars
) -> None:
    """A line for the hours of a week, in the zone of the calendar; a date where a weekday would cost too much."""
    frozen = freeze(calendars.schedules([name], *horizon)[name], USUAL)
    assert frozen
    assert [(window.schedule, window.duration) for window in frozen.windows] == windows


def test_odd_days_are_dates(calendars: Calendars) -> None:
    """Saturdays on which Mumbai trades once in a year or two are dates; no other Saturday is frozen."""
    schedule = calendars.schedules(["XBOM"], *PAST)["XBOM"]
    odd = [each for each in schedule.sessions if each.open.isoweekday() > 5]
    assert odd
    frozen = freeze(schedule, USUAL)
    assert frozen
    assert [window.weekdays for window in frozen.windows if window.weekdays] == [(1, 2, 3, 4, 5)]
    project = Project(_write(frozen))
    assert not any(project.can_sync("shop-engine", each.open, manual=False) for each in odd)
    assert project.can_sync("shop-engine", odd[0].open + timedelta(days=7), manual=False)
    assert measure_excess([frozen]).share < 5


def test_days_that_moved_are_all_frozen(calendars: Calendars) -> None:
    """Tel Aviv's Sundays until 2025 and its Fridays since 2026 are frozen through all years: cron has no year."""
    frozen = freeze(calendars.schedules(["XTAE"], *PAST)["XTAE"], USUAL)
    assert frozen
    assert {day for window in frozen.windows for day in window.weekdays} == {0, 1, 2, 3, 4, 5}
    assert measure_excess([frozen]).share > 5


def test_manual_sync(calendars: Calendars) -> None:
    """A person passes where the spec says so, an automatic sync never does; other Applications are free."""
    schedule = calendars.schedules(["XLON"], *HORIZON)["XLON"]
    moment = schedule.sessions[100].open
    strict, open_to_people = (Project(_write(freeze(schedule, USUAL), manual=manual)) for manual in (False, True))
    assert not strict.can_sync("shop-engine", moment, manual=True)
    assert open_to_people.can_sync("shop-engine", moment, manual=True)
    assert not open_to_people.can_sync("shop-engine", moment, manual=False)
    assert strict.can_sync("shop-engine-2", moment, manual=False)


def test_the_clocks_change_within_a_margin() -> None:
    """A margin that reaches over the change in spring begins an hour earlier by the clock than in any other week."""
    opens = [datetime(2026, 3, 6, 14, 30, tzinfo=UTC), datetime(2026, 3, 9, 13, 30, tzinfo=UTC)]
    opens += [datetime(2026, 10, 30, 13, 30, tzinfo=UTC), datetime(2026, 11, 2, 14, 30, tzinfo=UTC)]
    schedule = Schedule("America/New_York", tuple(Session(each, each + timedelta(hours=6)) for each in opens))
    margin = Margin(timedelta(hours=32), timedelta(hours=2))
    frozen = freeze(schedule, margin)
    assert list(_find_open(schedule, margin, Project(_write(frozen)))) == []
    assert frozen
    schedules = [window.schedule for window in frozen.windows]
    assert schedules == ["29 0 8 3 *", "29 1 5 3 *", "29 1 29 10 *", "29 1 1 11 *"]


def test_no_sessions_no_windows() -> None:
    """A horizon without a session freezes nothing."""
    assert freeze(Schedule("UTC", ()), USUAL) is None


SESSIONS = st.lists(st.tuples(st.integers(0, 500 * 24 * 60), st.integers(1, 26 * 60)), min_size=1, max_size=16)
WEEKLY = st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1500), st.integers(1, 40))
ZONES = ["America/New_York", "Asia/Tokyo", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"]


@given(
    SESSIONS,
    st.lists(WEEKLY, max_size=3),
    st.sampled_from(ZONES),
    st.integers(0, 60 * 60),
    st.integers(0, 40 * 60),
)
def test_any_sessions_are_covered(
    spans: Sequence[tuple[int, int]],
    weekly: Sequence[tuple[int, int, int, int]],
    zone: str,
    before: int,
    after: int,
) -> None:
    """Whatever the sessions, regular and odd, and the margins: none is open at any boundary, nor as clocks change."""
    base = datetime(2026, 1, 1, tzinfo=UTC)
    regular = (
        (weekday * 1440 + start + week * 7 * 1440, length)
        for weekday, start, length, weeks in weekly
        for week in range(weeks)
    )
    sessions = sorted(
        Session(base + begin * MINUTE, base + (begin + length) * MINUTE)
        for begin, length in itertools.chain(spans, regular)
    )
    schedule, margin = Schedule(zone, tuple(sessions)), Margin(before * MINUTE, after * MINUTE)
    assert list(_find_open(schedule, margin, Project(_write(freeze(schedule, margin))))) == []


@pytest.mark.parametrize(("minutes", "text"), [(480, "8h"), (510, "8h30m"), (45, "45m"), (0, "0m"), (1530, "25h30m")])
def test_durations_are_gos_without_days(minutes: int, text: str) -> None:
    """Argo CD reads Go durations: hours and minutes."""
    assert write_duration(minutes) == text


def test_zones_come_from_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own zone data may be older: it is never asked."""
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    assert load_zone("America/New_York").utcoffset(datetime(2026, 7, 1)) == timedelta(hours=-4)  # noqa: DTZ001 - wall time
