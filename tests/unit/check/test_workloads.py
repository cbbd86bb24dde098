"""Findings about what pods ask of nodes."""

from datetime import date

import pytest

from hftgen.check.run import run
from tests.unit.rules.tiny import Bench

DISK = "services: {{web: {{volumes: {{data: {{path: /data, size: 1Gi}}}}, {}}}}}"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Loads tiny environments."""
    return Bench(tmp_path_factory.mktemp("check"))


def find_rules(bench: Bench, text: str) -> list[tuple[str, str]]:
    """Rule and subject of each finding."""
    return [(finding.rule, finding.subject) for finding in run(bench.load(text), (), date(2026, 11, 22))]


@pytest.mark.parametrize(
    "fields", ["replicas: 2", "release: {strategy: blueGreen}", "autoscale: {min: 1, max: 2, cpu: 70%}, cpu: 1"]
)
def test_pods_that_share_a_disk_of_one_node(bench: Bench, fields: str) -> None:
    """HFT-X40: two of them, by number or by release."""
    assert find_rules(bench, DISK.format(fields)) == [("HFT-X40", "services.web.volumes.data")]


@pytest.mark.parametrize("fields", ["replicas: 1", "replicas: 2, workload: stateful, instances: sharded"])
def test_one_pod_or_a_disk_each_is_fine(bench: Bench, fields: str) -> None:
    """Nothing is shared."""
    assert find_rules(bench, DISK.format(fields)) == []


def test_sysctls_that_a_kubelet_must_admit(bench: Bench) -> None:
    """HFT-X41: unsafe ones alone."""
    text = 'services: {web: {sysctls: {net.core.somaxconn: "1024", net.ipv4.tcp_rmem: "1 2 3"}}}'
    assert find_rules(bench, text) == [("HFT-X41", "services.web.sysctls")]


def test_kubelets_that_are_told_by_us_admit_sysctls(bench: Bench) -> None:
    """HFT-X41 is silent where Terraform makes the pool, whose kubelets are given the very list."""
    text = 'services: {web: {sysctls: {net.core.somaxconn: "1024"}}}\nterraform: {version: "1.11"}\n'
    place = (
        'clusters: {one: {account: "111122223333", state: {bucket: demo-tfstate}, '
        "network: {vpc: 10.0.0.0/16, services: 172.20.0.0/20}}}\n"
    )
    assert ("HFT-X41", "services.web.sysctls") not in find_rules(bench, text + place)


TWO_HALVES = """
clusters: {{one: {{pools: {{fast: {{machine: c7i.metal-48xl, reserved: "0-1,96-97", hugepages: null}}}}}}}}
services: {{engine: {{hugepages: null, memory: 1Gi, cpu: {}}}}}
"""


@pytest.mark.parametrize(("cpu", "blind"), [(24, False), (46, False), (60, True), (64, False)])
def test_the_scheduler_sees_no_numa_nodes(bench: Bench, cpu: int, blind: bool) -> None:  # noqa: FBT001
    """HFT-X43: 92 and 96 CPUs hold one pod of 60 each, and 188 would hold three."""
    text = TWO_HALVES.format(cpu)
    found = [(one.rule, one.subject) for one in run(bench.load(text, base="fast"), (), date(2026, 11, 22))]
    assert (("HFT-X43", "services.engine") in found) is blind
