"""Releases in production are played: they go on, stop and go back by the real Rollouts controller."""

from collections.abc import Iterator

import pytest

from tests.e2e.cluster.client import Manifest
from tests.e2e.cluster.opening import open_stage
from tests.e2e.cluster.production import CHANGES, SITE, release
from tests.e2e.cluster.recording import record
from tests.e2e.cluster.stage import ROLLOUT, SERVICE, Stage, image_of

pytestmark = pytest.mark.cluster

_ROUTE = "networking.istio.io/v1", "VirtualService"
_HASH = "rollouts-pod-template-hash"
_GOOD = {"histogram_quantile": 0.001, "requests_total": 0.0}
_BAD = {"histogram_quantile": 0.001, "requests_total": 0.5}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Production's primary cluster, brought up as its README says, and as full as it may become."""
    with open_stage(tmp_path_factory.mktemp("production"), SITE, CHANGES) as stage:
        yield stage


@pytest.fixture(autouse=True)
def _in_order(stage: Stage) -> None:
    """Each test begins with everything healthy, whatever became of the one before."""
    stage.prometheus.say(_GOOD)
    stage.settle()


def test_a_canary_moves_through_its_weights(stage: Stage) -> None:
    """A new image gets 10, then 50, then 100 percent of the requests; a sync in its middle takes nothing back."""
    route = stage.get(_ROUTE, "order-gateway")
    with record(stage.client, route) as recording:
        image = release(stage, "order-gateway", "v1.1.0")
        stage.wait("10 percent", lambda: _weights(stage.get(_ROUTE, "order-gateway")) == (90, 10))
        hashes = _hashes(stage, "order-gateway", "order-gateway-canary")
        assert stage.sync("order-gateway").applied == ()
        assert len(hashes) == len(set(hashes)) == 2
        assert hashes == _hashes(stage, "order-gateway", "order-gateway-canary")
        stage.wait_until_served("order-gateway", {image})
        stage.wait("all is stable", lambda: _weights(stage.get(_ROUTE, "order-gateway")) == (100, 0))
    assert recording.trace(_weights) == [(100, 0), (90, 10), (50, 50), (0, 100), (100, 0)]


def test_a_bad_metric_takes_a_canary_back(stage: Stage) -> None:
    """More failures than are tolerated end a release, and all requests go to the old pods; then the spec goes back."""
    stage.prometheus.say(_BAD)
    before, old = stage.repository.text(), stage.served("order-gateway")
    release(stage, "order-gateway", "v1.2.0-bad")
    stage.wait("aborted", lambda: stage.get(ROLLOUT, "order-gateway")["status"].get("abort"))
    stage.wait("traffic is back", lambda: _weights(stage.get(_ROUTE, "order-gateway")) == (100, 0))
    stage.wait("degraded", lambda: stage.get(ROLLOUT, "order-gateway")["status"].get("phase") == "Degraded")
    assert stage.served("order-gateway") == old
    stage.repository.restore(before)
    stage.deliver("order-gateway")
    stage.wait_until_served("order-gateway", old)


def test_the_way_back_takes_no_steps(stage: Stage) -> None:
    """The version before comes back at once: nobody waits for pauses and measurements while clients see errors."""
    before, old = stage.repository.text(), stage.served("order-gateway")
    image = release(stage, "order-gateway", "v1.4.0")
    stage.wait_until_served("order-gateway", {image})
    stage.repository.restore(before)
    with record(stage.client, stage.get(_ROUTE, "order-gateway")) as recording:
        stage.deliver("order-gateway")
        stage.wait_until_served("order-gateway", old)
    assert not {(90, 10), (50, 50)} & set(recording.trace(_weights))


def test_a_changed_route_needs_a_hand(stage: Stage) -> None:
    """Its list of routes holds weights that Argo CD leaves alone: it says OutOfSync, and the runbook what to do."""
    before, old = stage.repository.text(), _ports(stage)
    stage.repository.edit({"services": {"order-gateway": {"expose": {"port": "metrics"}}}})
    for port in (9090, *old):
        stage.deliver("order-gateway")
        assert stage.list_out_of_sync("order-gateway") == ["VirtualService/order-gateway"]
        assert _ports(stage) != {port}
        stage.follow("order-gateway", "delete virtualservice")
        stage.sync("order-gateway")
        assert stage.list_out_of_sync("order-gateway") == []
        assert _ports(stage) == {port}
        stage.repository.restore(before)


def test_no_data_pauses_a_canary(stage: Stage) -> None:
    """Without traffic a release neither passes nor fails: it waits where it is until a person lets it go on."""
    stage.prometheus.say({})
    image = release(stage, "order-gateway", "v1.3.0")
    stage.wait("inconclusive", lambda: "InconclusiveAnalysisRun" in _pauses(stage, "order-gateway"))
    assert _weights(stage.get(_ROUTE, "order-gateway")) == (90, 10)
    assert stage.prometheus.asked()
    stage.prometheus.say(_GOOD)
    stage.follow("order-gateway", "promote order-gateway -n")
    stage.wait_until_served("order-gateway", {image})


def test_a_blue_green_release_waits_for_a_person(stage: Stage) -> None:
    """The new pods are there to be looked at; requests go to the old ones until somebody promotes them."""
    old = stage.served("risk-gateway")
    image = release(stage, "risk-gateway", "v1.1.0")
    stage.wait("waits", lambda: "BlueGreenPause" in _pauses(stage, "risk-gateway"))
    assert stage.served("risk-gateway-preview") == {image}
    assert stage.served("risk-gateway") == old
    stage.follow("risk-gateway", "promote risk-gateway -n")
    stage.wait_until_served("risk-gateway", {image})
    stage.wait("the old pods have gone", lambda: {image_of(pod) for pod in stage.pods("risk-gateway")} == {image})


def test_a_blue_green_release_is_aborted(stage: Stage) -> None:
    """What is not promoted never served anybody; the spec goes back, and nothing is left of it."""
    before, old = stage.repository.text(), stage.served("risk-gateway")
    release(stage, "risk-gateway", "v1.2.0-doubtful")
    stage.wait("waits", lambda: "BlueGreenPause" in _pauses(stage, "risk-gateway"))
    stage.follow("risk-gateway", "abort risk-gateway -n")
    stage.wait("aborted", lambda: stage.get(ROLLOUT, "risk-gateway")["status"].get("phase") == "Degraded")
    assert stage.served("risk-gateway") == old
    stage.repository.restore(before)
    stage.deliver("risk-gateway")
    stage.wait_until_served("risk-gateway", old)
    stage.wait("nothing is left of it", lambda: stage.served("risk-gateway-preview") == old)


def _weights(route: Manifest) -> tuple[int, ...]:
    """What the old and the new pods get, in percent."""
    return tuple(one["weight"] for one in route["spec"]["http"][0]["route"])


def _ports(stage: Stage) -> set[int]:
    """Where the route leads."""
    routes = stage.get(_ROUTE, "order-gateway")["spec"]["http"][0]["route"]
    return {one["destination"]["port"]["number"] for one in routes}


def _hashes(stage: Stage, *services: str) -> list[str]:
    """The pods that Services select."""
    return [stage.get(SERVICE, name)["spec"]["selector"][_HASH] for name in services]


def _pauses(stage: Stage, name: str) -> list[str]:
    status = stage.get(ROLLOUT, name).get("status", {})
    return [pause["reason"] for pause in status.get("pauseConditions", [])]
