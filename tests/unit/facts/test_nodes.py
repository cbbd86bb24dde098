"""A pool's nodes: what the kubelet keeps is what capacity leaves out, and every name is another one for other nodes."""

import re
from typing import Any

import pytest

from hftgen.facts.derive import list_sites
from hftgen.facts.kernel import count_pages, list_cpus
from hftgen.facts.kubelet import describe_kubelet, split_memory
from hftgen.facts.nodes import NodeFacts, describe_node
from hftgen.facts.site import Site
from hftgen.spec.rules.nodes import EVICTION, GI, Shape, keep, locate, offer_rooms
from hftgen.spec.units import CpuSet, Memory
from hftgen.tables import read_tables
from tests.unit.rules.tiny import FAST, Bench

MACHINES = {name: machine for name, machine in read_tables().machines.items() if machine.numa}
OURS = {name: machine for name, machine in MACHINES.items() if machine.cloud in ("aws", "metal")}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A folder of specs."""
    return Bench(tmp_path_factory.mktemp("nodes"))


def _site(bench: Bench, text: str = FAST) -> Site:
    return list_sites(bench.load(text))[0]


def _node(bench: Bench, more: str = "", pool: str = "fast", text: str = FAST) -> NodeFacts:
    """The pool's nodes with more lines in the pool `fast`."""
    return describe_node(_site(bench, text.replace("pinning: static", f"pinning: static\n{more}")), pool)


def _indent(line: str) -> str:
    return f"        {line}"


def _sum(amounts: list[str]) -> int:
    return sum(Memory.read(amount).bytes for amount in amounts)


@pytest.mark.parametrize("name", sorted(OURS))
def test_reserved_memory_is_what_capacity_leaves_out(bench: Bench, name: str) -> None:
    """On each NUMA node of each machine memory less pages less reservedMemory is the room that rules pack pods into.

    Its sum is kubeReserved + evictionHard, or the kubelet would not start.
    """
    machine = OURS[name]
    pages = {"2Mi": machine.numa * 2**21 * 4}
    shape = Shape(
        machine.cloud,
        machine.cpus,
        machine.memory,
        machine.numa,
        machine.threads,
        machine.pods,
        pages,
        None,
        pinned=True,
    )
    config = describe_kubelet(_site(bench), "fast", shape)
    kept = [entry["limits"] for entry in config["reservedMemory"]]
    assert [set(limits) for limits in kept] == [{"memory"}] * machine.numa, "huge pages are never reserved memory"
    rooms = offer_rooms(shape)
    for limits, room in zip(kept, rooms, strict=True):
        left = (machine.memory - sum(pages.values())) // machine.numa - _sum([limits["memory"]])
        assert abs(left - room.space["memory"]) < 1024 * machine.numa
    assert _sum([limits["memory"] for limits in kept]) == _sum(
        [config["kubeReserved"]["memory"], config["evictionHard"]["memory.available"]]
    )
    taken = CpuSet.read(config["reservedSystemCPUs"]).cpus
    assert sum(room.space["cpu"] for room in rooms) == (machine.cpus - len(taken)) * 1000
    assert "cpu" not in config["kubeReserved"], "reservedSystemCPUs would throw it away"


@pytest.mark.parametrize("numa", [1, 2, 3, 6, 8])
def test_memory_divides_without_a_rest(numa: int) -> None:
    """What is kept divides into any number of NUMA nodes, in whole kibibytes, to the byte together."""
    shape = Shape("metal", 96, 192 * GI, numa=numa, pods=111)
    parts = split_memory(shape)
    assert sum(parts) == keep(shape).memory
    assert all(part % 1024 == 0 for part in parts)


def test_a_general_pool_keeps_what_its_cloud_documents(bench: Bench) -> None:
    """CPU and memory of the formula, the eviction threshold apart; as many pods as memory is kept for."""
    config = _node(bench, pool="general").kubelet
    assert config["kubeReserved"] == {"cpu": "110m", "memory": "2829Mi", "ephemeral-storage": "1Gi"}
    assert config["maxPods"] == 234
    assert _sum([config["evictionHard"]["memory.available"]]) == EVICTION
    assert "cpuManagerPolicy" not in config


def test_a_pinned_pool_is_told_everything(bench: Bench) -> None:
    """Exclusive whole cores and memory of one NUMA node for the whole pod; EKS' control groups make way."""
    config = _node(bench).kubelet
    assert config["cpuManagerPolicyOptions"] == {"full-pcpus-only": "true", "strict-cpu-reservation": "true"}
    assert (config["cpuManagerPolicy"], config["memoryManagerPolicy"]) == ("static", "Static")
    assert (config["topologyManagerPolicy"], config["topologyManagerScope"]) == ("single-numa-node", "pod")
    assert config["reservedSystemCPUs"] == "0-1,48-49"
    assert config["kubeReservedCgroup"] == config["systemReservedCgroup"] == ""


def test_an_older_kubelet_knows_no_strict_reservation(bench: Bench) -> None:
    """strict-cpu-reservation is behind a closed gate before 1.33: the kubelet would not start."""
    old = FAST + '\nkubernetes: {version: "1.32"}\n'
    assert _node(bench, text=old).kubelet["cpuManagerPolicyOptions"] == {"full-pcpus-only": "true"}


def test_the_kernel_is_told_what_the_kubelet_is(bench: Bench) -> None:
    """One set of CPUs: ticks, callbacks and interrupts keep off those that the kubelet gives away."""
    node = _node(bench)
    assert node.kernel_arguments == [
        "default_hugepagesz=1G",
        "hugepagesz=1G",
        "hugepages=32",
        "nohz_full=2-47,50-95",
        "rcu_nocbs=2-47,50-95",
        "irqaffinity=0-1,48-49",
        "skew_tick=1",
        "nowatchdog",
        "transparent_hugepage=never",
        "intel_idle.max_cstate=1",
        "processor.max_cstate=1",
    ]
    assert CpuSet.read(node.cpus.reserved).cpus | CpuSet.read(node.cpus.isolated).cpus == set(range(96))
    assert _node(bench, pool="general").kernel_arguments == []


def test_isolcpus_and_mitigations_are_a_choice(bench: Bench) -> None:
    """Neither comes with pinning; both come when they are asked for."""
    asked = _node(bench, _indent('tuning: {isolate: true, mitigations: "off"}')).kernel_arguments
    assert set(asked) - set(_node(bench).kernel_arguments) == {
        "isolcpus=managed_irq,domain,2-47,50-95",
        "mitigations=off",
    }


def test_second_threads_of_a_whole_machine_are_left_alone_by_the_kernel(bench: Bench) -> None:
    """EC2 has an option for virtual machines alone."""
    bare = FAST.replace('reserved: "0-1,48-49"', "reserved: 0-1\n        smt: false")
    node = _node(bench, text=bare)
    assert "nosmt" in node.kernel_arguments
    assert (node.cpus.total, node.cpus.isolated) == (48, "2-47")
    virtual = bare.replace("c7i.metal-24xl", "c7i.12xlarge").replace("0-1", "0").replace("cpu: 16", "cpu: 8")
    virtual = virtual.replace("32Gi", "16Gi").replace("48Gi", "24Gi")
    assert "nosmt" not in _node(bench, text=virtual).kernel_arguments


def test_pages_are_counted_by_numa_node() -> None:
    """Both sizes, half on each of two; the default size is said where there is but one, and that is not Linux' own."""
    shape = Shape("metal", 8, 64 * GI, numa=2, hugepages={"1Gi": 8 * GI, "2Mi": GI}, pinned=True)
    assert count_pages(shape) == {"1Gi": [4, 4], "2Mi": [256, 256]}


def test_numa_nodes_hold_their_cpus() -> None:
    """Siblings lie half apart, on one node."""
    cpus = list_cpus(Shape("metal", 16, 64 * GI, numa=2, threads=2, reserved=frozenset({0, 8}), pinned=True))
    assert cpus.numa == ("0-3,8-11", "4-7,12-15")
    assert (cpus.reserved, cpus.isolated) == ("0,8", "1-7,9-15")


def test_sets_of_cpus_are_those_of_the_rules() -> None:
    """CPU by CPU as capacity locates them; and a machine of absurd size costs no more than a small one."""
    for numa, threads, cpus in ((1, 1, 7), (2, 2, 96), (3, 1, 48), (4, 2, 128)):
        shape = Shape("metal", cpus, 64 * GI, numa=numa, threads=threads, pinned=True)
        found = list_cpus(shape)
        for node, text in enumerate(found.numa):
            assert CpuSet.read(text).cpus == {cpu for cpu in range(cpus) if locate(cpu, shape) == node}
        assert CpuSet.read(found.reserved).cpus | CpuSet.read(found.isolated).cpus == set(range(cpus))
    assert list_cpus(Shape("aws", 2**53, GI, pinned=True)).numa == (f"0-{2**53 - 1}",)


def test_unsafe_sysctls_are_those_of_the_pools_services(bench: Bench) -> None:
    """Neither a safe one, nor one that a service of another pool asks for."""
    asks = (
        "    sysctls: {net.core.somaxconn: '4096', net.ipv4.tcp_rmem: '4096 87380 16777216', kernel.msgmax: '65536'}\n"
    )
    other = "  idle: {image: 'example.com/idle:1', sysctls: {net.core.optmem_max: '65536'}}\n"
    text = FAST + asks + other
    assert _node(bench, text=text).kubelet["allowedUnsafeSysctls"] == ["kernel.msgmax", "net.core.somaxconn"]
    assert _node(bench, text=text, pool="general").kubelet["allowedUnsafeSysctls"] == ["net.core.optmem_max"]
    assert "allowedUnsafeSysctls" not in _node(bench).kubelet


GCP = """
clusters:
  one: null
  two:
    cloud: gcp
    region: us-central1
    zones: [us-central1-a]
    pools:
      general: {machine: n2-standard-16, min: 2, max: 5}
      fast: {machine: c3-highcpu-88, min: 3, max: 4, pinning: static, hugepages: {1Gi: 32Gi}}
"""
AZURE = """
clusters:
  one: null
  two:
    cloud: azure
    region: eastus2
    zones: ["1"]
    pools:
      general: {machine: Standard_D8s_v5, min: 2, max: 5}
      fast: {machine: Standard_F16s_v2, min: 3, max: 4, pinning: static}
"""


def test_gke_is_told_what_it_has_a_field_for(bench: Bench) -> None:
    """No policy options, no reservations, no kernel arguments; sysctls of its list alone."""
    node = describe_node(_site(bench, GCP), "fast")
    assert node.kubelet == {
        "cpuManagerPolicy": "static",
        "topologyManagerPolicy": "single-numa-node",
        "topologyManagerScope": "pod",
        "memoryManagerPolicy": "Static",
    }
    assert (node.kernel_arguments, node.image, node.hugepages) == ([], None, {"1Gi": [16, 16]})
    assert set(node.sysctls) == {"net.core.netdev_max_backlog", "net.core.rmem_max", "net.core.wmem_max"}


def test_aks_has_no_memory_manager_and_no_scope(bench: Bench) -> None:
    """CPUs are aligned, container by container."""
    node = describe_node(_site(bench, AZURE), "fast")
    assert node.kubelet == {"cpuManagerPolicy": "static", "topologyManagerPolicy": "single-numa-node"}
    assert (node.pods, node.transparent_hugepages) == (250, "never")


CHANGES = {
    "machine": ("c7i.metal-24xl", "m7i.metal-24xl"),
    "reserved": ("0-1,48-49", "0-2,48-50"),
    "hugepages": ("1Gi: 32Gi", "1Gi: 40Gi"),
    "zone": ("us-east-1a", "us-east-1b"),
    "placement": ("min: 3", "min: 3\n        placement: cluster"),
    "kernel": ("min: 3", "min: 3\n        tuning: {isolate: true}"),
    "sysctl": ("min: 3", "min: 3\n        tuning: {sysctls: {net.core.busy_poll: '50'}}"),
    "image": ("min: 3", "min: 3\n        tuning: {image: v20261103}"),
    "kubelet": ("    cpu: 16", "    sysctls: {kernel.msgmax: '65536'}\n    cpu: 16"),
    "kubernetes": ("services:", 'kubernetes: {version: "1.35"}\nservices:'),
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_other_nodes_have_another_name(bench: Bench, change: str) -> None:
    """Whatever a living pinned node cannot change makes another pool beside the old one."""
    old, new = CHANGES[change]
    assert old in FAST
    assert _node(bench, text=FAST.replace(old, new, 1)).name != _node(bench).name


def test_a_pool_of_another_size_is_the_same_pool(bench: Bench) -> None:
    """Numbers of nodes change in place, and other pools are no business of this one."""
    text = FAST.replace("max: 4", "max: 9") + "\nkubernetes: {namespace: elsewhere}\n"
    assert _node(bench, text=text).name == _node(bench).name
    upgraded = FAST + '\nkubernetes: {version: "1.35"}\n'
    assert _node(bench, text=upgraded, pool="general").name == _node(bench, pool="general").name


@pytest.mark.parametrize(("text", "form"), [(GCP, r"[a-z][-a-z0-9]{0,39}"), (AZURE, r"[a-z][a-z0-9]{0,11}")])
def test_clouds_take_the_longest_names(bench: Bench, text: str, form: str) -> None:
    """The longest pool name that the spec admits, with its hash, is still one that the cloud admits."""
    longest = "p" * (12 if "azure" in text else 30)
    node = describe_node(_site(bench, text.replace("fast:", f"{longest}:")), longest)
    assert re.fullmatch(form, node.name)


def test_the_image_has_a_name_that_aws_takes(bench: Bench) -> None:
    """At most 128 characters whatever the names, and no image where the kernel is told nothing."""
    names = f"project: {'p' * 30}\n"
    image = _node(bench, text=FAST + names).image
    assert image is not None
    assert re.fullmatch(r"[-a-z0-9]{3,128}", image)
    assert _node(bench, pool="general").image is None


def test_the_context_has_plain_json(bench: Bench) -> None:
    """Templates see what Python sees."""
    dumped: dict[str, Any] = _node(bench).dump()
    assert dumped["cpus"]["numa"] == ["0-95"]
    assert dumped["taints"] == [{"key": "hftgen.io/pool", "value": "fast", "effect": "NoSchedule"}]
