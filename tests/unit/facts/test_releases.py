"""Strategies of Rollouts, and what is measured."""

from typing import Any

import promql_parser
import pytest

from tests.unit.facts.sites import METRICS, PROMETHEUS, STANDBY, describe_app, find, list_names

APP = {
    "ports": {"http": 80},
    "replicas": 10,
    "expose": {"host": "app.example.com"},
    "slo": {"latencyP99": "5ms", "errors": "1%"},
}
CANARY = {"strategy": "canary", "steps": [10, {"weight": 50, "pause": "manual"}, 100], "pause": "5m"}
WATCHED: dict[str, Any] = {"observability": {**PROMETHEUS, "metrics": METRICS}}


def release(strategy: dict[str, Any], **sections: Any) -> list[dict[str, Any]]:
    """The records of a service with this release."""
    return describe_app({**APP, "release": strategy}, **{**WATCHED, **sections})


def test_steps_wait_after_each_weight() -> None:
    """A pause without a duration waits for a person; nothing waits after the last weight."""
    assert find(release(CANARY), "Rollout")["canary"]["steps"] == [
        {"weight": 10},
        {"pause": {"duration": "5m"}},
        {"weight": 50},
        {"pause": {}},
        {"weight": 100},
    ]


def test_a_standby_learns_nothing() -> None:
    """Nobody is served there: no steps, no analysis, no person to promote."""
    records = release(CANARY, cluster="spare", clusters=STANDBY)
    assert set(find(records, "Rollout")["canary"]) == {"surge"}
    assert list_names(records, "AnalysisTemplate") == []
    records = release({"strategy": "blueGreen", "autoPromote": False}, cluster="spare", clusters=STANDBY)
    assert find(records, "Rollout")["blueGreen"]["autoPromote"] is True


@pytest.mark.parametrize(("tier", "measured"), [("development", False), ("staging", True), ("production", True)])
def test_what_is_left_out_is_measured_by_tier(tier: str, measured: bool) -> None:  # noqa: FBT001
    """Nothing in development, else what `slo` says."""
    assert ("analysis" in find(release(CANARY, tier=tier), "Rollout")["canary"]) is measured


def test_a_person_promotes_in_production() -> None:
    """Unless the spec says otherwise."""
    green = {"strategy": "blueGreen"}
    assert find(release(green, tier="production"), "Rollout")["blueGreen"]["autoPromote"] is False
    assert find(release(green, tier="staging"), "Rollout")["blueGreen"]["autoPromote"] is True


def test_old_pods_stay_until_all_is_measured() -> None:
    """An analysis after the switch ends with the old pods, so they stay at least as long."""
    plain = find(release({"strategy": "blueGreen", "drain": "60s"}), "Rollout")["blueGreen"]
    assert plain["scaleDownDelay"] == 60
    gated = {"strategy": "blueGreen", "drain": "60s", "analysis": {"post": {"interval": "30s", "failures": 2}}}
    records = release(gated)
    assert find(records, "Rollout")["blueGreen"]["scaleDownDelay"] == 60 + 5 * 30
    assert all(metric["count"] == 5 for metric in find(records, "AnalysisTemplate", "app-post")["metrics"])


def judge(no_data: str) -> dict[str, Any]:
    """The first metric of a canary that does this without data."""
    analysis = {"noData": no_data, "interval": "30s", "failures": 1}
    record = find(release({**CANARY, "analysis": analysis}), "AnalysisTemplate")
    metric: dict[str, Any] = record["metrics"][0]
    return metric


def test_every_condition_says_what_happens_without_data() -> None:
    """An empty vector and NaN pass, fail, or pause the release: neither success nor failure."""
    assert judge("pass")["success"] == "len(result) == 0 || isNaN(result[0]) || result[0] < 0.01"
    assert judge("fail")["success"] == "len(result) > 0 && !isNaN(result[0]) && result[0] < 0.01"
    pauses = judge("pause")
    assert pauses["success"] == judge("fail")["success"]
    assert pauses["failure"] == "len(result) > 0 && !isNaN(result[0]) && !(result[0] < 0.01)"
    assert "failure" not in judge("pass")


def test_only_the_new_pods_are_measured() -> None:
    """By the hash in their names; a service without errors so far has no series of errors, which is 0."""
    errors, latency = find(release(CANARY), "AnalysisTemplate")["metrics"]
    assert 'namespace="shop-test",pod=~"app-{{args.canary-hash}}-[a-z0-9]+"' in latency["query"]
    assert 'code="5"}[60s])) or vector(0)' in errors["query"]
    assert latency["success"].endswith("result[0] < 0.005")


def test_thresholds_are_in_the_unit_of_the_histogram() -> None:
    """5 ms is 5 where the service counts milliseconds; its own word beats the environment's."""
    metrics = {"latency": {"histogram": "own", "unit": "milliseconds", "buckets": [1, 5]}}
    records = describe_app({**APP, "metrics": metrics, "release": CANARY}, **WATCHED)
    latency = find(records, "AnalysisTemplate")["metrics"][1]
    assert latency["success"].endswith("result[0] < 5")
    assert "own_bucket" in latency["query"]


def test_a_router_needs_two_services() -> None:
    """Stable keeps the name that callers know."""
    routed = {**CANARY, "traffic": {"router": "istio", "header": {"name": "X-Canary", "value": "yes"}}}
    canary = find(release(routed), "Rollout")["canary"]
    assert canary["services"] == {"stable": "app", "canary": "app-canary"}
    assert canary["router"] == {"kind": "istio", "name": "app", "route": "primary"}
    assert canary["steps"][1] == {"header": {"route": "canary-header", "name": "X-Canary", "value": "yes"}}


def own(no_data: str) -> dict[str, Any]:
    """The condition of a release's own metric."""
    metrics = [{"name": "rejects", "query": "sum(rate(rejects_total{pods}[1m]))", "pass": "< 0.01"}]
    analysis = {"noData": no_data, "interval": "30s", "failures": 1, "metrics": metrics}
    record = find(release({**CANARY, "analysis": analysis}), "AnalysisTemplate")
    metric: dict[str, Any] = record["metrics"][-1]
    return metric


def test_each_series_of_an_own_metric_must_pass() -> None:
    """The first would speak for all otherwise; `{pods}` selects the new version's."""
    assert own("pass")["success"] == "all(result, isNaN(#) || # < 0.01)"
    assert own("fail")["success"] == "len(result) > 0 && all(result, !isNaN(#) && # < 0.01)"
    assert own("pause")["failure"] == "any(result, !isNaN(#) && !(# < 0.01))"
    assert own("pause")["query"].startswith('sum(rate(rejects_total{namespace="shop-test",pod=~"app-')


def test_prometheus_reads_every_query() -> None:
    """With the arguments that Rollouts fills in."""
    metrics = [{"name": "rejects", "query": "sum(rate(rejects_total{pods}[1m]))", "pass": "< 0.01"}]
    record = find(release({**CANARY, "analysis": {"metrics": metrics}}), "AnalysisTemplate")
    for metric in record["metrics"]:
        promql_parser.parse(metric["query"].replace("{{args.canary-hash}}", "6d8f7c9b5"))


def test_a_release_that_is_stuck_gives_up() -> None:
    """After its deadline; and an earlier version comes back at once."""
    rollout = find(release(CANARY), "Rollout")
    assert (rollout["deadline"], rollout["rollback"]) == (600, 3)
    assert "rollback" not in find(release(CANARY, cluster="spare", clusters=STANDBY), "Rollout")
