"""What a node of a pool leaves to pods: machine less reserved, hugepages and what the cloud's kubelet keeps.

The kubelet's formulas are those that EKS (AL2023), GKE and AKS (1.29 and later) document. What daemon sets and the
machine's own kernel take is not in them, nor here.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hftgen.spec.rules.packing import Amounts, Rooms

MI = 2**20
GI = 2**30
EVICTION = 100 * MI
PODS = 110
AKS_PODS = 250
AKS_CPU = ((1, 60), (2, 100), (4, 140), (8, 180), (16, 260), (32, 420), (64, 740))
GKE_MEMORY = ((4, 25), (4, 20), (8, 10), (112, 6))


class Shape(NamedTuple):
    """A node: threads, bytes, NUMA nodes, threads a core, most pods, bytes of hugepages by size, reserved CPUs.

    `reserved` None means that the spec says nothing, and the cloud's kubelet keeps CPUs by its formula.
    """

    cloud: str
    cpus: int
    memory: int
    numa: int = 1
    threads: int = 1
    pods: int = 0
    hugepages: Mapping[str, int] = {}
    reserved: frozenset[int] | None = None
    pinned: bool = False


class Kept(NamedTuple):
    """What a kubelet keeps: thousandths of a CPU, and bytes."""

    cpu: int
    memory: int


def offer_rooms(shape: Shape) -> list[Rooms]:
    """The rooms of one node: itself, or its NUMA nodes where the pool is pinned."""
    kept = keep(shape)
    if shape.pinned:
        return _split_numa(shape, kept)
    cpu = shape.cpus * 1000 - _keep_cpu(shape, kept)
    return [Rooms(1, _offer(shape, cpu, kept, 1))]


def keep(shape: Shape) -> Kept:
    """What the cloud's kubelet keeps of such a node, the eviction threshold with it."""
    return KEEPERS.get(shape.cloud, _keep_nothing)(shape)


def locate(cpu: int, shape: Shape) -> int:
    """The NUMA node of a CPU, as Linux counts on the machines that let CPUs be reserved: siblings lie half apart."""
    core = cpu % max(shape.cpus // shape.threads, 1)
    return min(core * shape.numa // max(shape.cpus // shape.threads, 1), shape.numa - 1)


def _offer(shape: Shape, cpu: int, kept: Kept, parts: int) -> Amounts:
    pages = sum(shape.hugepages.values())
    space = {"cpu": max(cpu, 0), "memory": max((shape.memory - pages - kept.memory) // parts, 0)}
    for size, amount in shape.hugepages.items():
        space[f"hugepages-{size}"] = amount // parts
    return space


def count_kept_cores(shape: Shape) -> int:
    """The whole cores, the first of the machine, that hold what a kubelet keeps by formula."""
    return -(-keep(shape).cpu // (1000 * shape.threads))


def count_pods(shape: Shape) -> int:
    """The most pods of such a node, for which its kubelet keeps memory."""
    return shape.pods or (AKS_PODS if shape.cloud == "azure" else PODS)


def _split_numa(shape: Shape, kept: Kept) -> list[Rooms]:
    """Exclusive CPUs come as whole cores. What the kubelet keeps by formula is taken from the first NUMA node."""
    each = shape.cpus // shape.numa
    rooms = []
    for numa in range(shape.numa):
        if shape.reserved is not None:
            lost = sum(1 for cpu in shape.reserved if locate(cpu, shape) == numa)
        else:
            lost = count_kept_cores(shape) * shape.threads if numa == 0 else 0
        rooms.append(Rooms(1, _offer(shape, (each - lost) * 1000, kept, shape.numa)))
    return rooms


def _keep_cpu(shape: Shape, kept: Kept) -> int:
    """Reserved CPUs stand in place of the formula's, as reservedSystemCPUs does."""
    return kept.cpu if shape.reserved is None else len(shape.reserved) * 1000


def _keep_eks(shape: Shape) -> Kept:
    pods = count_pods(shape)
    return Kept(_taper_cpu(shape.cpus), 255 * MI + 11 * MI * pods + EVICTION)


def _keep_gke(shape: Shape) -> Kept:
    left, kept = shape.memory, 0
    for size, percent in GKE_MEMORY:
        part = min(left, size * GI)
        kept += part * percent // 100
        left -= part
    kept += left * 2 // 100
    return Kept(_taper_cpu(shape.cpus), (255 * MI if shape.memory < GI else kept) + EVICTION)


def _keep_aks(shape: Shape) -> Kept:
    cpu = next((kept for cpus, kept in AKS_CPU if shape.cpus <= cpus), AKS_CPU[-1][1])
    pods = count_pods(shape)
    return Kept(cpu, min((20 * pods + 50) * 10**6, shape.memory // 4) + EVICTION)


def _keep_nothing(_shape: Shape) -> Kept:
    return Kept(0, EVICTION)


def _taper_cpu(cpus: int) -> int:
    """6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest; thousandths, rounded up."""
    tenths = 600 + 100 * min(max(cpus - 1, 0), 1) + 50 * min(max(cpus - 2, 0), 2) + 25 * max(cpus - 4, 0)
    return -(-tenths // 10)


KEEPERS: Mapping[str, Callable[[Shape], Kept]] = {
    "aws": _keep_eks,
    "gcp": _keep_gke,
    "azure": _keep_aks,
    "metal": _keep_eks,
}
