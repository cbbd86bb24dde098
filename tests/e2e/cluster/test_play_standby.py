"""Production's standby is played beside its primary: what may trade or write runs on one of them alone."""

from collections.abc import Iterator

import pytest

from tests.e2e.cluster.client import Manifest
from tests.e2e.cluster.opening import open_stage
from tests.e2e.cluster.placement import list_places, list_pools
from tests.e2e.cluster.repository import name_image
from tests.e2e.cluster.stage import DEPLOYMENT, ROLLOUT, STATEFUL, Stage

pytestmark = pytest.mark.cluster

_CLUSTER = "gcp-usc1"
_CRON = "batch/v1", "CronJob"
_JOB = "batch/v1", "Job"
_BATCH = {"latency": "standard", "pool": "general", "cpu": 1, "memory": "1Gi"}
# What the reference platform does not have, and a standby must not run.
_ADDED = {
    "settlement": {**_BATCH, "workload": "cron", "schedule": "0 22 * * 1-5", "image": name_image("settlement", "v1")},
    "migration": {**_BATCH, "workload": "job", "image": name_image("migration", "v1")},
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The standby cluster, brought up as its README says."""
    folder = tmp_path_factory.mktemp("standby")
    with open_stage(folder, ("production", _CLUSTER), {"services": _ADDED}) as stage:
        yield stage


def test_no_engine_runs(stage: Stage) -> None:
    """Stateful services are there without a pod, so that no session of an exchange can be opened twice."""
    services = stage.repository.load().services[_CLUSTER]
    engines = [name for name, service in services.items() if service.workload == "stateful"]
    assert engines
    for name in engines:
        assert stage.get(STATEFUL, name)["spec"]["replicas"] == 0
        assert stage.pods(name) == []


def test_nothing_runs_by_the_clock(stage: Stage) -> None:
    """Cron jobs are suspended and jobs are absent: both write, and the primary does so."""
    assert [(_name(one), one["spec"]["suspend"]) for one in stage.objects(_CRON)] == [("settlement", True)]
    assert [one for one in stage.repository.build(_CLUSTER, "migration") if one["kind"] == "Job"] == []
    assert [one for one in stage.objects(_JOB) if not one["status"].get("succeeded")] == []


def test_stateless_services_are_up(stage: Stage) -> None:
    """They serve as soon as requests come: as many pods as on the primary, all of them ready."""
    services = stage.repository.load().services[_CLUSTER]
    stateless = {name for name, service in services.items() if service.workload == "stateless"}
    workloads = {_name(one): one for kind in (ROLLOUT, DEPLOYMENT) for one in stage.objects(kind)}
    assert set(workloads) == stateless
    for name, one in workloads.items():
        scaled = services[name].autoscale
        wanted = scaled.min if scaled else services[name].replicas
        assert wanted, name
        assert one["status"]["availableReplicas"] >= wanted, name


def test_a_release_needs_nobody(stage: Stage) -> None:
    """A new image goes through at once: without requests there is nothing to measure and nobody to ask."""
    images = {name: name_image(name, "v1.1.0") for name in ("order-gateway", "risk-gateway")}
    stage.repository.edit({"services": {name: {"image": image} for name, image in images.items()}})
    stage.deliver(*images)
    for name, image in images.items():
        stage.wait_until_served(name, {image})


def test_a_failover_brings_the_engines_up(stage: Stage) -> None:
    """As the primary it runs what it did not run before, each pod in its pool; no engine once it is the standby."""
    before = stage.repository.text()
    stage.repository.edit({"clusters": {"aws-use1": {"role": "standby"}, _CLUSTER: {"role": "primary"}}})
    stage.deliver()
    stage.wait_for_health()
    services = stage.repository.load().services[_CLUSTER]
    assert {pod for pod, _ in list_places(stage)} >= {name for name in services if name not in _ADDED}
    assert [one for one in list_places(stage) if one not in list_pools(stage).items()] == []
    assert [(_name(one), one["spec"]["suspend"]) for one in stage.objects(_CRON)] == [("settlement", False)]
    stage.wait("the job is done", lambda: [one["status"].get("succeeded") for one in stage.objects(_JOB)] == [1])
    stage.repository.restore(before)
    stage.deliver()
    stage.wait("no engine", lambda: stage.pods("trading-engine") == [])
    assert [(_name(one), one["spec"]["suspend"]) for one in stage.objects(_CRON)] == [("settlement", True)]


def _name(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])
