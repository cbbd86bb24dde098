"""What services and datastores ask of a pool when everything is at its largest at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.pace import SURGE, count_most, count_surge, find_surge, holds_disk
from hftgen.spec.pool import Pool
from hftgen.spec.release import AbTest, BlueGreen, Canary
from hftgen.spec.rules.packing import Amounts, Crowd
from hftgen.spec.rules.scope import choose_pool, find_cluster, list_runs
from hftgen.spec.service import Service

if TYPE_CHECKING:
    from hftgen.spec.container import Container
    from hftgen.spec.load import Loaded

HIGH_AVAILABILITY = 3

# What Istio asks for each proxy that it injects (its chart istiod, global.proxy.resources).
PROXY = {"cpu": 100, "memory": 128 * 2**20}


def list_crowds(loaded: "Loaded", cluster: str, pool: str) -> list[Crowd]:
    """The pods that may stand in a pool at one time. A standby counts as after a failover."""
    site = find_cluster(loaded, cluster)
    crowds = [
        Crowd(run.name, count_pods(run.service), sum_needs(run.service, site.pools[pool]))
        for run in list_runs(loaded)
        if run.cluster == cluster and run.pool_name == pool
    ]
    crowds += list(_list_datastores(loaded, site, pool))
    return [crowd for crowd in crowds if crowd.many and crowd.needs]


def _list_datastores(loaded: "Loaded", site: Cluster, pool: str) -> Iterator[Crowd]:
    for name, datastore in sorted(loaded.environment.datastores.items()):
        if isinstance(datastore, ClusterDatastore) and choose_pool(site.pools, datastore.pool) == pool:
            many = HIGH_AVAILABILITY if datastore.highAvailability and datastore.engine == "postgres" else 1
            yield Crowd(name, many, _request(datastore))


def count_pods(service: Service) -> int:
    """The most pods of a service at one time: autoscaled to its maximum, in the middle of a release."""
    if service.workload in ("job", "cron"):
        return 1
    pods = count_most(service)
    if service.workload == "stateful":
        return pods
    release = service.release
    if isinstance(release, BlueGreen) or (isinstance(release, Canary) and release.traffic.router != "none"):
        return 2 * pods
    if isinstance(release, AbTest):
        others = [pods if variant.replicas is None else variant.replicas for variant in release.variants.values()]
        return sum(count + count_surge(SURGE, count) for count in (pods, *others))
    if holds_disk(service):
        return pods
    return pods + count_surge(find_surge(service)[0], pods)


def count_replicas(service: Service) -> int:
    """The replicas said, else one."""
    return 1 if service.replicas is None else service.replicas


def sum_needs(service: Service, pool: Pool) -> Amounts:
    """What a pod asks of such a pool: its containers together, or its largest init container beside the sidecars.

    Hugepages of a size that the pool does not have are another rule's (pools.find_hugepages).
    """
    main, sidecars, init = _request(service), [_request(c) for c in service.sidecars.values()], service.init
    sidecars += [PROXY] if service.mesh else []
    beside = {name: sum(needs.get(name, 0) for needs in sidecars) for name in ("cpu", "memory")}
    first = [_request(container) for container in init]
    needs = {
        name: beside[name] + max(main.get(name, 0), *(needs.get(name, 0) for needs in first), 0)
        for name in ("cpu", "memory")
    }
    needs |= {f"hugepages-{size}": amount.bytes for size, amount in service.hugepages.items() if size in pool.hugepages}
    return {name: amount for name, amount in needs.items() if amount}


def _request(container: "Container | ClusterDatastore") -> dict[str, int]:
    """The requests; a limit alone is a request too; what is not said is nothing."""
    cpu, memory = container.cpu, container.memory
    millicores = (cpu.request or cpu.limit) if cpu is not None else None
    amount = (memory.request or memory.limit) if memory is not None else None
    needs = {"cpu": millicores.millicores if millicores else 0, "memory": amount.bytes if amount else 0}
    return {name: value for name, value in needs.items() if value}
