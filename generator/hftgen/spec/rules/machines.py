"""Machines: known where they must be, as the table says, their reserved CPUs and hugepages in whole parts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.nearest import nearest_name
from hftgen.spec.pool import Pool
from hftgen.spec.rules.nodes import GI, Shape, keep, locate
from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.shapes import shape_node
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import HugePageSize
from hftgen.spec.visible import visible
from hftgen.tables import Machine

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def know_machines(loaded: "Loaded") -> Iterator[Violation]:
    """A machine is in the table where it is needed: for a pinned pool's NUMA nodes, or for what the pool leaves out."""
    for cluster, site, name, pool in list_pools(loaded):
        known = loaded.tables.machines
        path = ("clusters", cluster, "pools", name)
        machine = known.get(pool.machine)
        if machine is None and (pool.pinning == "static" or pool.cpus is None or pool.memory is None):
            ours = [other for other, facts in known.items() if facts.cloud == site.cloud]
            near = nearest_name(pool.machine, ours)
            yield Violation(
                (*path, "machine"),
                "this machine is not in the machine table, and its NUMA nodes, CPUs or memory are needed here",
                visible(pool.machine),
                f"{near}, or an entry of your own" if near else "a machine of the table, or an entry of your own",
                f"add to data/machines.yaml beside the specs folder: `{_write_entry(site, pool)}`",
            )
        elif machine is not None and machine.cloud != site.cloud:
            yield Violation(
                (*path, "machine"),
                f"this is a machine of {machine.cloud}, and the cluster runs on {site.cloud}",
                visible(pool.machine),
                f"a machine of {site.cloud}",
            )


def know_numa_nodes(loaded: "Loaded") -> Iterator[Violation]:
    """A pinned pool's machine has NUMA nodes that somebody counted: where none are known no pod can be said to fit."""
    for cluster, site, name, pool in list_pools(loaded):
        machine = loaded.tables.machines.get(pool.machine)
        if pool.pinning == "static" and machine is not None and machine.numa == 0 and machine.cloud == site.cloud:
            known = {"cpus": machine.cpus, "smt": machine.threads == 2, "memory": f"{machine.memory // GI}Gi"}
            entry = _write_entry(site, pool.model_copy(update=known))
            yield Violation(
                ("clusters", cluster, "pools", name, "machine"),
                f"nobody documents the NUMA nodes of this machine, and pool {name} pins pods to one of them",
                visible(pool.machine),
                "a machine whose NUMA nodes are known, or an entry of your own",
                f"count them with `lscpu` on one, then add to data/machines.yaml beside the specs folder: `{entry}`",
            )


def _write_entry(site: Cluster, pool: Pool) -> str:
    cpus, memory = pool.cpus or "<threads>", pool.memory or "<such as 64Gi>"
    threads = "<1 or 2 a core>" if pool.smt is None else 2 if pool.smt else 1
    name = visible(pool.machine)
    return f"{name}: {{cloud: {site.cloud}, cpus: {cpus}, threads: {threads}, memory: {memory}, numa: <nodes>}}"


def agree_with_machines(loaded: "Loaded") -> Iterator[Violation]:
    """What a pool says of its machine is what the machine table says."""
    for cluster, _site, name, pool in list_pools(loaded):
        machine = loaded.tables.machines.get(pool.machine)
        for field, found, expected in _list_contradictions(pool, machine) if machine else ():
            yield Violation(
                ("clusters", cluster, "pools", name, field),
                f"contradicts the machine table: {pool.machine} has {expected}",
                found,
                expected,
                "leave it out, or correct data/machines.yaml",
            )


def _list_contradictions(pool: Pool, machine: Machine) -> Iterator[tuple[str, str, str]]:
    """Field, what the pool says, what the machine has."""
    cpus = machine.cpus // machine.threads if pool.smt is False else machine.cpus
    if pool.smt and machine.threads == 1:
        yield "smt", "true", "one thread a core"
    if pool.cpus is not None and pool.cpus != cpus:
        why = " with `smt: false`" if cpus != machine.cpus else ""
        yield "cpus", str(pool.cpus), f"{cpus} threads{why}"
    if pool.memory is not None and pool.memory.bytes != machine.memory:
        yield "memory", str(pool.memory), f"{machine.memory / GI:g}Gi"


def reserve_whole_cores(loaded: "Loaded") -> Iterator[Violation]:
    """Reserved CPUs are whole cores: a thread left to a trading pod would share its core with the kubelet."""
    for cluster, site, name, pool in list_pools(loaded):
        shape = shape_node(site, pool, loaded.tables)
        if pool.reserved is None or shape is None or shape.threads != 2 or len(pool.reserved.cpus) % 2:
            continue
        if loaded.tables.can(site.cloud, "reserved").state == "impossible":
            continue
        half = shape.cpus // 2
        lonely = sorted(cpu for cpu in pool.reserved.cpus if (cpu + half) % shape.cpus not in pool.reserved.cpus)
        if lonely and max(pool.reserved.cpus) < shape.cpus:
            yield Violation(
                ("clusters", cluster, "pools", name, "reserved"),
                f"CPU {lonely[0]} shares its core with CPU {(lonely[0] + half) % shape.cpus}, which is not reserved",
                str(pool.reserved),
                "both threads of each core",
                f"on this machine CPU n and CPU n+{half} are one core: {_write_cores(shape, len(pool.reserved.cpus))}",
            )


def _write_cores(shape: Shape, count: int) -> str:
    last, half = count // 2 - 1, shape.cpus // 2
    return f"0,{half}" if last == 0 else f"0-{last},{half}-{half + last}"


def leave_cpus_on_each_node(loaded: "Loaded") -> Iterator[Violation]:
    """Reserved CPUs exist on the machine and leave some of each NUMA node."""
    for cluster, site, name, pool in list_pools(loaded):
        shape = shape_node(site, pool, loaded.tables)
        if pool.reserved is None or shape is None:
            continue
        path = ("clusters", cluster, "pools", name, "reserved")
        last = max(pool.reserved.cpus)
        if last >= shape.cpus and pool.cpus is None:
            yield Violation(
                path, f"{pool.machine} has no CPU {last}", str(pool.reserved), f"CPUs 0 to {shape.cpus - 1}"
            )
            continue
        taken = [locate(cpu, shape) for cpu in pool.reserved.cpus]
        for numa in range(shape.numa):
            if taken.count(numa) >= shape.cpus // shape.numa and len(taken) < shape.cpus:
                yield Violation(
                    path, f"takes all CPUs of NUMA node {numa}", str(pool.reserved), "some CPUs left on each node"
                )


def split_hugepages(loaded: "Loaded") -> Iterator[Violation]:
    """Hugepages leave the node memory, and are whole pages on each NUMA node: the kernel spreads them evenly."""
    for cluster, _site, name, pool in list_pools(loaded):
        shape = shape_node(_site, pool, loaded.tables)
        if shape is None or not pool.hugepages:
            continue
        path = ("clusters", cluster, "pools", name, "hugepages")
        left = shape.memory - keep(shape).memory
        if sum(shape.hugepages.values()) >= left:
            what = f"{visible(pool.machine)} has {shape.memory / GI:g}Gi, of which the kubelet keeps a part"
            yield Violation(path, f"leave no memory for pods: {what}", "", f"less than {left / GI:.1f}Gi together")
        for size, amount in sorted(pool.hugepages.items()):
            if amount.bytes // HugePageSize(size).bytes % shape.numa:
                yield Violation(
                    (*path, size),
                    f"does not divide into the {shape.numa} NUMA nodes of {visible(pool.machine)}",
                    str(amount),
                    f"a multiple of {shape.numa} pages of {size}",
                )
