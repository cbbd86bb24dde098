"""The rules of latency classes."""

import pytest

from tests.unit.rules.tiny import Bench, with_service


def test_a_pinned_engine_is_right(bench: Bench) -> None:
    """The tick-to-trade service of the base breaks no rule."""
    assert bench.problems("", base="fast") == ()


def test_fast_needs_a_pinned_pool(bench: Bench) -> None:
    """Exclusive CPUs exist only where the kubelet pins."""
    text = "services: {engine: {pool: general, hugepages: null, cpu: 2, memory: 4Gi}}"
    problem = bench.only(text, "services.engine.pool", base="fast")
    assert "pool general of cluster one has no pinning" in problem.message
    assert "fast" in problem.expected


def test_a_cluster_without_pools_is_not_asked(bench: Bench) -> None:
    """On kind the pool is ignored; only hugepages, which it cannot have, must go."""
    text = "clusters: {one: null, local: {cloud: kind}}\n"
    assert bench.paths(text, base="fast") == ["services.engine.hugepages"]
    assert bench.problems(text + "services: {engine: {hugepages: null, cpu: 3}}", base="fast") == ()


@pytest.mark.parametrize("latency", ["tick-to-trade", "low"])
@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ("memory: {request: 1Gi, limit: 2Gi}", "services.engine.memory"),
        ("cpu: null", "services.engine.cpu"),
        ("memory: {request: 1Gi}", "services.engine.memory"),
        ("sidecars: {s: {image: x, cpu: 1m, memory: {request: 1Mi, limit: 2Mi}}}", "services.engine.sidecars.s.memory"),
        ("init: [{name: migrate, image: x, memory: 1Mi}]", "services.engine.init[0].cpu"),
    ],
)  # fmt: skip
def test_every_container_is_guaranteed(bench: Bench, latency: str, fields: str, path: str) -> None:
    """One container with another request than limit, or none, takes the whole pod's guarantee away."""
    problem = bench.only(f"services: {{engine: {{latency: {latency}, {fields}}}}}", path, base="fast")
    assert "request = limit in every container" in problem.message


def test_a_limit_alone_is_its_request(bench: Bench) -> None:
    """Kubernetes takes the limit for a request that is not said."""
    assert bench.problems("services: {engine: {memory: {limit: 48Gi}}}", base="fast") == ()


def test_standard_may_do_as_it_likes(bench: Bench) -> None:
    """No rule of a class looks at it."""
    fields = "{cpu: {request: 100m, limit: 1}, mesh: true, autoscale: {min: 1, max: 2, cpu: 80%}}"
    assert bench.problems(with_service("any", fields)) == ()


@pytest.mark.parametrize(("cpu", "words"), [("1500m", "as whole ones only"), ("15", "two threads a core")])
def test_fast_gets_whole_cores(bench: Bench, cpu: str, words: str) -> None:
    """Fractions are never exclusive, and half a core is shared with a stranger."""
    assert words in bench.only(f"services: {{engine: {{cpu: {cpu}}}}}", "services.engine.cpu", base="fast").message


def test_a_sidecar_may_share_the_common_cpus(bench: Bench) -> None:
    """A fraction keeps the pod Guaranteed and runs on the pool's shared CPUs; an odd whole number is refused."""
    text = "services: {{engine: {{sidecars: {{log: {{image: x, cpu: {}, memory: 64Mi}}}}}}}}"
    assert bench.problems(text.format("100m"), base="fast") == ()
    assert bench.paths(text.format("1"), base="fast") == ["services.engine.sidecars.log.cpu"]


def test_one_thread_a_core_may_be_odd(bench: Bench) -> None:
    """With smt off a thread is a core."""
    pool = "clusters: {one: {pools: {fast: {machine: c7g.metal, reserved: 0-1}}}}\n"
    assert bench.problems(pool + "services: {engine: {cpu: 15, memory: 16Gi}}", base="fast") == ()


def test_fast_is_not_autoscaled(bench: Bench) -> None:
    """Its nodes are set apart beforehand."""
    fields = "{latency: tick-to-trade, pool: fast, cpu: 2, memory: 1Gi, autoscale: {min: 2, max: 3, cpu: 80%}}"
    assert bench.paths(with_service("x", fields), base="fast") == ["services.x.autoscale"]


@pytest.mark.parametrize("latency", ["tick-to-trade", "low"])
def test_fast_and_low_run_on_no_spot_nodes(bench: Bench, latency: str) -> None:
    """The cloud takes them back."""
    text = f"clusters: {{one: {{pools: {{fast: {{spot: true}}}}}}}}\nservices: {{engine: {{latency: {latency}}}}}"
    assert bench.paths(text, base="fast") == ["services.engine.pool"]


def test_fast_stays_out_of_the_mesh(bench: Bench) -> None:
    """A proxy costs more than the trade has."""
    assert bench.paths("services: {engine: {mesh: true}}", base="fast") == ["services.engine.mesh"]


def test_low_scales_from_two(bench: Bench) -> None:
    """Any number of replicas, but an autoscaler starts at two."""
    fields = "{{latency: low, cpu: 1, memory: 1Gi, autoscale: {{min: {}, max: 3, cpu: 80%}}}}"
    assert bench.paths(with_service("x", fields.format(1))) == ["services.x.autoscale.min"]
    assert bench.problems(with_service("x", fields.format(2))) == ()
    assert bench.problems(with_service("x", "{latency: low, cpu: 1, memory: 1Gi, replicas: 1}")) == ()


GUEST = "services: {{guest: {{image: x, pool: fast, memory: 1Gi, {}}}}}"


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ("cpu: 1", ["services.guest.cpu"]),
        ("cpu: 2", []),
        ("cpu: 1500m", []),
        ("cpu: {request: 500m, limit: 1}", []),
        ("cpu: 1, sidecars: {s: {image: x}}", []),
        ("cpu: 2, sidecars: {s: {image: x, cpu: 3, memory: 1Mi}}", ["services.guest.sidecars.s.cpu"]),
    ],
)
def test_a_guest_of_a_pinned_pool_gets_whole_cores(bench: Bench, fields: str, paths: list[str]) -> None:
    """A Guaranteed pod of any class is pinned there; every other shares CPUs."""
    assert bench.paths(GUEST.format(fields), base="fast") == paths
