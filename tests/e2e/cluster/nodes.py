"""Nodes as a cluster would have them, from the pools of its spec and the table of machines.

As many as the capacity rule counts on: `max` less one that may fail, `min` less one for a pinned pool, in development
none less. A node leaves to pods what the rule says it does. Beside them stands one large machine of no pool without
taint: a pod that names no pool lands there, and the play sees it.
"""

from collections.abc import Iterator, Mapping

from hftgen.facts.names import POOL_LABEL, POOL_TAINT
from hftgen.spec.cluster import Cluster
from hftgen.spec.load import Loaded
from hftgen.spec.pool import Pool
from hftgen.spec.rules.nodes import PODS, Shape, offer_rooms
from hftgen.spec.rules.shapes import shape_node
from tests.e2e.cluster.client import Manifest

KWOK = {"kwok.x-k8s.io/node": "fake"}
STRAY = "stray"
_LARGE = {"cpu": "512", "memory": "2Ti", "hugepages-1Gi": "256Gi", "hugepages-2Mi": "256Gi", "pods": "500"}


def describe_nodes(loaded: Loaded, cluster: str) -> list[Manifest]:
    """The Node objects of a cluster; the machine of no pool alone where the spec describes none (kind)."""
    site = loaded.environment.clusters[cluster]
    spare = 0 if loaded.environment.tier == "development" else 1
    nodes = [
        node
        for name, pool in sorted(site.pools.items())
        if (shape := shape_node(site, pool, loaded.tables))
        for node in _describe_pool(site, (name, pool), shape, spare)
    ]
    return [*nodes, _make(STRAY, {}, _LARGE, _LARGE)]


def _describe_pool(site: Cluster, named: tuple[str, Pool], shape: Shape, spare: int) -> Iterator[Manifest]:
    name, pool = named
    taint = {"key": POOL_TAINT, "value": name, "effect": "NoSchedule"}
    for number in range((pool.min if shape.pinned else pool.max) - spare):
        labels = _label_pool(name, pool) | _label_place(site, pool, number)
        node = _describe_node(f"{name}-{number}", labels, shape)
        yield {**node, "spec": {"taints": [taint]} if shape.pinned else {}}


def _label_pool(name: str, pool: Pool) -> dict[str, str]:
    return {POOL_LABEL: name, "node.kubernetes.io/instance-type": str(pool.machine)}


def _label_place(site: Cluster, pool: Pool, number: int) -> dict[str, str]:
    """Zones take turns."""
    zones = [str(zone) for zone in pool.zones or site.zones]
    region = {"topology.kubernetes.io/region": str(site.region)} if site.region else {}
    return region | ({"topology.kubernetes.io/zone": zones[number % len(zones)]} if zones else {})


def _describe_node(name: str, labels: Mapping[str, str], shape: Shape) -> Manifest:
    rooms = offer_rooms(shape)
    free = {key: sum(room.many * room.space[key] for room in rooms) for key in rooms[0].space}
    pods = {"pods": str(shape.pods or PODS)}
    pages = {f"hugepages-{size}": str(amount) for size, amount in shape.hugepages.items()}
    capacity = {"cpu": str(shape.cpus), "memory": str(shape.memory), **pages, **pods}
    allocatable = {key: f"{amount}m" if key == "cpu" else str(amount) for key, amount in free.items()} | pods
    return _make(name, labels, capacity, allocatable)


def _make(name: str, labels: Mapping[str, str], capacity: Mapping[str, str], free: Mapping[str, str]) -> Manifest:
    known = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    disk = {"ephemeral-storage": "200Gi"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {**known, **labels}, "annotations": KWOK},
        "spec": {},
        "status": {"capacity": {**capacity, **disk}, "allocatable": {**free, **disk}},
    }
