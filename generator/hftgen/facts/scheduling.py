"""Where a service's pods run: pool, spread, priority, and what keeps autoscalers from moving them."""

from hftgen.facts.defaults import count_desired, find_priority, is_trading
from hftgen.facts.names import POOL_LABEL, name_scoped, select_workload
from hftgen.facts.nodes import list_taints
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.pool import Pool
from hftgen.spec.service import Service

ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"

# What keeps the cluster autoscaler and Karpenter from moving a pod to save a node. A descheduler asks for an eviction
# and meets the disruption budget instead.
UNMOVED = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "karpenter.sh/do-not-disrupt": "true"}

REASONS = {
    "trading": "A pod that trades is moved by a person, never to save a node.",
    "batch": "A run that is moved begins anew.",
}


def find_rest(service: Service) -> str | None:
    """Why no autoscaler may move the pods of a service; None where it may."""
    if service.workload in ("job", "cron"):
        return REASONS["batch"]
    return REASONS["trading"] if is_trading(service) else None


def describe_pool(site: Site, name: str | None) -> Facts:
    """`{nodeSelector, tolerations}` of the pool that a pod asks for; empty where the cluster has no such pool."""
    found = site.pool(name)
    if found is None:
        return {}
    name, pool = found
    tolerations = [{**taint, "operator": "Equal"} for taint in list_taints(site, name, pool)]
    return {"nodeSelector": {POOL_LABEL: name}, **({"tolerations": tolerations} if tolerations else {})}


def describe_scheduling(site: Site, name: str, service: Service, workload: str) -> Facts:
    """A pod's place: pool, spread and priority, each where there is one."""
    facts = describe_pool(site, service.pool)
    if spread := _describe_spread(site, name, service, workload):
        facts["spread"] = spread
    if latency := find_priority(service):
        facts["priorityClass"] = name_priority(site, latency)
    return facts


def name_priority(site: Site, key: str) -> str:
    """The PriorityClass of a latency class, or of datastores, in this environment."""
    return name_scoped(site.project, site.environment.environment, key)


def _describe_spread(site: Site, name: str, service: Service, workload: str) -> list[Facts]:
    """Over zones, then hosts: as the spec says, else preferred wherever there are several pods.

    Zones are left out where the pool has but one: that could not be met.
    """
    if service.workload in ("job", "cron"):
        return []
    said = service.spread
    several = count_desired(service) > 1
    wishes = {ZONE: said.zone, HOST: said.host}
    found = site.pool(service.pool)
    if found is not None and _count_zones(site, found[1]) < 2:
        del wishes[ZONE]
    default = "preferred" if several else "none"
    return [
        {"topologyKey": key, "required": wish == "required", "select": select_workload(name, workload)}
        for key, said_wish in wishes.items()
        if (wish := said_wish or default) != "none"
    ]


def _count_zones(site: Site, pool: Pool) -> int:
    return len(pool.zones or site.cluster.zones)
