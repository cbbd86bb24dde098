"""The rules of pools, machines and clouds."""

from pathlib import Path

import pytest

from tests.unit.rules.tiny import Bench, with_service

SECOND = "clusters: {one: {pools: {other: {machine: m7i.4xlarge, min: 2, max: 4}}}}\n"


def _pool(fields: str, name: str = "general") -> str:
    return f"clusters: {{one: {{pools: {{{name}: {fields}}}}}}}"


def test_a_pool_must_exist(bench: Bench) -> None:
    """In every cluster of the service, and the nearest name is said."""
    problem = bench.only("services: {web: {pool: generl}}", "services.web.pool")
    assert (problem.found, problem.expected) == ("generl", "general")
    assert "general?" in problem.hint


def test_the_only_free_pool_is_meant(bench: Bench) -> None:
    """Two leave a doubt, and both are named; a pinned one is never meant by default."""
    problem = bench.only(SECOND, "services.web.pool")
    assert problem.expected == "pool: general | other"
    assert bench.problems("", base="fast") == ()


def test_a_cluster_override_is_named_as_such(bench: Bench) -> None:
    """The path is that of the field that won."""
    text = "services: {web: {clusters: {one: {pool: nowhere}}}}"
    assert bench.paths(text) == ["services.web.clusters.one.pool"]


def test_datastores_have_pools_too(bench: Bench) -> None:
    """Only those placed in the cluster."""
    store = "datastores: {db: {engine: redis, version: 7, placement: cluster, pool: nowhere}}"
    assert bench.paths(store) == ["datastores.db.pool"]
    assert bench.problems("datastores: {db: {engine: redis, version: 7, placement: external, address: db}}") == ()


def test_hugepages_come_from_the_pool(bench: Bench) -> None:
    """By the same size."""
    problem = bench.only(
        "services: {engine: {hugepages: {1Gi: null, 2Mi: 64Mi}}}", "services.engine.hugepages.2Mi", base="fast"
    )
    assert "pool fast of cluster one sets no hugepages of 2Mi apart" in problem.message


@pytest.mark.parametrize(
    ("cloud", "pool", "field", "words"),
    [
        ("azure", "hugepages: {1Gi: 8Gi}", "hugepages", "latency: low"),
        ("azure", "reserved: '0-1', pinning: static", "reserved", "leave `reserved` out"),
        ("azure", "placement: cluster", "placement", "proximity"),
        ("azure", "smt: false, cpus: 8", "smt", "one thread a core"),
        ("kind", "pinning: static", "pinning", "kind"),
        ("metal", "spot: true", "spot", "leave `spot` out"),
    ],
)
def test_a_cloud_is_asked_for_the_possible(bench: Bench, cloud: str, pool: str, field: str, words: str) -> None:
    """What it cannot do is an error that names the alternative."""
    machine = {"azure": "Standard_D16s_v5", "kind": "laptop", "metal": "rack"}[cloud]
    facts = "" if cloud == "azure" else "cpus: 16, memory: 64Gi, "
    whole = f"{{machine: {machine}, {facts}min: 2, max: 3, {pool}}}"
    text = f"clusters: {{one: null, two: {{cloud: {cloud}, pools: {{p: {whole}}}}}}}\nservices: {{web: {{pool: p}}}}"
    found = [problem for problem in bench.problems(text) if problem.path == f"clusters.two.pools.p.{field}"]
    assert [cloud in problem.message for problem in found] == [True]
    assert words in found[0].hint


def test_an_unknown_machine_is_an_error_only_where_it_is_needed(bench: Bench) -> None:
    """With CPUs and memory said and no pinning nothing of the table is needed."""
    problem = bench.only(_pool("{machine: m9z.huge}"), "clusters.one.pools.general.machine")
    assert "data/machines.yaml" in problem.hint
    assert "m9z.huge: {cloud: aws, cpus: <threads>" in problem.hint
    assert bench.problems(_pool("{machine: m9z.huge, cpus: 16, memory: 64Gi}")) == ()
    pinned = _pool("{machine: m9z.huge, cpus: 96, memory: 192Gi}", "fast")
    assert bench.paths(pinned, base="fast") == ["clusters.one.pools.fast.machine"]


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ("{cpus: 8}", "cpus", "16 threads"),
        ("{cpus: 16, smt: false}", "cpus", "8 threads with `smt: false`"),
        ("{memory: 32Gi}", "memory", "64Gi"),
        ("{machine: m7g.4xlarge, smt: true}", "smt", "one thread a core"),
        ("{machine: n2-standard-16}", "machine", "a machine of aws"),
    ],
)
def test_a_pool_agrees_with_its_machine(bench: Bench, fields: str, field: str, expected: str) -> None:
    """What the spec says of a machine is what it is."""
    assert bench.only(_pool(fields), f"clusters.one.pools.general.{field}").expected == expected


def test_a_repository_adds_machines(tmp_path: Path) -> None:
    """From data/ beside its specs; what is wrong there is judged by like our own."""
    bench, data = Bench(tmp_path), tmp_path / "data"
    data.mkdir()
    machines = data / "machines.yaml"
    machines.write_text("m9z.huge: {cloud: aws, cpus: 8, threads: 1, memory: 64Gi}\n", "utf-8")
    assert bench.problems(_pool("{machine: m9z.huge}")) == ()
    assert bench.paths(_pool("{machine: m9z.huge, smt: true}")) == ["clusters.one.pools.general.smt"]


def test_reserved_cpus_are_whole_cores(bench: Bench) -> None:
    """Siblings lie half the CPUs apart: 0-3 would be threads of four cores."""
    problem = bench.only(_pool("{reserved: 0-3}", "fast"), "clusters.one.pools.fast.reserved", base="fast")
    assert "CPU 0 shares its core with CPU 48" in problem.message
    assert "0-1,48-49" in problem.hint


def test_reserved_cpus_exist(bench: Bench) -> None:
    """Also where only the machine table knows how many there are."""
    problem = bench.only(_pool("{reserved: '0,144'}", "fast"), "clusters.one.pools.fast.reserved", base="fast")
    assert problem.expected == "CPUs 0 to 95"


def test_reserved_cpus_leave_each_numa_node_some(bench: Bench) -> None:
    """A NUMA node without CPUs runs nothing."""
    text = _pool("{machine: m5zn.metal, hugepages: null, reserved: '0-11,24-35'}", "fast")
    text += "\nservices: {engine: {hugepages: null}}"
    assert "clusters.one.pools.fast.reserved" in bench.paths(text, base="fast")


def test_zones_lie_in_the_region(bench: Bench) -> None:
    """As their cloud names them."""
    assert bench.paths("clusters: {one: {zones: [us-east-1a, us-west-2a]}}") == ["clusters.one.zones[1]"]
    gcp = "clusters: {one: {cloud: gcp, region: us-central1, zones: [us-central1-a, us-east4-a], pools: null}}"
    assert bench.paths(gcp) == ["clusters.one.zones[1]"]
    azure = "clusters: {one: {cloud: azure, region: eastus2, zones: ['1', '4'], pools: null}}"
    assert bench.paths(azure) == ["clusters.one.zones[1]"]


def test_a_placement_has_one_zone(bench: Bench) -> None:
    """No cloud puts machines of two buildings close together."""
    assert bench.paths(_pool("{placement: cluster}")) == ["clusters.one.pools.general.placement"]
    assert bench.problems(_pool("{placement: cluster, zones: [us-east-1a]}")) == ()


def test_somebody_is_primary(bench: Bench) -> None:
    """An environment of standbys does nothing."""
    assert bench.paths("clusters: {one: {role: standby}}") == ["clusters"]


def test_terraform_is_told_what_it_makes(bench: Bench) -> None:
    """Where there is no terraform section nobody asks."""
    paths = bench.paths('terraform: {version: "1.11"}')
    assert paths == ["clusters.one.account", "clusters.one.network.vpc", "clusters.one.state"]


def test_an_override_of_another_field_leaves_the_path(bench: Bench) -> None:
    """Only the field that the cluster says is the cluster's."""
    text = with_service("x", "{pool: nowhere, clusters: {one: {replicas: 2}}}")
    assert bench.paths(text) == ["services.x.pool"]


def test_hugepages_leave_memory(bench: Bench) -> None:
    """Also where only the machine table knows how much there is."""
    text = _pool("{hugepages: {1Gi: 190Gi}}", "fast") + "\nservices: {engine: {replicas: 0}}"
    (problem,) = (
        item for item in bench.problems(text, base="fast") if item.path == "clusters.one.pools.fast.hugepages"
    )
    assert "leave no memory for pods" in problem.message


def test_hugepages_divide_into_numa_nodes(bench: Bench) -> None:
    """The kernel spreads pages evenly."""
    text = _pool("{machine: m5zn.metal, reserved: '0,24', hugepages: {1Gi: 32Gi}}", "fast")
    assert bench.problems(text, base="fast") == ()
    assert bench.paths(text.replace("32", "33"), base="fast") == ["clusters.one.pools.fast.hugepages.1Gi"]


def test_a_managed_datastore_needs_a_cloud(bench: Bench) -> None:
    """Nobody manages databases on metal and kind."""
    store = "datastores: {db: {engine: postgres, version: 16, placement: managed, storage: 1Gi}}\n"
    assert bench.problems(store) == ()
    assert bench.paths(store + "clusters: {two: {cloud: metal, role: standby}}") == ["datastores.db.placement"]
