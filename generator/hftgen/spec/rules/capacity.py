"""Capacity: when everything is at its largest at once, every pod still finds a node."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hftgen.spec.pool import Pool
from hftgen.spec.rules.demand import list_crowds, sum_needs
from hftgen.spec.rules.latency import FAST
from hftgen.spec.rules.nodes import GI, MI, Shape, offer_rooms
from hftgen.spec.rules.packing import Amounts, Crowd, Rooms, count_nodes, multiply, pack
from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.scope import list_runs
from hftgen.spec.rules.shapes import shape_node
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def fit_numa_nodes(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade pod fits one NUMA node of its pool: memory of another node costs twice the time."""
    for run in list_runs(loaded):
        pool = run.pool
        shape = shape_node(run.site, pool, loaded.tables) if pool is not None else None
        if run.service.latency != FAST or pool is None or shape is None or not shape.pinned:
            continue
        needs, rooms = sum_needs(run.service, pool), offer_rooms(shape)
        if is_too_large(needs, rooms):
            best = max(rooms, key=lambda room: room.space["cpu"]).space
            yield Violation(
                run.path(_name_tightest(needs, best)),
                f"a pod does not fit one NUMA node of pool {run.pool_name} on cluster {run.cluster}; "
                "the kubelet would refuse it (TopologyAffinityError)",
                write_amounts(needs),
                f"at most {write_amounts(best)}",
            )


def is_too_large(needs: Amounts, rooms: Sequence[Rooms]) -> bool:
    """Whether a pod finds no room on a node of its own."""
    return bool(pack([Crowd("", 1, needs)], rooms))


def _name_tightest(needs: Amounts, space: Amounts) -> str:
    """The field of what is missed most."""
    worst = max(needs, key=lambda name: needs[name] / max(space.get(name, 0), 1))
    return worst.partition("-")[0]


def fit_pools(loaded: "Loaded") -> Iterator[Violation]:
    """All pods of a pool fit its nodes, at their most, with every release in its middle and one node lost."""
    for cluster, site, name, pool in list_pools(loaded):
        shape = shape_node(site, pool, loaded.tables)
        if shape is None or site.cloud == "kind":
            continue
        rooms = offer_rooms(shape)
        told = _list_told(loaded, cluster, rooms) if shape.pinned else set()
        crowds = [crowd for crowd in list_crowds(loaded, cluster, name) if crowd.owner not in told]
        spare = 0 if loaded.environment.tier == "development" else 1
        left = pack(crowds, multiply(rooms, _count_base(pool) - spare))
        if left:
            yield _tell(("clusters", cluster, "pools", name), (pool, shape), (crowds, left), rooms, spare=spare)


def _list_told(loaded: "Loaded", cluster: str, rooms: Sequence[Rooms]) -> set[str]:
    """The services of which fit_numa_nodes says already that they fit nowhere."""
    runs = [run for run in list_runs(loaded) if run.cluster == cluster and run.service.latency == FAST]
    return {run.name for run in runs if run.pool is not None and is_too_large(sum_needs(run.service, run.pool), rooms)}


def _count_base(pool: Pool) -> int:
    return pool.min if pool.pinning == "static" else pool.max


def _tell(
    path: tuple[str, ...],
    node: tuple[Pool, Shape],
    pods: tuple[Sequence[Crowd], Sequence[Crowd]],
    rooms: Sequence[Rooms],
    *,
    spare: int,
) -> Violation:
    (pool, shape), (crowds, left) = node, pods
    field = "min" if pool.pinning == "static" else "max"
    asked = {crowd.owner: crowd.many for crowd in crowds}
    lost = " and ".join(f"{crowd.many} of the {asked[crowd.owner]} pods of {crowd.owner}" for crowd in left)
    nodes = max(_count_base(pool) - spare, 0)
    less = f" ({field} {_count_base(pool)} less one that may fail)" if spare else f" ({field})"
    what = "NUMA nodes" if shape.pinned and shape.numa > 1 else "nodes"
    spaces = " or ".join(dict.fromkeys(write_amounts(room.space) for room in rooms))
    return Violation(
        (*path, field),
        f"too small: with every service at its largest and every release in its middle, {lost} find no room",
        "; ".join(f"{crowd.many} pods of {crowd.owner} with {write_amounts(crowd.needs)} each" for crowd in crowds),
        f"what fits into {nodes * sum(room.many for room in rooms)} {what}{less} with {spaces} each",
        _advise(field, count_nodes(crowds, rooms), spare),
    )


def _advise(field: str, nodes: int | None, spare: int) -> str:
    if nodes is None:
        return "no number of such nodes is enough: choose a larger machine, or ask for less"
    return f"{field}: {nodes + spare} would do, or a larger machine (packed pod by pod, the largest first)"


def write_amounts(amounts: Amounts) -> str:
    """`cpu 16, memory 48Gi, hugepages-1Gi 8Gi`."""
    first = {"cpu": 0, "memory": 1}
    names = sorted(amounts, key=lambda name: (first.get(name, 2), name))
    return ", ".join(f"{name} {_write(name, amounts[name])}" for name in names)


def _write(name: str, amount: int) -> str:
    if name == "cpu":
        return f"{amount / 1000:g}"
    return f"{amount / GI:.1f}Gi".replace(".0Gi", "Gi") if amount >= GI else f"{amount // MI}Mi"
