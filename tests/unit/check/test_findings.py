"""Findings: what does not make a spec invalid, and should still be known."""

from datetime import date
from pathlib import Path

import pytest

from hftgen.calendars import Calendars
from hftgen.check.finding import Finding
from hftgen.check.freezes import find_wasteful_freezes
from hftgen.check.rules import RULES
from hftgen.check.run import run
from hftgen.facts.derive import derive
from tests.unit.rules.tiny import Bench

TODAY = date(2026, 11, 22)
STORE = "datastores: {db: {engine: postgres, version: 16, placement: external, address: db}}\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Loads tiny environments."""
    return Bench(tmp_path_factory.mktemp("check"))


def _find(bench: Bench, text: str, as_of: date = TODAY) -> list[Finding]:
    return run(bench.load(text), (), as_of)


def _rules(bench: Bench, text: str, as_of: date = TODAY) -> list[tuple[str, str]]:
    return [(finding.rule, finding.subject) for finding in _find(bench, text, as_of)]


def test_nothing_to_say(bench: Bench) -> None:
    """A service without ports, and one that is called, are fine."""
    assert _rules(bench, "services: {web: {calls: [b]}, b: {image: x, ports: {http: 80}}}") == []


def test_a_datastore_that_nobody_calls(bench: Bench) -> None:
    """HFT-X01: at its place."""
    (finding,) = _find(bench, STORE)
    assert (finding.rule, finding.subject, finding.severity) == ("HFT-X01", "datastores.db", "warning")
    assert finding.line
    assert not finding.dated
    called = (
        STORE
        + "services: {web: {calls: [db], secrets: {P: {ref: db/c, key: p}}}}\n"
        + "secrets: {backend: aws-secrets-manager, account: '111122223333'}"
    )
    assert _rules(bench, called) == []


def test_ports_that_nobody_can_reach(bench: Bench) -> None:
    """HFT-X02: metrics alone are Prometheus's; a call or an expose opens the others."""
    assert _rules(bench, "services: {web: {ports: {http: 80}}}") == [("HFT-X02", "services.web")]
    assert _rules(bench, "services: {web: {ports: {metrics: 80}}}") == []
    assert _rules(bench, "services: {web: {ports: {http: 80}, expose: {host: a.example.com, tls: false}}}") == []


def test_secrets_that_nobody_delivers(bench: Bench) -> None:
    """HFT-X09: there is no section that says where from."""
    text = "services: {web: {secrets: {P: {ref: a/b, key: p}}}}"
    assert _rules(bench, text) == [("HFT-X09", "services.web.secrets")]


def test_a_holder_with_nobody_behind_it(bench: Bench) -> None:
    """HFT-X10: two are active and passive, one is single."""
    text = "services: {{web: {{workload: stateful, instances: activePassive, replicas: {}}}}}"
    assert _rules(bench, text.format(1)) == [("HFT-X10", "services.web.replicas")]
    assert _rules(bench, text.format(2)) == []


def _waive(rule: str, item: str, expires: str = "2027-01-01") -> str:
    return f"waivers: [{{rule: {rule}, object: {item}, reason: r, owner: o, expires: {expires}}}]\n"


def test_a_waiver_waives(bench: Bench) -> None:
    """Its rule at its object, and nothing else."""
    assert _rules(bench, STORE + _waive("HFT-X01", "datastores.db")) == []
    other = _rules(bench, STORE + _waive("HFT-X01", "datastores.other"))
    assert sorted(other) == [("HFT-X01", "datastores.db"), ("HFT-X04", "waivers[0]")]


def test_an_expired_waiver_still_waives_and_says_so(bench: Bench) -> None:
    """HFT-X03 depends on today, so it never blocks a render; the last day itself still counts."""
    text = STORE + _waive("HFT-X01", "datastores.db", "2026-11-21")
    (finding,) = _find(bench, text)
    assert (finding.rule, finding.dated) == ("HFT-X03", True)
    assert _rules(bench, text, date(2026, 11, 21)) == []


def test_a_waiver_of_an_unknown_rule(bench: Bench) -> None:
    """HFT-X05: a slip of the pen, with the nearest rule."""
    (finding,) = _find(bench, _waive("HFT-X100", "datastores.db"))
    assert (finding.rule, finding.subject) == ("HFT-X05", "waivers[0].rule")
    assert "HFT-X" in finding.hint


def test_waivers_hold_for_findings_of_others(bench: Bench) -> None:
    """Policies run elsewhere; their findings are waived here, and their rules are known."""
    loaded = bench.load(_waive("HFT-S08", "Rollout/web"))
    policy = Finding("HFT-S08", "blocking", "e", "Rollout/web", "m", "h", "f", 1, 1)
    assert run(loaded, (), TODAY, others=[policy]) == []
    assert [finding.rule for finding in run(loaded, (), TODAY, rules=["HFT-S08"])] == ["HFT-X04"]


def test_an_overdue_test(bench: Bench) -> None:
    """HFT-X06: the day after the last."""
    text = (
        "services: {web: {ports: {http: 80}, expose: {host: a.example.com, tls: false}, release: {strategy: abTest, "
        "until: 2026-11-21, variants: {b: {image: x, weight: 50}}, "
        "metric: {query: 'q{variant=\"{variant}\"}', better: higher, minSamples: 1}}}}"
    )
    assert _rules(bench, text) == [("HFT-X06", "services.web.release.until")]
    assert _rules(bench, text, date(2026, 11, 21)) == []


@pytest.mark.parametrize(("end", "words"), [("2027-02-19", "ends in 89 days"), ("2026-11-20", "ended 2 days ago")])
def test_a_horizon_near_its_end(bench: Bench, end: str, words: str) -> None:
    """HFT-X07: three months before, so that there is time to render anew."""
    text = f"gitops: {{freeze: {{calendars: [XNYS], before: 1h, horizon: {{start: 2026-01-01, end: {end}}}}}}}"
    (finding,) = _find(bench, text)
    assert (finding.rule, finding.dated) == ("HFT-X07", True)
    assert words in finding.message
    assert _rules(bench, text, date(2026, 8, 1)) == []


def test_a_horizon_that_has_not_begun(bench: Bench) -> None:
    """HFT-X07: nor is anything known before it; where nothing freezes, the horizon is no matter."""
    text = "gitops: {{freeze: {{calendars: [{}], before: 1h, horizon: {{start: 2026-12-01, end: 2027-12-31}}}}}}"
    assert _rules(bench, text.format("XNYS")) == [("HFT-X07", "gitops.freeze.horizon.start")]
    assert _rules(bench, text.format("")) == []


SUNDAYS = """
gitops: {freeze: {calendars: [XNYS], before: 1h, horizon: {start: 2024-01-01, end: 2026-12-31}}}
services: {web: {freeze: {calendars: [XTAE]}}, other: {image: x}}
"""


def test_a_freeze_that_costs_much(bench: Bench, calendars: Calendars) -> None:
    """HFT-X08: Tel Aviv changed its week in 2026, so that both Sundays and Fridays are frozen; New York is as usual."""
    loaded = bench.load(SUNDAYS)
    (finding,) = find_wasteful_freezes(loaded, derive(loaded, calendars))
    assert (finding.rule, finding.subject, finding.dated) == ("HFT-X08", "services.web.freeze", False)
    assert "hours outside sessions are frozen too" in finding.message
    assert "XTAE closed" in finding.message


def test_every_rule_is_listed_and_used(repository: Path) -> None:
    """The table names each rule that the code knows, and no other."""
    package = repository / "generator/hftgen"
    files = [*(package / "check").glob("*.py"), package / "validation.py", package / "outside.py"]
    code = "".join(file.read_text("utf-8") for file in files if file.name != "rules.py")
    assert all(f'"{rule}"' in code for rule in RULES)


WAY_IN = "ports: {http: 80}, expose: {tls: false, host: a.example.com"


def test_a_router_that_nobody_maintains(bench: Bench) -> None:
    """HFT-X12: ingress-nginx works, and is mended no more."""
    canary = "release: {strategy: canary, steps: [50, 100], traffic: {router: nginx}}"
    text = f"services: {{web: {{{WAY_IN}, via: ingress}}, {canary}}}}}"
    assert _rules(bench, text) == [("HFT-X12", "services.web.release.traffic.router")]


def test_a_verdict_that_cannot_be(bench: Bench) -> None:
    """HFT-X13 and HFT-X15: all versions measured as one, and variants that no request is sent to."""
    release = (
        "release: {{strategy: abTest, until: 2030-01-01, metric: {{query: '{}', better: higher, minSamples: 1}}, "
        "variants: {{b: {{image: x, weight: 10}}}}}}"
    )
    text = f"services: {{web: {{{WAY_IN}}}, {release.format('sum(x)')}}}}}"
    assert _rules(bench, text) == [("HFT-X13", "services.web.release.metric.query")]
    seen = release.format('x{variant="{variant}"}')
    assert _rules(bench, f"services: {{web: {{{WAY_IN}}}, {seen}}}}}") == []
    (finding,) = _find(bench, f"services: {{web: {{{seen}}}}}")
    assert (finding.rule, finding.subject) == ("HFT-X15", "services.web.release.variants")
    assert "ask for web-b by name" in finding.message


def test_a_freeze_without_a_margin(bench: Bench) -> None:
    """HFT-X14: where a margin is said, releases are held against it instead."""
    freeze = "gitops: {{freeze: {{calendars: [XNYS], horizon: {{start: 2026-01-01, end: 2028-12-31}}{}}}}}"
    (finding,) = _find(bench, freeze.format(""))
    assert (finding.rule, finding.subject) == ("HFT-X14", "gitops.freeze")
    assert "up to 10m" in finding.message
    assert _rules(bench, freeze.format(", before: 11m")) == []
