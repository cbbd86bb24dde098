"""Staging's A/B test is played: two versions side by side for as long as the spec says so, and nothing left after."""

from collections.abc import Iterator

import pytest

from tests.e2e.cluster.opening import open_stage
from tests.e2e.cluster.placement import list_places, list_pools
from tests.e2e.cluster.repository import name_image
from tests.e2e.cluster.stage import DEPLOYMENT, SERVICE, Stage

pytestmark = pytest.mark.cluster

_CLUSTER = "azure-eus2"
_ROUTE = "gateway.networking.k8s.io/v1", "HTTPRoute"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Staging, brought up as its README says."""
    with open_stage(tmp_path_factory.mktemp("staging"), ("staging", _CLUSTER), {}) as stage:
        yield stage


def test_an_ab_test_lives_and_ends(stage: Stage) -> None:
    """Each variant has pods and a Service of its own and its share of the route; without the test all of it is gone."""
    pair = {"analytics", "analytics-ranking-b"}
    assert _list_backends(stage) == {"analytics": 50, "analytics-ranking-b": 50}
    assert pair <= _list_names(stage, DEPLOYMENT)
    assert stage.served("analytics").isdisjoint(stage.served("analytics-ranking-b"))
    stage.repository.edit({"services": {"analytics": {"release": {"strategy": "rolling"}}}})
    outcome = stage.deliver("analytics")["analytics"]
    assert {"Deployment/analytics-ranking-b", "Service/analytics-ranking-b"} <= set(outcome.pruned)
    assert list(_list_backends(stage)) == ["analytics"]
    stage.wait("the variant has gone", lambda: "analytics-ranking-b" not in _list_names(stage, DEPLOYMENT))
    stage.wait_for_health(["analytics"])
    assert stage.list_out_of_sync("analytics") == []
    assert [name for name in _list_names(stage, SERVICE) if "ranking-b" in name] == []


def test_a_blue_green_release_promotes_itself(stage: Stage) -> None:
    """Where the spec says so nobody is asked: as soon as the new pods are ready they serve."""
    image = name_image("risk-gateway", "v1.1.0")
    stage.repository.edit({"services": {"risk-gateway": {"image": image}}})
    stage.deliver("risk-gateway")
    stage.wait_until_served("risk-gateway", {image})


def test_each_pod_runs_in_its_pool(stage: Stage) -> None:
    """All pods find room in the pool that the spec names."""
    assert [one for one in list_places(stage) if one not in list_pools(stage).items()] == []
    assert {pod for pod, _ in list_places(stage)} >= set(stage.repository.load().services[_CLUSTER])


def _list_names(stage: Stage, kind: tuple[str, str]) -> set[str]:
    return {one["metadata"]["name"] for one in stage.objects(kind)}


def _list_backends(stage: Stage) -> dict[str, int]:
    """Where the route leads, and how much of the traffic."""
    rules = stage.get(_ROUTE, "analytics")["spec"]["rules"]
    return {one["name"]: one["weight"] for rule in rules for one in rule["backendRefs"]}
