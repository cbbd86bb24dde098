"""Releases: weights that pods can make, ordinals that are released."""

import pytest

from hftgen.spec.rules.release import list_near_weights
from tests.unit.rules.tiny import Bench

REACHED = "ports: {{http: 80}}, expose: {{host: x.example.com, via: {}}}"
CANARY = REACHED + ", release: {{strategy: canary, steps: {}, traffic: {{router: {}}}}}"


def _canary(replicas: str, steps: str, router: str = "none") -> str:
    way = "ingress" if router == "alb" else "gateway"
    return f"services: {{web: {{{replicas}, {CANARY.format(way, steps, router)}}}}}"


@pytest.mark.parametrize(
    ("replicas", "steps"), [(2, "[50, 100]"), (10, "[10, 20, 100]"), (3, "[100]"), (0, "[1, 100]"), (100, "[1, 100]")]
)
def test_weights_that_are_whole_pods(bench: Bench, replicas: int, steps: str) -> None:
    """Weight times replicas / 100 is whole. A service of none has nothing to weigh."""
    assert bench.problems(_canary(f"replicas: {replicas}", steps)) == ()


def test_the_nearest_weights_are_named(bench: Bench) -> None:
    """And how many replicas would do."""
    problem = bench.only(_canary("replicas: 6", "[10, 50, 100]"), "services.web.release.steps[0].weight")
    assert problem.expected == "with 6 replicas: 50"
    assert problem.hint == "or 10 replicas, or traffic.router"
    problem = bench.only(_canary("replicas: 4", "[30, 100]"), "services.web.release.steps[0].weight")
    assert problem.expected == "with 4 replicas: 25 or 50"
    alone = bench.only(_canary("replicas: 1", "[50, 100]"), "services.web.release.steps[0].weight")
    assert alone.expected == "with 1 replica: no weight below 100"


def test_a_router_makes_any_weight(bench: Bench) -> None:
    """Whatever the number of pods."""
    assert bench.problems(_canary("replicas: 3", "[1, 100]", "istio")) == ()


def test_an_autoscaled_service_promises_no_weight(bench: Bench) -> None:
    """Nobody knows how many pods there are when the step comes."""
    scale = "cpu: 1, autoscale: {min: 2, max: 4, cpu: 80%}"
    assert "autoscaled" in bench.only(_canary(scale, "[50, 100]"), "services.web.release.steps").message
    assert bench.problems(_canary(scale, "[100]")) == bench.problems(_canary(scale, "[50, 100]", "alb")) == ()


def test_a_cluster_with_other_replicas_is_weighed_apart(bench: Bench) -> None:
    """A standby too: after a failover it is what serves."""
    clusters = "clusters: {one: {}, two: {replicas: 3}}"
    text = f"services: {{web: {{replicas: 2, {clusters}, {CANARY.format('gateway', '[50, 100]', 'none')}}}}}"
    problem = bench.only(
        "clusters: {two: {cloud: gcp, role: standby}}\n" + text, "services.web.release.steps[0].weight"
    )
    assert "of 3 replicas on cluster two" in problem.message


def test_near_weights() -> None:
    """One below and one above, where there are any."""
    assert list_near_weights(10, 3) == []
    assert list_near_weights(10, 20) == [5, 15]
    assert list_near_weights(99, 4) == [75]


def test_a_partition_releases_some_ordinal(bench: Bench) -> None:
    """As high as the number of replicas it would hold all back, without a word."""
    release = "release: {{strategy: rolling, partition: 1}}"
    text = "services: {{web: {{workload: stateful, instances: sharded, replicas: {}, " + release + "}}}}"
    assert bench.problems(text.format(2)) == bench.problems(text.format(0)) == ()
    assert bench.paths(text.format(1)) == ["services.web.release.partition"]


def test_a_preview_is_no_larger_than_the_service(bench: Bench) -> None:
    """It could never be promoted to fewer."""
    text = "services: {{web: {{replicas: 2, release: {{strategy: blueGreen, previewReplicas: {}}}}}}}"
    assert bench.problems(text.format(2)) == ()
    assert bench.paths(text.format(3)) == ["services.web.release.previewReplicas"]
