"""What Prometheus is told to tell: releases that wait or fail, and the verdict of an A/B test."""

from typing import Any

import promql_parser
import pytest

from tests.unit.facts.sites import PROMETHEUS, describe_app, find, list_names

APP = {"ports": {"http": 80}, "replicas": 10, "expose": {"host": "app.example.com"}}
CANARY = {"strategy": "canary", "steps": [{"weight": 10, "pause": "20m"}, {"weight": 50, "pause": "manual"}, 100]}
TEST = {
    "strategy": "abTest",
    "variants": {"b": {"image": "example.com/b:1", "weight": 50}, "c": {"image": "example.com/c:1", "weight": 10}},
    "metric": {"query": 'sum(rate(clicks_total{variant="{variant}"}[5m]))', "better": "lower", "minSamples": 100},
    "until": "2030-01-01",
}
WATCHED: dict[str, Any] = {
    "addons": {"prometheus-operator": {"version": "0.93.0"}},
    "observability": {
        "prometheus": {**PROMETHEUS["prometheus"], "labels": {"release": "x"}},
        "alerts": {"receiver": "x"},
    },
}


def list_rules(release: dict[str, Any], **sections: Any) -> list[dict[str, Any]]:
    """The rules of a service with this release."""
    record = find(describe_app({**APP, "release": release}, **{**WATCHED, **sections}), "PrometheusRule")
    return [rule for group in record["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("release", [CANARY, {"strategy": "blueGreen"}, TEST])
def test_prometheus_reads_every_rule(release: dict[str, Any]) -> None:
    """Each expression is one that Prometheus' own grammar and types allow."""
    for rule in list_rules(release):
        promql_parser.parse(rule["expr"])


def test_a_release_waits_longer_than_its_pauses_before_anybody_is_told() -> None:
    """A pause that ends by itself wakes nobody."""
    paused, failed = list_rules(CANARY)
    assert (paused["alert"], paused["for"]) == ("ReleasePaused", "25m")
    assert failed["alert"] == "ReleaseFailed"
    assert 'phase=~"Abort|Error|InvalidSpec|Timeout"' in failed["expr"]
    assert list_rules({"strategy": "blueGreen"})[0]["for"] == "10m"


def test_the_namespace_is_found_whoever_scrapes() -> None:
    """Prometheus renames a metric's own label `namespace` where it has one for the pod that it scraped."""
    expression = list_rules(CANARY)[0]["expr"]
    assert 'rollout_info{exported_namespace="shop-test",name="app"' in expression
    assert 'rollout_info{namespace="shop-test",name="app"' in expression


def test_no_rules_where_nobody_reads_them() -> None:
    """Without the operator the API server knows no such kind; without `alerts` nobody is told."""
    records = describe_app({**APP, "release": CANARY}, **{**WATCHED, "addons": {}})
    assert list_names(records, "PrometheusRule") == []
    silent = {**WATCHED, "observability": PROMETHEUS}
    assert list_names(describe_app({**APP, "release": CANARY}, **silent), "PrometheusRule") == []
    assert {rule.get("alert") for rule in list_rules(TEST, observability=PROMETHEUS)} == {None}


def test_prometheus_finds_the_rules() -> None:
    """By the labels that it selects by."""
    record = find(describe_app({**APP, "release": CANARY}, **WATCHED), "PrometheusRule")
    assert record["labels"]["release"] == "x"


def test_a_verdict_needs_its_samples() -> None:
    """Each variant is compared with the service itself, and only when both have enough values."""
    rules = list_rules(TEST)
    values = [rule for rule in rules if rule.get("record") == "hftgen:ab_test_value"]
    assert [rule["labels"]["variant"] for rule in values] == ["app", "b", "c"]
    assert 'variant="c"' in values[2]["expr"]
    lead = next(rule for rule in rules if rule.get("record") == "hftgen:ab_test_lead")
    assert lead["expr"].count("[125m]") == 4
    assert lead["expr"].count(">= 100\n") == 2
    first, second = lead["expr"].split("- on (namespace, service)\n")
    assert ('variant="app"' in first, 'variant="b"' in second.splitlines()[0]) == (True, True), "lower is better"
    assert [rule["alert"] for rule in rules if "alert" in rule] == ["ABTestWon", "ABTestNotWon"] * 2
