"""The tables of machines and clouds."""

import pytest

from hftgen.errors import InputError
from hftgen.tables import CLOUDS, SETTINGS, Capability, Disk, Machine, read_tables

GI = 2**30


def test_the_specs_machines_are_there() -> None:
    """As their clouds describe them."""
    machines = read_tables().machines
    assert machines["c7i.metal-24xl"] == Machine("aws", 96, 192 * GI, 2, numa=1, sockets=1, pods=737)
    assert machines["m7i.4xlarge"] == Machine("aws", 16, 64 * GI, 2, pods=234)
    assert machines["c3-highcpu-88"] == Machine("gcp", 88, 176 * GI, 2, numa=2)
    assert machines["Standard_F16s_v2"] == Machine("azure", 16, 32 * GI, 2)


def test_every_machine_divides_into_its_numa_nodes_and_cores() -> None:
    """CPUs are spread evenly, and a core's threads lie on one NUMA node."""
    for name, machine in read_tables().machines.items():
        nodes = machine.numa or 1
        assert machine.cpus % (nodes * machine.threads) == 0, name
        assert machine.memory % nodes == 0, name
        assert nodes % machine.sockets == 0, name
        assert machine.threads in (1, 2), name


def test_every_machine_has_disks_for_standard_volumes() -> None:
    """And each cloud has both classes for an ordinary machine."""
    tables = read_tables()
    for name, machine in tables.machines.items():
        assert tables.find_disk(machine.cloud, "standard", name) is not None, name
    assert tables.find_disk("azure", "fast", "Standard_D4_v5") is None
    assert all(tables.find_disk(cloud, wanted) for cloud in CLOUDS for wanted in ("fast", "standard"))


def test_every_cloud_answers_for_every_setting() -> None:
    """And what is impossible says what to do instead."""
    tables = read_tables()
    for cloud in CLOUDS:
        for setting in SETTINGS:
            capability = tables.capabilities[cloud][setting]
            assert bool(capability.instead) == (capability.state == "impossible"), (cloud, setting)
    assert tables.can("azure", "hugepages").state == "impossible"
    assert tables.can("mars", "hugepages") == Capability("impossible")


def test_a_repository_adds_to_them() -> None:
    """A machine of its own replaces ours whole; a cloud's settings are replaced one by one."""
    own = {
        "machines.yaml": b"m7i.4xlarge: {cloud: aws, cpus: 4, threads: 1, memory: 1Gi, arch: arm64}",
        "capabilities.yaml": b"azure: {hugepages: {state: bootstrap}}",
        "storage.yaml": b"aws: {fast: {provisioner: x.example.com, smallest: 1Gi, version: v2}}",
    }
    tables = read_tables(own)
    assert tables.machines["m7i.4xlarge"] == Machine("aws", 4, GI, 1, arch="arm64")
    assert tables.can("azure", "hugepages").state == "bootstrap"
    assert tables.can("azure", "reserved").state == "impossible"
    assert tables.disks["aws"]["fast"] == Disk("fast-v2", "x.example.com", smallest=GI)
    assert tables.disks["aws"]["standard"].parameters == {"type": "gp3"}


@pytest.mark.parametrize(
    ("name", "text", "path", "words"),
    [
        ("machines.yaml", "rack: 7", "", "not a mapping"),
        ("machines.yaml", "rack: {cpus: 4}", "rack.cloud", "missing"),
        ("machines.yaml", "rack: {cluod: aws}", "rack.cluod", "unknown key"),
        ("machines.yaml", "rack: {cloud: mars, cpus: 1, threads: 1, memory: 1Gi}", "rack.cloud", "unknown value"),
        ("machines.yaml", "rack: {cloud: aws, cpus: 0, threads: 1, memory: 1Gi}", "rack.cpus", "not a count"),
        ("machines.yaml", "rack: {cloud: aws, cpus: [4], threads: 1, memory: 1Gi}", "rack.cpus", "not a count"),
        (
            "machines.yaml",
            "rack: {cloud: aws, cpus: 1, threads: 1, memory: 64GB}",
            "rack.memory",
            "not an amount of memory",
        ),
        ("capabilities.yaml", "azure: {hugepage: {state: native}}", "azure.hugepage", "unknown setting"),
        ("capabilities.yaml", "azure: {hugepages: {state: perhaps}}", "azure.hugepages", "not a capability"),
        ("capabilities.yaml", "azure: {hugepages: {state: native, more: 1}}", "azure.hugepages", "not a capability"),
        ("storage.yaml", "aws: {fast: {parameters: {type: gp3}}}", "aws.fast", "not a storage class"),
        ("storage.yaml", "aws: {fast: {existing: a, provisioner: b}}", "aws.fast", "not a storage class"),
        ("storage.yaml", "aws: {fast: {provisioner: b, smallest: 4}}", "aws.fast.smallest", "not an amount of memory"),
    ],
)
def test_what_is_wrong_in_them_is_said(name: str, text: str, path: str, words: str) -> None:
    """With its place in the repository's file."""
    with pytest.raises(InputError) as caught:
        read_tables({name: text.encode()})
    (problem,) = (problem for problem in caught.value.problems if problem.path == path)
    assert (problem.file, problem.line) == (f"data/{name}", 1)
    assert words in problem.message
    assert problem.expected


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Of each field of each entry."""
    good = "cloud: aws, threads: 1, memory: 1Gi"
    text = f"a: {{{good}, cpus: 0, numa: x}}\nb: {{cloud: mars, cpus: 1, threads: 1, memory: 1}}\n"
    with pytest.raises(InputError) as caught:
        read_tables({"machines.yaml": text.encode()})
    assert [problem.path for problem in caught.value.problems] == ["a.cpus", "a.numa", "b.cloud", "b.memory"]
