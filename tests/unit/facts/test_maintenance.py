"""Maintenance windows: no session is ever touched, in summer as in winter, and clouds take what is said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hftgen.calendars import EPOCH, Calendars, Schedule, Session
from hftgen.check.freezes import find_cramped_clouds
from hftgen.facts.derive import derive
from hftgen.facts.freeze import Frozen, Margin, freeze
from hftgen.facts.maintenance import LEAST, LONGEST, MOST, WEEKLY, Maintenance, find_maintenance
from tests.unit.conftest import HORIZON, NAMES, PAST, PAST_NAMES
from tests.unit.facts.sites import load_spec
from tests.unit.facts.test_terraform_gcp import IOWA

USUAL = Margin(timedelta(minutes=60), timedelta(minutes=30))
BARE = Margin(timedelta(), timedelta())
MINUTE = timedelta(minutes=1)
TOGETHER = [("XNYS", "CMES"), ("XHKG", "XLON", "XNYS"), ("XASX", "XETR", "CMES"), ("XSAU", "XNYS")]
ALONE = [((name,), HORIZON) for name in NAMES] + [((name,), PAST) for name in PAST_NAMES]
ALL = [*ALONE, *((names, HORIZON) for names in TOGETHER)]


def _freeze(calendars: Calendars, names: tuple[str, ...], horizon: tuple[date, date], margin: Margin) -> list[Frozen]:
    schedules = calendars.schedules(names, *horizon)
    return [frozen for name in names if (frozen := freeze(schedules[name], margin)) is not None]


def _make(days: int, opens: timedelta, length: timedelta, zone: str = "UTC", *, weekdays: int = 7) -> Frozen:
    """Sessions of the same hours on the first `weekdays` days of each week, from a Monday on."""
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    begins = [monday + timedelta(days=day) + opens for day in range(days) if day % 7 < weekdays]
    found = freeze(Schedule(zone, tuple(Session(begin, begin + length) for begin in begins)), BARE)
    assert found is not None
    return found


def _list_hours(window: Maintenance, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """Every time that the window comes, counted day by day."""
    hours = []
    day = first.replace(hour=0, minute=0)
    while day <= last:
        if day.isoweekday() % 7 in window.days:
            hours.append((day + timedelta(hours=window.hour), day + timedelta(hours=window.hour + window.hours)))
        day += timedelta(days=1)
    return hours


@pytest.mark.parametrize(("names", "horizon"), ALL, ids=lambda value: "-".join(str(each) for each in value))
def test_no_session_lies_in_the_window(
    names: tuple[str, ...], horizon: tuple[date, date], calendars: Calendars
) -> None:
    """Whenever the window comes, no session with its margins lasts, but those that are excluded by date."""
    known = _freeze(calendars, names, horizon, USUAL)
    window = find_maintenance(known)
    assert window is not None
    needs = [need for frozen in known for need in frozen.needs if need not in window.exclusions]
    first, last = (EPOCH + MINUTE * moment for moment in (min(needs).begin, max(needs).end))
    excluded = [(EPOCH + MINUTE * span.begin, EPOCH + MINUTE * span.end) for span in window.exclusions]
    spans = [(EPOCH + MINUTE * need.begin, EPOCH + MINUTE * need.end) for need in needs]
    spans = [span for span in spans if not any(begin <= span[0] and span[1] <= end for begin, end in excluded)]
    touched = [
        (begin, span)
        for begin, end in _list_hours(window, first, last)
        for span in spans
        if begin < span[1] and span[0] < end
    ]
    assert touched == []


@pytest.mark.parametrize(("names", "horizon"), ALL, ids=lambda value: "-".join(str(each) for each in value))
def test_clouds_take_the_window(names: tuple[str, ...], horizon: tuple[date, date], calendars: Calendars) -> None:
    """GKE wants 48 hours in 32 days in stretches of 4, and takes 3 exclusions; AKS takes at most 24 hours at once."""
    window = find_maintenance(_freeze(calendars, names, horizon, USUAL))
    assert window is not None
    assert LEAST <= window.hours <= LONGEST
    assert window.hours * len(window.days) >= WEEKLY
    assert len(window.exclusions) <= MOST


def test_new_york_is_served_from_friday_night(calendars: Calendars) -> None:
    """The window opens in the first whole hour after Friday's margin in winter, and ends long before Monday."""
    window = find_maintenance(_freeze(calendars, ("XNYS",), HORIZON, USUAL))
    assert window is not None
    assert window.describe() == {
        "days": ["Friday"],
        "start": "22:00",
        "hours": 24,
        "first": "2026-01-02T22:00:00Z",
        "end": "2026-01-03T22:00:00Z",
        "recurrence": "FREQ=WEEKLY;BYDAY=FR",
        "exclusions": [],
        "whole": True,
    }


def test_a_horizon_of_one_season_knows_the_other() -> None:
    """Sessions of January alone, in New York's time: in July they are an hour earlier in UTC, and that is taken too."""
    winter = _make(28, timedelta(hours=14), timedelta(hours=8), "America/New_York", weekdays=6)
    window = find_maintenance([winter])
    assert window is not None
    # Saturday's session ends at 22:00 UTC in winter; Monday's begins at 13:00 in summer.
    assert (window.days, window.hour, window.hours) == ((6,), 23, 24)


def test_nights_serve_where_no_day_is_free() -> None:
    """Sessions of 18 hours on each day leave the same hours on every day, and no long window."""
    window = find_maintenance([_make(70, timedelta(hours=6), timedelta(hours=18))])
    assert window is not None
    assert (len(window.days), window.hour, window.hours) == (7, 1, 4)


def test_too_little_is_nothing() -> None:
    """Sessions that leave less than four hours at once leave no window."""
    assert find_maintenance([_make(70, timedelta(hours=2), timedelta(hours=21))]) is None


def test_an_odd_session_is_excluded() -> None:
    """A session on one Saturday of a year leaves Saturdays in use where nothing else is free: it alone is excluded."""
    usual = _make(364, timedelta(hours=0), timedelta(hours=23, minutes=58), weekdays=5)
    sunday = _make(364, timedelta(days=6), timedelta(hours=24), weekdays=1)
    opens = datetime(2026, 3, 7, 5, tzinfo=UTC)
    odd = freeze(Schedule("UTC", (Session(opens, opens + timedelta(hours=12)),)), BARE)
    assert odd is not None
    rest = tuple(window for window in odd.windows if not window.weekdays)
    window = find_maintenance([usual, sunday, odd._replace(windows=rest)])
    assert window is not None
    assert window.days == (6,)
    assert [each["start"] for each in window.describe()["exclusions"]] == ["2026-03-07T05:00:00Z"]


@pytest.mark.parametrize(
    ("own", "days", "told"),
    [
        (None, ["Friday"], []),
        ({"calendars": ["CMES"]}, ["Saturday"], []),
        # Eight hours are left of each weekend.
        ({"calendars": ["24/5"], "before": "20h", "after": "20h"}, ["Friday"], ["HFT-X57"]),
    ],
)
def test_a_cluster_is_served_outside_of_all_its_freezes(
    own: dict[str, object] | None, days: list[str], told: list[str], calendars: Calendars
) -> None:
    """A service's own freeze counts too; where all leave too little, that is told, and the environment's holds."""
    start, end = (day.isoformat() for day in HORIZON)
    freeze = {"calendars": ["XNYS"], "before": "60m", "after": "30m", "horizon": {"start": start, "end": end}}
    gitops = {"repoURL": "https://git.example.com/shop/config.git", "freeze": freeze}
    services = {"web": {"pool": "general", **({} if own is None else {"freeze": own})}}
    loaded = load_spec(services, gitops=gitops, clusters={"iowa": IOWA}, terraform={"version": "1.11"})
    context = derive(loaded, calendars)
    assert context["clusters"]["iowa"]["maintenance"]["days"] == days
    assert [finding.rule for finding in find_cramped_clouds(loaded, context)] == told
