"""Capacity: pods against the nodes of their pool."""

from pathlib import Path

import pytest
import yaml

from hftgen.errors import InputError
from hftgen.spec.load import Sources, load
from tests.unit.rules.tiny import Bench, with_service

REACHED = "ports: {http: 80}, expose: {host: x.example.com}"
NEEDS = "cpu: 3, memory: 1Gi"


def _replicas(count: int, fields: str = "") -> str:
    """A service of 3 CPUs a pod: a node of the base's pool holds five, so that its 4 nodes (max 5 less one) hold 20."""
    return with_service("x", f"{{{NEEDS}, replicas: {count}, {fields}}}")


def test_nodes_less_one_hold_the_pods(bench: Bench) -> None:
    """Surge and the lost node are counted: 16 pods and 4 more while they are released."""
    assert bench.problems(_replicas(16)) == ()
    problem = bench.only(_replicas(17), "clusters.one.pools.general.max")
    assert "2 of the 22 pods of x find no room" in problem.message
    assert problem.found == "22 pods of x with cpu 3, memory 1Gi each"
    assert (
        problem.expected == "what fits into 4 nodes (max 5 less one that may fail) with cpu 15.89, memory 61.1Gi each"
    )
    assert "max: 6 would do" in problem.hint


def test_development_loses_no_node(bench: Bench) -> None:
    """All five nodes count there."""
    assert bench.problems(_replicas(20), tier="development") == ()


@pytest.mark.parametrize(
    ("fields", "most"),
    [
        ("release: {strategy: rolling, maxSurge: 0, maxUnavailable: 1}", 20),
        ("release: {strategy: rolling, maxSurge: '100%'}", 10),
        ("release: {strategy: blueGreen, previewReplicas: 1}", 10),
        (f"{REACHED}, release: {{strategy: canary, steps: [50, 100], traffic: {{router: istio}}}}", 10),
        ("release: {strategy: canary, steps: [50, 100]}", 16),
        ("volumes: {data: {path: /data, size: 1Gi}}", 20),
        ("workload: stateful, instances: sharded", 20),
    ],
)
def test_each_strategy_has_its_largest_moment(bench: Bench, fields: str, most: int) -> None:
    """So many replicas fit; two more do not."""
    assert bench.problems(_replicas(most, fields)) == ()
    assert bench.paths(_replicas(most + 2, fields)) == ["clusters.one.pools.general.max"]


def test_an_autoscaled_service_counts_at_its_maximum(bench: Bench) -> None:
    """Not at its minimum."""
    scale = with_service("x", f"{{{NEEDS}, autoscale: {{min: 1, max: 17, cpu: 80%}}}}")
    assert bench.paths(scale) == ["clusters.one.pools.general.max"]


def test_variants_count_too(bench: Bench) -> None:
    """Both workloads of an A/B test, each with its surge."""
    release = (
        f"{REACHED}, "
        "release: {strategy: abTest, until: 2030-01-01, metric: {query: q, better: higher, minSamples: 1}, "
        "variants: {b: {image: x, weight: 50, replicas: 8}}}"
    )
    assert bench.problems(_replicas(8, release)) == ()
    assert bench.paths(_replicas(9, release)) == ["clusters.one.pools.general.max"]


def test_init_and_sidecars_are_part_of_a_pod(bench: Bench) -> None:
    """An init container counts where it is larger than the service's own; a sidecar always."""
    init = "init: [{name: i, image: x, cpu: 16, memory: 1Gi}]"
    assert "no number of such nodes" in bench.only(_replicas(1, init), "clusters.one.pools.general.max").hint
    small = "init: [{name: i, image: x, cpu: 3, memory: 1Gi}]"
    assert bench.problems(_replicas(16, small)) == ()
    sidecar = "sidecars: {s: {image: x, cpu: 1, memory: 1Gi}}"
    assert bench.paths(_replicas(16, sidecar)) == ["clusters.one.pools.general.max"]


def test_a_proxy_of_the_mesh_is_part_of_a_pod(bench: Bench) -> None:
    """Istio injects one that asks for a tenth of a CPU: five of these fit a node without, four with it."""
    for mesh, fits in (("false", True), ("true", False)):
        fields = f"{{cpu: 3170m, memory: 1Gi, replicas: 16, mesh: {mesh}}}"
        assert (bench.problems(with_service("x", fields)) == ()) is fits


def test_datastores_count_too(bench: Bench) -> None:
    """A database that survives the loss of a machine has three instances."""
    store = "datastores: {db: {engine: postgres, version: 16, placement: cluster, storage: 1Gi, cpu: 15, memory: 1Gi, "
    assert bench.problems(store + "highAvailability: true}}") == ()
    assert bench.paths(_replicas(5) + store + "highAvailability: true}}") == ["clusters.one.pools.general.max"]


def test_what_asks_for_nothing_needs_nothing(bench: Bench) -> None:
    """Third-party services without requests are not counted."""
    assert bench.problems("services: {web: {replicas: 9999}}") == ()


def test_a_huge_count_costs_no_time(bench: Bench) -> None:
    """Equal pods are counted, not listed."""
    assert bench.paths(_replicas(10_000)) == ["clusters.one.pools.general.max"]


def test_a_pinned_pool_counts_its_minimum(bench: Bench) -> None:
    """Two of three nodes; three engines of 48Gi fit into 151.7Gi each, so six in all."""
    assert bench.problems("services: {engine: {replicas: 6}}", base="fast") == ()
    problem = bench.only("services: {engine: {replicas: 7}}", "clusters.one.pools.fast.min", base="fast")
    assert "min: 4 would do" in problem.hint


def test_an_engine_fits_one_numa_node(bench: Bench) -> None:
    """Though two such nodes together would hold it."""
    pool = "clusters: {one: {pools: {fast: {machine: m5zn.metal, reserved: '0,24'}}}}\n"
    assert bench.problems(pool + "services: {engine: {cpu: 22}}", base="fast") == ()
    problem = bench.only(pool + "services: {engine: {cpu: 26}}", "services.engine.cpu", base="fast")
    assert "TopologyAffinityError" in problem.message
    assert problem.expected.startswith("at most cpu 24,")


def _production(repository: Path, tmp_path: Path, replicas: int) -> list[str]:
    """The contract's production with another number of engines."""
    specs = tmp_path / "specs"
    specs.mkdir(exist_ok=True)
    for name in ("base.yaml", "production.yaml"):
        (specs / name).write_bytes((repository / "specs" / name).read_bytes())
    edit = yaml.safe_dump({"services": {"trading-engine": {"replicas": replicas}}})
    head = f"extends: production.yaml\nenvironment: more{replicas}\n"
    (specs / f"more{replicas}.yaml").write_text(head + edit, "utf-8")
    try:
        load(specs, f"more{replicas}", Sources())
    except InputError as error:
        return [f"{problem.path}: {problem.message}" for problem in error.problems]
    return []


def test_the_reference_platform_fits(repository: Path, tmp_path: Path) -> None:
    """Production holds its two engines and two more; a fifth fits the primary, but not the standby after a failover."""
    assert _production(repository, tmp_path, 2) == []
    assert _production(repository, tmp_path, 4) == []
    (problem,) = _production(repository, tmp_path, 5)
    assert problem.startswith("clusters.gcp-usc1.pools.latency.min: too small")
    assert "1 of the 5 pods of trading-engine find no room" in problem
