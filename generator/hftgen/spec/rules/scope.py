"""What rules look at: each service on each cluster it runs on, its containers, the pool it lands in."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.cluster import Cluster
from hftgen.spec.container import Container
from hftgen.spec.node import Node
from hftgen.spec.pool import Pool
from hftgen.spec.service import Service

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

Path = tuple[str | int, ...]


class Run(NamedTuple):
    """A service on one cluster, with that cluster's overrides."""

    loaded: "Loaded"
    cluster: str
    name: str
    service: Service

    @property
    def site(self) -> Cluster:
        """The cluster itself."""
        return find_cluster(self.loaded, self.cluster)

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The cluster's pools; empty where it has none, and nothing about pools can be checked."""
        return self.site.pools

    @property
    def pool_name(self) -> str | None:
        """The pool it lands in; None where that cannot be told."""
        return choose_pool(self.pools, self.service.pool)

    @property
    def pool(self) -> Pool | None:
        """As pool_name."""
        name = self.pool_name
        return None if name is None else self.pools[name]

    def path(self, *rest: str | int) -> Path:
        """The path of a field: where this cluster's override sets it there, else in the service."""
        override: Path = ("services", self.name, "clusters", self.cluster)
        return (*override, *rest) if rest and has(self.loaded.root, (*override, rest[0])) else (
            "services", self.name, *rest)  # fmt: skip


def find_cluster(loaded: "Loaded", name: str) -> Cluster:
    """The cluster of that name."""
    return loaded.environment.clusters[name]


def list_runs(loaded: "Loaded") -> Iterator[Run]:
    """Each service on each cluster, clusters and services in the order of their names."""
    for cluster, services in sorted(loaded.services.items()):
        for name, service in sorted(services.items()):
            yield Run(loaded, cluster, name, service)


def list_containers(service: Service) -> Iterator[tuple[Path, Service | Container]]:
    """The containers of a pod with their paths below the service: its own, then init, then sidecars."""
    yield (), service
    for index, container in enumerate(service.init):
        yield ("init", index), container
    for name, sidecar in sorted(service.sidecars.items()):
        yield ("sidecars", name), sidecar


def choose_pool(pools: Mapping[str, Pool], wanted: str | None) -> str | None:
    """The pool said, or the only one without pinning; None where there is none such, or several."""
    if wanted is not None:
        return wanted if wanted in pools else None
    free = free_pools(pools)
    return free[0] if len(free) == 1 else None


def free_pools(pools: Mapping[str, Pool]) -> list[str]:
    """The pools without pinning: those a service that names none may land in."""
    return sorted(name for name, pool in pools.items() if pool.pinning != "static")


def has(node: Node, path: Path) -> bool:
    """Whether a field stands in the spec, under its own name at each level."""
    for part in path:
        value = node.value
        if isinstance(value, dict) and part in value:
            node = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            node = value[part]
        else:
            return False
    return True
