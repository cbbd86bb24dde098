"""What the kernel of a pool's machines is told: its command line, huge pages, and parameters that sysctl sets."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from hftgen.facts.site import Site
from hftgen.spec.pool import Pool
from hftgen.spec.rules.nodes import Shape, count_kept_cores
from hftgen.spec.rules.tuning import list_settable
from hftgen.spec.units import HugePageSize
from hftgen.spec.units.place import write_runs

# As the command line writes the sizes of huge pages.
SIZES = {"2Mi": "2M", "1Gi": "1G"}

# What the machines of a pinned pool are told, and why.
QUIET: Mapping[str, str] = {
    "kernel.numa_balancing": "0",  # it unmaps pages to see who uses them: a fault on the fast path
    "kernel.timer_migration": "0",  # timers of a reserved CPU stay there
    "vm.stat_interval": "10",  # counters of each CPU are gathered every ten seconds, not every second
    "net.core.rmem_max": "16777216",  # a burst of market data waits in the socket, and is not dropped
    "net.core.wmem_max": "16777216",
    "net.core.netdev_max_backlog": "30000",
}

Run = tuple[int, int]
"""The first and the last CPU of a range."""


class Cpus(NamedTuple):
    """CPUs of one machine as Linux writes sets: all of each NUMA node, those reserved, those left to pinned pods.

    Where a cloud's kubelet keeps CPUs by a formula of its own, `reserved` are those that capacity is counted without.
    """

    total: int
    threads: int
    numa: tuple[str, ...]
    reserved: str
    isolated: str


def list_cpus(shape: Shape) -> Cpus:
    """The sets of CPUs; reserved and isolated are empty where the pool is not pinned."""
    numa = tuple(write_runs(_list_runs(shape, *_bound_node(shape, node))) for node in range(shape.numa))
    reserved = _reserve(shape) if shape.pinned else []
    isolated = _subtract(shape.cpus, reserved) if shape.pinned else []
    return Cpus(shape.cpus, shape.threads, numa, write_runs(reserved), write_runs(isolated))


def _list_runs(shape: Shape, first: int, end: int) -> list[Run]:
    """The CPUs of cores from `first` up to `end`: second threads lie half the machine apart."""
    cores = shape.cpus // shape.threads
    return [(first + cores * thread, end - 1 + cores * thread) for thread in range(shape.threads) if end > first]


def _bound_node(shape: Shape, node: int) -> tuple[int, int]:
    """The first core of a NUMA node, and that of the next: as rules.nodes.locate has it."""
    cores = shape.cpus // shape.threads
    return -(-node * cores // shape.numa), -(-(node + 1) * cores // shape.numa)


def _reserve(shape: Shape) -> list[Run]:
    """Those said, else the first cores that hold the formula's share."""
    if shape.reserved is not None:
        return [(cpu, cpu) for cpu in sorted(shape.reserved)]
    return _list_runs(shape, 0, count_kept_cores(shape))


def _subtract(total: int, taken: list[Run]) -> list[Run]:
    """What is left of all CPUs."""
    edges = [(-1, -1), *sorted(taken), (total, total)]
    pairs = pairwise(edges)
    return [(high + 1, low - 1) for (_, high), (low, _) in pairs if low > high + 1]


def count_pages(shape: Shape) -> dict[str, list[int]]:
    """Huge pages of each size by NUMA node: the kernel spreads them evenly (a rule makes them divide)."""
    return {
        size: [amount // HugePageSize(size).bytes // shape.numa] * shape.numa
        for size, amount in sorted(shape.hugepages.items())
    }


def list_arguments(site: Site, pool: Pool, shape: Shape) -> list[str]:
    """The kernel's command line beside the image's own; empty where the cloud has none, or nothing is asked for."""
    if site.tables.can(site.cluster.cloud, "kernelArguments").state == "impossible":
        return []
    arguments = _list_pages(shape)
    if shape.pinned:
        arguments += _isolate(pool, list_cpus(shape)) + _keep_awake(site, pool)
    if needs_nosmt(site, pool):
        arguments.append("nosmt")
    if pool.tuning.mitigations == "off":
        arguments.append("mitigations=off")
    return arguments


def needs_nosmt(site: Site, pool: Pool) -> bool:
    """Whether the kernel must leave second threads alone: the machine's owner has no switch for them."""
    machine = site.tables.machines.get(pool.machine)
    if pool.smt is not False or machine is None or machine.threads == 1:
        return False
    return is_bare(site, pool)


def is_bare(site: Site, pool: Pool) -> bool:
    """Whether the machine is a whole one: ours, or one of EC2's `.metal` sizes."""
    return site.cluster.cloud == "metal" or (site.cluster.cloud == "aws" and ".metal" in pool.machine)


def find_architecture(site: Site, pool: Pool) -> str:
    """`amd64` or `arm64`; a machine that the table does not know is taken for an amd64."""
    machine = site.tables.machines.get(pool.machine)
    return machine.arch if machine is not None else "amd64"


def set_sysctls(site: Site, pool: Pool) -> dict[str, str]:
    """Parameters of the machine: those of pinning that its cloud can set, and what the spec says."""
    settable = list_settable(site.cluster.cloud)
    quiet = QUIET if pool.pinning == "static" else {}
    ours = {name: value for name, value in quiet.items() if settable is None or name in settable}
    said = {str(name): str(value) for name, value in pool.tuning.sysctls.items()}
    return dict(sorted((ours | said).items()))


def _list_pages(shape: Shape) -> list[str]:
    pages = count_pages(shape)
    # The size that a program gets which names none.
    default = ["default_hugepagesz=1G"] if list(pages) == ["1Gi"] else []
    return default + [
        text for size, counts in pages.items() for text in (f"hugepagesz={SIZES[size]}", f"hugepages={sum(counts)}")
    ]


def _isolate(pool: Pool, cpus: Cpus) -> list[str]:
    """No ticks, callbacks or interrupts on CPUs of pinned pods.

    Which process runs there is the kubelet's business, so that isolcpus is a choice: the kernel balances nothing over
    the CPUs that it names.
    """
    arguments = [f"nohz_full={cpus.isolated}", f"rcu_nocbs={cpus.isolated}", f"irqaffinity={cpus.reserved}"]
    return arguments + ([f"isolcpus=managed_irq,domain,{cpus.isolated}"] if pool.tuning.isolate else [])


def _keep_awake(site: Site, pool: Pool) -> list[str]:
    """Ticks of CPUs apart, no watchdog, no huge pages made behind a program's back, no sleep that takes long to end."""
    arguments = ["skew_tick=1", "nowatchdog", "transparent_hugepage=never"]
    if find_architecture(site, pool) == "amd64":
        arguments += ["intel_idle.max_cstate=1", "processor.max_cstate=1"]
    return arguments
