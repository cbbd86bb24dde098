"""Production is played on its primary cluster: where pods run, how shards move, and what a change reaches."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.cluster.client import Manifest
from tests.e2e.cluster.opening import open_stage
from tests.e2e.cluster.placement import list_places, list_pools
from tests.e2e.cluster.production import CHANGES, PRIMARY, SITE, release
from tests.e2e.cluster.stage import STATEFUL, Stage, has_been_seen, image_of

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Production's primary cluster, brought up as its README says, and as full as it may become."""
    with open_stage(tmp_path_factory.mktemp("production"), SITE, CHANGES) as stage:
        yield stage


@pytest.fixture(autouse=True)
def _in_order(stage: Stage) -> None:
    """Each test begins with everything healthy, whatever became of the one before."""
    stage.settle()


def test_each_pod_runs_in_its_pool(stage: Stage) -> None:
    """All pods find room in the pool that the spec names, with autoscaled services at their largest."""
    services = stage.repository.load().services[PRIMARY]
    largest = {name: service.autoscale.max for name, service in services.items() if service.autoscale}
    assert largest
    stage.wait("the most pods", lambda: {name: len(stage.pods(name)) for name in largest} == largest)
    stage.wait_for_health()
    assert [one for one in list_places(stage) if one not in list_pools(stage).items()] == []
    assert {pod for pod, _ in list_places(stage)} >= set(services)


def test_what_is_delivered_stays_in_sync(stage: Stage) -> None:
    """What controllers write makes no Application OutOfSync, and a second sync applies nothing."""
    for part in stage.repository.list_parts(PRIMARY):
        assert (part, stage.list_out_of_sync(part)) == (part, [])
        assert stage.sync(part).applied == ()


def test_shards_move_one_by_one(stage: Stage) -> None:
    """The partition holds shard 0 on the old version; the second commit lets it follow."""
    held = _pod(stage, "trading-engine-0")
    image = release(stage, "trading-engine", "v1.1.0")
    stage.wait("shard 1 moves", lambda: image_of(_pod(stage, "trading-engine-1")) == image)
    stage.wait_for_health(["trading-engine"])
    assert _uid(_pod(stage, "trading-engine-0")) == _uid(held)
    _part(stage, 0)
    stage.wait("shard 0 moves", lambda: image_of(_pod(stage, "trading-engine-0")) == image)
    stage.wait_for_health(["trading-engine"])
    _part(stage, 1)


def test_a_broken_shard_stops_a_release(stage: Stage) -> None:
    """A shard that does not become ready holds up all others; once the spec is right, it comes back by itself."""
    before, old = stage.repository.text(), _images(stage, "trading-engine")
    held = _pod(stage, "trading-engine-0")
    image = release(stage, "trading-engine", "v2.0.0-broken")
    stage.wait("shard 1 breaks", lambda: image_of(_pod(stage, "trading-engine-1")) == image)
    _part(stage, 0)
    stage.wait("the controller knows", lambda: has_been_seen(stage.get(STATEFUL, "trading-engine")))
    assert _uid(_pod(stage, "trading-engine-0")) == _uid(held)
    stage.repository.restore(before)
    stage.deliver("trading-engine")
    stage.wait_for_health(["trading-engine"])
    assert _images(stage, "trading-engine") == old
    assert _uid(_pod(stage, "trading-engine-0")) == _uid(held)


def test_a_freeze_leaves_a_way_back(stage: Stage) -> None:
    """When no sync passes, the runbook's command takes a broken shard back; the commit that follows changes nothing."""
    before, old = stage.repository.text(), _images(stage, "trading-engine")
    image = release(stage, "trading-engine", "v2.1.0-broken")
    stage.wait("shard 1 breaks", lambda: image_of(_pod(stage, "trading-engine-1")) == image)
    stage.follow("trading-engine", "rollout undo")
    stage.wait_for_health(["trading-engine"])
    pods = stage.pods("trading-engine")
    assert {image_of(pod) for pod in pods} == old
    stage.repository.restore(before)
    stage.deliver("trading-engine")
    stage.wait_for_health(["trading-engine"])
    assert {_uid(pod) for pod in stage.pods("trading-engine")} == {_uid(pod) for pod in pods}


def test_a_broken_single_is_deleted_by_hand(stage: Stage) -> None:
    """Ordered pods wait for a broken one, even when the spec is right again (kubernetes#67250): the runbook says so."""
    before, old = stage.repository.text(), _images(stage, "ledger")
    image = release(stage, "ledger", "v2.0.0-broken")
    stage.wait("it breaks", lambda: image_of(_pod(stage, "ledger-0")) == image)
    stage.repository.restore(before)
    stage.deliver("ledger")
    stage.wait("the controller knows", lambda: has_been_seen(stage.get(STATEFUL, "ledger")))
    assert image_of(_pod(stage, "ledger-0")) == image
    stage.follow("ledger", "delete pod")
    stage.wait_for_health(["ledger"])
    assert _images(stage, "ledger") == old


def test_a_drain_moves_all_but_engines(stage: Stage) -> None:
    """Every budget lets a pod go, so that nodes can be repaired; those of engines let none: a person moves them."""
    services = stage.repository.load().services[PRIMARY]
    engines = {name for name, service in services.items() if service.latency == "tick-to-trade"}
    stage.wait("only engines stay", lambda: _list_budgets(stage, allowed=False) == engines)
    assert _list_budgets(stage, allowed=True)


def test_a_config_change_rolls_its_readers(stage: Stage) -> None:
    """Only the services whose configuration changed get new pods; pods that stay keep the configuration they have."""
    before = {one["metadata"]["name"]: _uids(stage, one) for one in stage.workloads()}
    config = {"config": {"PLAY": "changed"}}
    stage.repository.edit({"services": {"trading-engine": config, "market-data": config}})
    stage.deliver()
    stage.wait_for_health()
    after = {one["metadata"]["name"]: _uids(stage, one) for one in stage.workloads()}
    assert {name for name in before if after[name] - before[name]} == {"trading-engine", "market-data"}
    assert _read_config(stage, _pod(stage, "trading-engine-1"))["PLAY"] == "changed"
    assert "PLAY" not in _read_config(stage, _pod(stage, "trading-engine-0"))


def _list_budgets(stage: Stage, *, allowed: bool) -> set[str]:
    """The budgets that let a pod go now, or those that do not."""
    budgets = stage.objects(("policy/v1", "PodDisruptionBudget"))
    return {one["metadata"]["name"] for one in budgets if bool(one["status"]["disruptionsAllowed"]) is allowed}


def _part(stage: Stage, partition: int) -> None:
    stage.repository.edit({"services": {"trading-engine": {"release": {"partition": partition}}}})
    stage.deliver("trading-engine")


def _images(stage: Stage, service: str) -> set[str]:
    return {image_of(pod) for pod in stage.pods(service)}


def _pod(stage: Stage, name: str) -> Manifest:
    """A pod; an empty one while there is none."""
    none: dict[str, Any] = {"metadata": {"uid": ""}, "spec": {"containers": [{"image": ""}]}}
    return next((pod for pod in stage.pods() if pod["metadata"]["name"] == name), none)


def _uid(pod: Manifest) -> str:
    return str(pod["metadata"]["uid"])


def _uids(stage: Stage, workload: Manifest) -> set[str]:
    labels = workload["spec"]["selector"]["matchLabels"].items()
    return {_uid(pod) for pod in stage.pods() if labels <= pod["metadata"]["labels"].items()}


def _read_config(stage: Stage, pod: Manifest) -> dict[str, str]:
    """The variables that a pod takes from ConfigMaps, as they are now."""
    sources = [one["configMapRef"]["name"] for one in pod["spec"]["containers"][0]["envFrom"] if "configMapRef" in one]
    return {key: value for name in sources for key, value in stage.get(("v1", "ConfigMap"), name)["data"].items()}
