"""Production is played on its primary cluster: releases go on, stop and go back by the real controllers."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.cluster.client import Manifest
from tests.e2e.cluster.opening import open_stage
from tests.e2e.cluster.placement import list_places, list_pools
from tests.e2e.cluster.recording import record
from tests.e2e.cluster.repository import name_image
from tests.e2e.cluster.stage import ROLLOUT, SERVICE, STATEFUL, Stage, has_been_seen, image_of

pytestmark = pytest.mark.cluster

_CLUSTER = "aws-use1"
_ROUTE = "networking.istio.io/v1", "VirtualService"
_HASH = "rollouts-pod-template-hash"
_GOOD = {"histogram_quantile": 0.001, "requests_total": 0.0}
_BAD = {"histogram_quantile": 0.001, "requests_total": 0.5}
# As production says it, in seconds instead of minutes.
_QUICK = {
    "order-gateway": {"release": {"pause": "8s", "analysis": {"interval": "1s"}}},
    "risk-gateway": {"release": {"drain": "5s"}},
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Production's primary cluster, brought up as its README says, and as full as it may become."""
    folder = tmp_path_factory.mktemp("production")
    with open_stage(folder, ("production", _CLUSTER), {"services": _QUICK}) as stage:
        yield stage


@pytest.fixture(autouse=True)
def _in_order(stage: Stage) -> None:
    """Each test begins with everything healthy, whatever became of the one before."""
    stage.prometheus.say(_GOOD)
    stage.settle()


def test_each_pod_runs_in_its_pool(stage: Stage) -> None:
    """All pods find room in the pool that the spec names, with autoscaled services at their largest."""
    services = stage.repository.load().services[_CLUSTER]
    largest = {name: service.autoscale.max for name, service in services.items() if service.autoscale}
    assert largest
    stage.wait("the most pods", lambda: {name: len(stage.pods(name)) for name in largest} == largest)
    stage.wait_for_health()
    assert [one for one in list_places(stage) if one not in list_pools(stage).items()] == []
    assert {pod for pod, _ in list_places(stage)} >= set(services)


def test_what_is_delivered_stays_in_sync(stage: Stage) -> None:
    """What controllers write makes no Application OutOfSync, and a second sync applies nothing."""
    for part in stage.repository.list_parts(_CLUSTER):
        assert (part, stage.list_out_of_sync(part)) == (part, [])
        assert stage.sync(part).applied == ()


def test_a_canary_moves_through_its_weights(stage: Stage) -> None:
    """A new image gets 10, then 50, then 100 percent of the requests; a sync in its middle takes nothing back."""
    route = stage.get(_ROUTE, "order-gateway")
    with record(stage.client, route) as recording:
        image = _release(stage, "order-gateway", "v1.1.0")
        stage.wait("10 percent", lambda: _weights(stage.get(_ROUTE, "order-gateway")) == (90, 10))
        hashes = _hashes(stage, "order-gateway", "order-gateway-canary")
        assert stage.sync("order-gateway").applied == ()
        assert len(hashes) == len(set(hashes)) == 2
        assert hashes == _hashes(stage, "order-gateway", "order-gateway-canary")
        stage.wait_for_health(["order-gateway"])
        stage.wait("all is stable", lambda: _weights(stage.get(_ROUTE, "order-gateway")) == (100, 0))
    assert recording.trace(_weights) == [(100, 0), (90, 10), (50, 50), (0, 100), (100, 0)]
    assert stage.served("order-gateway") == {image}


def test_a_bad_metric_takes_a_canary_back(stage: Stage) -> None:
    """More failures than are tolerated end a release, and all requests go to the old pods; then the spec goes back."""
    stage.prometheus.say(_BAD)
    before, old = stage.repository.text(), stage.served("order-gateway")
    _release(stage, "order-gateway", "v1.2.0-bad")
    stage.wait("aborted", lambda: stage.get(ROLLOUT, "order-gateway")["status"].get("abort"))
    stage.wait("traffic is back", lambda: _weights(stage.get(_ROUTE, "order-gateway")) == (100, 0))
    assert stage.get(ROLLOUT, "order-gateway")["status"]["phase"] == "Degraded"
    assert stage.served("order-gateway") == old
    stage.repository.restore(before)
    stage.deliver("order-gateway")
    stage.wait_for_health(["order-gateway"])
    assert stage.served("order-gateway") == old


def test_no_data_pauses_a_canary(stage: Stage) -> None:
    """Without traffic a release neither passes nor fails: it waits where it is until a person lets it go on."""
    stage.prometheus.say({})
    image = _release(stage, "order-gateway", "v1.3.0")
    stage.wait("inconclusive", lambda: "InconclusiveAnalysisRun" in _pauses(stage, "order-gateway"))
    assert _weights(stage.get(_ROUTE, "order-gateway")) == (90, 10)
    assert stage.prometheus.asked()
    stage.prometheus.say(_GOOD)
    stage.rollouts("promote", "order-gateway")
    stage.wait_for_health(["order-gateway"])
    assert stage.served("order-gateway") == {image}


def test_a_blue_green_release_waits_for_a_person(stage: Stage) -> None:
    """The new pods are there to be looked at; requests go to the old ones until somebody promotes them."""
    old = stage.served("risk-gateway")
    image = _release(stage, "risk-gateway", "v1.1.0")
    stage.wait("waits", lambda: "BlueGreenPause" in _pauses(stage, "risk-gateway"))
    assert stage.served("risk-gateway-preview") == {image}
    assert stage.served("risk-gateway") == old
    stage.rollouts("promote", "risk-gateway")
    stage.wait_for_health(["risk-gateway"])
    assert stage.served("risk-gateway") == {image}
    stage.wait("the old pods have gone", lambda: _images(stage, "risk-gateway") == {image})


def test_a_blue_green_release_is_aborted(stage: Stage) -> None:
    """What is not promoted never served anybody; the spec goes back, and nothing is left of it."""
    before, old = stage.repository.text(), stage.served("risk-gateway")
    _release(stage, "risk-gateway", "v1.2.0-doubtful")
    stage.wait("waits", lambda: "BlueGreenPause" in _pauses(stage, "risk-gateway"))
    stage.rollouts("abort", "risk-gateway")
    stage.wait("aborted", lambda: stage.get(ROLLOUT, "risk-gateway")["status"].get("phase") == "Degraded")
    assert stage.served("risk-gateway") == old
    stage.repository.restore(before)
    stage.deliver("risk-gateway")
    stage.wait_for_health(["risk-gateway"])
    assert stage.served("risk-gateway") == stage.served("risk-gateway-preview") == old


def test_shards_move_one_by_one(stage: Stage) -> None:
    """The partition holds shard 0 on the old version; the second commit lets it follow."""
    held = _shard(stage, 0)
    image = _release(stage, "trading-engine", "v1.1.0")
    stage.wait("shard 1 moves", lambda: image_of(_shard(stage, 1)) == image)
    stage.wait_for_health(["trading-engine"])
    assert _shard(stage, 0)["metadata"]["uid"] == held["metadata"]["uid"]
    _part(stage, 0)
    stage.wait("shard 0 moves", lambda: image_of(_shard(stage, 0)) == image)
    stage.wait_for_health(["trading-engine"])
    _part(stage, 1)


def test_a_broken_shard_stops_a_release(stage: Stage) -> None:
    """A shard that does not become ready holds up all others; the spec goes back, and so does the shard."""
    before, old = stage.repository.text(), _images(stage, "trading-engine")
    held = _shard(stage, 0)
    image = _release(stage, "trading-engine", "v2.0.0-broken")
    stage.wait("shard 1 breaks", lambda: image_of(_shard(stage, 1)) == image)
    _part(stage, 0)
    stage.wait("the controller knows", lambda: has_been_seen(stage.get(STATEFUL, "trading-engine")))
    assert _shard(stage, 0)["metadata"]["uid"] == held["metadata"]["uid"]
    stage.repository.restore(before)
    stage.deliver("trading-engine")
    stage.wait_for_health(["trading-engine"])
    assert _images(stage, "trading-engine") == old
    assert _shard(stage, 0)["metadata"]["uid"] == held["metadata"]["uid"]


def test_a_config_change_rolls_its_readers(stage: Stage) -> None:
    """Only the services whose configuration changed get new pods; pods that stay keep the configuration they have."""
    before = {one["metadata"]["name"]: _uids(stage, one) for one in stage.workloads()}
    config = {"config": {"PLAY": "changed"}}
    stage.repository.edit({"services": {"trading-engine": config, "market-data": config}})
    stage.deliver()
    stage.wait_for_health()
    after = {one["metadata"]["name"]: _uids(stage, one) for one in stage.workloads()}
    assert {name for name in before if after[name] - before[name]} == {"trading-engine", "market-data"}
    assert _read_config(stage, _shard(stage, 1))["PLAY"] == "changed"
    assert "PLAY" not in _read_config(stage, _shard(stage, 0))


def _release(stage: Stage, service: str, tag: str) -> str:
    """Commit a new image and sync it."""
    image = name_image(service, tag)
    stage.repository.edit({"services": {service: {"image": image}}})
    stage.deliver(service)
    return image


def _part(stage: Stage, partition: int) -> None:
    stage.repository.edit({"services": {"trading-engine": {"release": {"partition": partition}}}})
    stage.deliver("trading-engine")


def _weights(route: Manifest) -> tuple[int, ...]:
    """What the old and the new pods get, in percent."""
    return tuple(one["weight"] for one in route["spec"]["http"][0]["route"])


def _hashes(stage: Stage, *services: str) -> list[str]:
    """The pods that Services select."""
    return [stage.get(SERVICE, name)["spec"]["selector"][_HASH] for name in services]


def _pauses(stage: Stage, name: str) -> list[str]:
    status = stage.get(ROLLOUT, name).get("status", {})
    return [pause["reason"] for pause in status.get("pauseConditions", [])]


def _images(stage: Stage, service: str) -> set[str]:
    return {image_of(pod) for pod in stage.pods(service)}


def _shard(stage: Stage, ordinal: int) -> Manifest:
    """The pod of a shard; an empty one while there is none."""
    name = f"trading-engine-{ordinal}"
    none: dict[str, Any] = {"metadata": {"uid": ""}, "spec": {"containers": [{"image": ""}]}}
    return next((pod for pod in stage.pods("trading-engine") if pod["metadata"]["name"] == name), none)


def _uids(stage: Stage, workload: Manifest) -> set[str]:
    labels = workload["spec"]["selector"]["matchLabels"].items()
    return {pod["metadata"]["uid"] for pod in stage.pods() if labels <= pod["metadata"]["labels"].items()}


def _read_config(stage: Stage, pod: Manifest) -> dict[str, str]:
    """The variables that a pod takes from ConfigMaps, as they are now."""
    sources = [one["configMapRef"]["name"] for one in pod["spec"]["containers"][0]["envFrom"] if "configMapRef" in one]
    return {key: value for name in sources for key, value in stage.get(("v1", "ConfigMap"), name)["data"].items()}
