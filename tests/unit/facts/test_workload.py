"""Which kind runs a service, and how many of it."""

from typing import Any

import pytest

from tests.unit.facts.sites import DIGEST, STANDBY, describe_app, find

CANARY = {"strategy": "canary", "steps": [50, 100]}
OTHER = f"registry.example.com/shop/app:v2@{DIGEST}"
AB = {
    "strategy": "abTest",
    "variants": {"b": {"image": OTHER, "weight": 20}},
    "metric": {"query": "x", "better": "higher", "minSamples": 1},
    "until": "2030-01-01",
}

REACHED = {"ports": {"http": 80}, "expose": {"host": "app.example.com"}}


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ({}, "Deployment"),
        ({"replicas": 2, "release": CANARY}, "Rollout"),
        ({"release": {"strategy": "blueGreen"}}, "Rollout"),
        ({"workload": "stateful", "instances": "single"}, "StatefulSet"),
        ({"workload": "job"}, "Job"),
        ({"workload": "cron", "schedule": "0 2 * * *"}, "CronJob"),
    ],
)
def test_one_kind_runs_a_service(service: dict[str, Any], kind: str) -> None:
    """Rollouts for what needs them, Kubernetes' own kinds for the rest."""
    records = describe_app(service)
    assert [record["kind"] for record in records if "pod" in record] == [kind]


def test_nothing_acts_on_a_standby_cluster() -> None:
    """Stateful services are at 0, cron jobs suspended, jobs absent; stateless services run."""
    stateful = {"workload": "stateful", "instances": "single"}
    assert find(describe_app(stateful, cluster="spare", clusters=STANDBY), "StatefulSet")["replicas"] == 0
    cron = {"workload": "cron", "schedule": "0 2 * * *"}
    assert find(describe_app(cron, cluster="spare", clusters=STANDBY), "CronJob")["suspend"] is True
    assert "suspend" not in find(describe_app(cron, clusters=STANDBY), "CronJob")
    job = describe_app({"workload": "job"}, cluster="spare", clusters=STANDBY)
    assert [record["kind"] for record in job] == ["ServiceAccount"]
    assert find(describe_app({"replicas": 3}, cluster="spare", clusters=STANDBY), "Deployment")["replicas"] == 3


def test_an_autoscaled_workload_states_no_number() -> None:
    """Argo CD would set it back again and again."""
    scale = {"min": 2, "max": 4, "cpu": "70%"}
    records = describe_app({"autoscale": scale, "cpu": 1})
    assert "replicas" not in find(records, "Deployment")
    scaler = find(records, "HorizontalPodAutoscaler")
    assert (scaler["target"]["kind"], scaler["min"], scaler["max"]) == ("Deployment", 2, 4)
    assert scaler["goals"] == [{"resource": "cpu", "utilization": 70}]


def test_a_disk_of_one_node_is_let_go_first() -> None:
    """Two pods on two nodes cannot hold one ReadWriteOnce claim."""
    volumes = {"data": {"path": "/data", "size": "1Gi"}}
    records = describe_app({"volumes": volumes})
    assert find(records, "Deployment")["recreate"] is True
    assert find(records, "PersistentVolumeClaim", "app-data")["claim"]["size"] == "1Gi"


def test_variants_never_share_pods() -> None:
    """Selectors of a service and its variants are disjoint, and stay when the test begins or ends."""
    tested = {
        record["name"]: record for record in describe_app({**REACHED, "release": AB}) if record["kind"] == "Deployment"
    }
    plain = find(describe_app(REACHED), "Deployment")
    assert tested["app"]["selector"] == plain["selector"]
    assert tested["app-b"]["selector"] != plain["selector"]
    assert tested["app-b"]["pod"]["containers"][0]["image"] == "app-b"


def test_selectors_hold_nothing_that_a_spec_may_change() -> None:
    """They are immutable: labels of the spec go onto objects and pods alone."""
    service = {"labels": {"team": "desk-a"}, "annotations": {"example.com/doc": "x"}, "ports": {"http": 80}}
    records = describe_app(service)
    deployment = find(records, "Deployment")
    assert deployment["selector"] == {"app.kubernetes.io/name": "app", "app.kubernetes.io/instance": "app"}
    assert deployment["pod"]["labels"]["team"] == "desk-a"
    assert all(record["labels"]["team"] == "desk-a" for record in records)
    assert all(record["annotations"]["example.com/doc"] == "x" for record in records)


def test_shards_start_and_end_by_themselves() -> None:
    """A shard that does not start must not keep the others from starting."""
    service = {"workload": "stateful", "instances": "sharded", "release": {"strategy": "rolling", "partition": 1}}
    record = find(describe_app({**service, "replicas": 2}), "StatefulSet")
    assert (record["parallel"], record["partition"], record["headless"]) == (True, 1, "app-headless")
