"""What a latency class makes of a pod."""

from typing import Any

import pytest

from tests.unit.facts.sites import describe_app, find, list_names
from tests.unit.facts.test_pods import describe_pod

TRADING: dict[str, Any] = {"latency": "tick-to-trade", "cpu": 2, "memory": "1Gi"}
UNMOVED = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "karpenter.sh/do-not-disrupt": "true"}


def test_no_autoscaler_moves_what_trades_or_runs_to_an_end() -> None:
    """A pod that trades is moved by a person; a run that is moved begins anew."""
    assert describe_pod(TRADING)["annotations"] == UNMOVED
    assert describe_pod({"workload": "job"}, "Job")["annotations"] == UNMOVED
    assert describe_pod({"workload": "cron", "schedule": "0 2 * * *"}, "CronJob")["annotations"] == UNMOVED
    assert "annotations" not in describe_pod({"latency": "low", "cpu": 1, "memory": "1Gi"})


def test_no_mesh_injects_what_trades() -> None:
    """A mesh may inject every pod that does not say no; others say what their spec says."""
    label = "sidecar.istio.io/inject"
    assert describe_pod(TRADING)["labels"][label] == "false"
    assert describe_pod({"mesh": True})["labels"][label] == "true"
    assert describe_pod({"mesh": False})["labels"][label] == "false"
    assert label not in describe_pod({})["labels"]


@pytest.mark.parametrize(("shutdown", "grace"), [({}, 60), ({"grace": "90s"}, 90)])
def test_what_trades_has_time_to_end(shutdown: dict[str, str], grace: int) -> None:
    """To cancel orders, log out and close the journal; others have Kubernetes' own 30 seconds."""
    assert describe_pod({**TRADING, "shutdown": shutdown})["grace"] == grace
    assert "grace" not in describe_pod({})


@pytest.mark.parametrize(
    ("tier", "service", "budget"),
    [
        ("production", {**TRADING, "replicas": 2}, {"maxUnavailable": 0}),
        ("production", {**TRADING, "disruption": {"maxUnavailable": 1}}, {"maxUnavailable": 1}),
        ("staging", {**TRADING, "replicas": 2}, {"maxUnavailable": 1}),
        ("production", {"replicas": 2}, {"maxUnavailable": 1}),
        ("production", {"replicas": 1}, None),
        ("production", {"replicas": 4, "disruption": {"minAvailable": "50%"}}, {"minAvailable": "50%"}),
    ],
)
def test_drains_take_one_pod_and_none_that_trades(tier: str, service: dict[str, Any], budget: Any) -> None:
    """A single pod has no budget: it would say nothing, or block every drain."""
    records = describe_app(service, tier=tier)
    if budget is None:
        assert list_names(records, "PodDisruptionBudget") == []
    else:
        assert find(records, "PodDisruptionBudget")["budget"] == budget


def test_a_drain_waits_for_no_broken_pod() -> None:
    """But for a stateful one, which may be on its way back, and for those that no drain takes."""
    assert find(describe_app({"replicas": 2}), "PodDisruptionBudget")["evictBroken"] is True
    shards = {"workload": "stateful", "instances": "sharded", "replicas": 2}
    for service, tier in ((shards, "staging"), (TRADING, "production")):
        assert "evictBroken" not in find(describe_app(service, tier=tier), "PodDisruptionBudget")


def test_pods_go_slower_than_they_come() -> None:
    """And slowest on the way of an order: one in five minutes, after half an hour."""
    scale = {"cpu": 1, "memory": "1Gi", "autoscale": {"min": 2, "max": 9, "cpu": "70%"}}
    low = find(describe_app({**scale, "latency": "low"}), "HorizontalPodAutoscaler")["down"]
    standard = find(describe_app(scale), "HorizontalPodAutoscaler")["down"]
    assert low == {"wait": 1800, "type": "Pods", "value": 1, "period": 300}
    assert standard["wait"] < low["wait"]


def test_a_missed_run_is_not_made_up_for() -> None:
    """After a failover the runs that were suspended count as missed; without a bound one would start at once."""
    cron = {"workload": "cron", "schedule": "0 2 * * *"}
    assert find(describe_app(cron), "CronJob")["deadline"] == 300
    assert find(describe_app({**cron, "deadline": "1h"}), "CronJob")["deadline"] == 3600
