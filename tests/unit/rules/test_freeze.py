"""Freezes and recovery: calendars, horizons, copies."""

import pytest

from hftgen.spec.rules.recovery import measure_pause, write_minutes
from hftgen.spec.units import Cron
from tests.unit.rules.tiny import Bench

HORIZON = "horizon: {start: 2026-01-01, end: 2026-12-31}"


def _freeze(calendars: str, rest: str = HORIZON) -> str:
    return f"gitops: {{freeze: {{calendars: {calendars}, {rest}}}}}\n"


def test_calendars_and_aliases_are_known(bench: Bench) -> None:
    """As exchange_calendars knows them; an empty list freezes nothing and needs no horizon."""
    assert bench.problems(_freeze("[XNYS, CME, 24/5]")) == bench.problems(_freeze("[]", "")) == ()


def test_a_freeze_ends(bench: Bench) -> None:
    """Venues that never close, and margins as long as a week, would freeze for ever; a service's own freeze too."""
    own = "services: {web: {freeze: {calendars: [XNYS, 24/7], after: 10h}}}"
    paths = ["gitops.freeze.calendars[1]", "services.web.freeze.calendars[1]"]
    assert bench.paths(_freeze("[XNYS, 24/7]", f"before: 24h, {HORIZON}") + own) == paths
    assert bench.paths(_freeze("[XNYS]", f"before: 100h, after: 68h, {HORIZON}")) == ["gitops.freeze"]
    assert bench.paths(_freeze("[]", f"before: 158h, {HORIZON}") + own.replace(", 24/7", "")) == ["services.web.freeze"]
    assert bench.problems(_freeze("[]", f"before: 300h, {HORIZON}")) == ()


CANARY = "strategy: canary, steps: [50, 100], traffic: {router: istio}, analysis: {noData: fail}"
GATES = "strategy: blueGreen, analysis: {pre: {noData: fail}, post: {noData: fail}}"


@pytest.mark.parametrize(
    ("release", "rest", "places"),
    [
        (CANARY, "", ["noData"]),
        (CANARY.replace("fail", "pause"), "", []),
        (CANARY.replace("noData", "enabled: false, noData"), "", []),
        (CANARY, ", freeze: none", []),
        (GATES, "", ["pre.noData", "post.noData"]),
        (GATES.replace("analysis", "autoPromote: false, analysis"), "", ["pre.noData"]),
    ],
)
def test_an_analysis_sees_data(bench: Bench, release: str, rest: str, places: list[str]) -> None:
    """What fails without data is not measured while all markets are closed; after a switch by hand they may be open."""
    text = _freeze("[XNYS]") + f"services: {{web: {{replicas: 2, ports: {{http: 80}}, release: {{{release}}}{rest}}}}}"
    expected = sorted(f"services.web.release.analysis.{place}" for place in places)
    assert sorted(path for path in bench.paths(text) if "noData" in path) == expected
    by_hand = text.replace(HORIZON, f"manualSync: true, {HORIZON}")
    assert [path for path in bench.paths(by_hand) if "noData" in path] == []


@pytest.mark.parametrize(("name", "near"), [("XCME", "CMES"), ("xnys", "XNYS"), ("GLBX", "CMES"), ("XLOM", "XLON")])
def test_a_wrong_calendar_is_set_right(bench: Bench, name: str, near: str) -> None:
    """Market identifier codes lead to the calendar that has their hours."""
    problem = bench.only(_freeze(f"[{name}]"), "gitops.freeze.calendars[0]")
    assert problem.hint == f"did you mean {near}?"


def test_a_services_calendars_are_checked_too(bench: Bench) -> None:
    """With the horizon of the environment, which must be there."""
    own = "services: {web: {freeze: {calendars: [XLOM]}}}"
    assert bench.paths(_freeze("[]") + own) == ["services.web.freeze.calendars[0]"]
    missing = bench.only("services: {web: {freeze: {calendars: [XLON]}}}", "services.web.freeze")
    assert missing.expected == "gitops.freeze.horizon: {start: <date>, end: <date>}"
    assert bench.problems("services: {web: {freeze: none}}") == ()


def test_a_freeze_has_a_horizon(bench: Bench) -> None:
    """Without one the outputs would depend on today."""
    assert bench.paths(_freeze("[XNYS]", "before: 1h")) == ["gitops.freeze"]


@pytest.mark.parametrize(
    ("horizon", "field", "words"),
    [
        ("{start: 2026-01-01, end: 2027-03-01}", "end", "calendar XSHG ends before"),
        ("{start: 1990-01-02, end: 1991-01-01}", "start", "calendar XSHG begins later"),
        ("{start: 2013-01-01, end: 2026-01-01}", "end", "too long"),
    ],
)
def test_a_horizon_is_one_that_calendars_know(bench: Bench, horizon: str, field: str, words: str) -> None:
    """Some exchanges publish holidays for a year only."""
    problem = bench.only(_freeze("[XSHG]", f"horizon: {horizon}"), f"gitops.freeze.horizon.{field}")
    assert words in problem.message


def test_manual_syncs_in_production_freeze_nothing(bench: Bench) -> None:
    """Where autoSync is left out, production syncs by hand."""
    text = _freeze("[XNYS]", f"manualSync: true, {HORIZON}") + "services: {web: {image: 'x@sha256:" + "0" * 64 + "'}}"
    assert bench.paths(text, tier="production") == ["gitops.freeze.manualSync"]
    assert bench.problems(text) == ()


def _recovery(rpo: str, rest: str) -> str:
    return f"recovery: {{rto: 1h, rpo: {rpo}, {rest}}}"


def test_an_rpo_is_one_that_copies_keep(bench: Bench) -> None:
    """Below the time between snapshots it needs continuous replication."""
    hourly = "snapshots: {schedule: '0 * * * *', keep: 48h}"
    assert bench.problems(_recovery("1h", hourly)) == ()
    assert bench.problems(_recovery("1m", f"replication: continuous, {hourly}")) == ()
    problem = bench.only(_recovery("30m", hourly), "recovery.rpo")
    assert problem.expected == "1h or more, or recovery.replication: continuous"


def test_the_shortest_time_between_copies_counts(bench: Bench) -> None:
    """Backups are copies too."""
    text = "snapshots: {schedule: '0 0 * * *', keep: 48h}, backups: {schedule: '0 */2 * * *', keep: 48h}"
    assert bench.problems(_recovery("2h", text)) == ()


@pytest.mark.parametrize("kind", ["snapshots", "backups"])
def test_copies_are_kept_until_the_next(bench: Bench, kind: str) -> None:
    """Else there are times without any."""
    text = _recovery("200h", f"{kind}: {{schedule: '0 0 * * 0', keep: {{}}}}")
    assert bench.problems(text.replace("{}", "168h")) == ()
    assert bench.paths(text.replace("{}", "167h")) == [f"recovery.{kind}.keep"]


@pytest.mark.parametrize(
    ("schedule", "pause"),
    [
        ("0 * * * *", "1h"),
        ("*/15 9-16 * * 1-5", "2d16h15m"),
        ("0 2 * * *", "1d"),
        ("0 0 1 * *", "31d"),
        ("0 0 1 * 1", "7d"),
        ("0 0 29 2 *", "1461d"),
        ("30 6,18 * * *", "12h"),
    ],
)
def test_the_longest_time_between_two_firings(schedule: str, pause: str) -> None:
    """Nights, weekends, months and leap years."""
    assert write_minutes(measure_pause(Cron.parse(schedule))) == pause
