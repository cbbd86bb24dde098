"""What module cluster is told on Azure: the control plane, its keys, the pools and when Azure may touch them."""

from hftgen.facts.maintenance import Maintenance
from hftgen.facts.names import POOL_LABEL
from hftgen.facts.nodes import describe_node
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.storage import needs_ultra
from hftgen.facts.terraform.azure_accounts import describe_accounts, list_admins
from hftgen.facts.terraform.azure_names import (
    ZONES,
    find_subnet,
    find_zone,
    name_base,
    name_group,
    name_keys_vault,
)
from hftgen.facts.terraform.azure_network import find_overlay, split_access
from hftgen.facts.terraform.azure_shared import find_registry
from hftgen.facts.terraform.common import Surroundings, list_tags
from hftgen.spec.pool import Pool
from hftgen.spec.rules.azure_ranges import DEFAULT_SERVICES, SYSTEM_NODES, find_range, is_overlay
from hftgen.spec.rules.nodes import AKS_PODS

# AKS' own pods stand on machines of theirs, unless the spec has a pool of this name: three, so that one can go.
SYSTEM = "system"
SYSTEM_MACHINE = "Standard_D4s_v5"
SYSTEM_LEAST = 3

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
LOG_DAYS = {"production": 365}
FEW_DAYS = 30
EVERYBODY = "0.0.0.0/0"


def derive_cluster(site: Site, around: Surroundings) -> Facts:
    """Variables of `cluster`."""
    public = split_access(site)[0]
    pools = {str(name): pool for name, pool in sorted(site.cluster.pools.items())}
    return {
        "name": name_base(site),
        "location": str(site.cluster.region),
        "resource_group": name_group(site, "cluster"),
        "tags": list_tags(site),
        "node_resource_group": name_group(site, "nodes"),
        "kubernetes_version": str(site.environment.kubernetes.version),
        "sku_tier": "Free" if site.is_development else "Standard",
        "subnet_ids": _find_subnets(site),
        "pods_cidr": find_overlay(site),
        "services_cidr": str(find_range(site.cluster, "services") or DEFAULT_SERVICES),
        "public_access": bool(public),
        "authorized_cidrs": [] if EVERYBODY in public else public,
        "admin_groups": list_admins(site)[0],
        "system_pool": _describe_system(site, pools.get(SYSTEM)),
        "node_pools": {name: _describe_pool(site, name, pool) for name, pool in pools.items() if name != SYSTEM},
        "encryption": {"vault": name_keys_vault(site, f"{site.name}/cluster"), "public": bool(public)}
        if site.is_encrypted
        else None,
        "vault_zone_id": find_zone(site, ZONES["vault"]),
        "registry_id": find_registry(site),
        "service_accounts": describe_accounts(site),
        "maintenance": None if around.maintenance is None else describe_maintenance(around.maintenance),
        "log_days": LOG_DAYS.get(site.environment.tier, FEW_DAYS),
    }


def describe_maintenance(maintenance: Maintenance) -> Facts:
    """`{allowed, not_allowed}` as AKS has them: hours by day of the week, and spans of moments, in UTC."""
    hours: dict[str, list[int]] = {}
    for day in maintenance.days:
        for count in range(maintenance.hours):
            later, hour = divmod(maintenance.hour + count, 24)
            hours.setdefault(DAYS[(day + later) % 7], []).append(hour)
    exclusions = maintenance.describe()["exclusions"]
    return {
        "allowed": {day: sorted(set(found)) for day, found in sorted(hours.items())},
        "not_allowed": [{"start": each["start"], "end": each["end"]} for each in exclusions],
    }


def _find_subnets(site: Site) -> Facts:
    pods = None if is_overlay(site.cluster) else find_subnet(site, "pods")
    return {name: find_subnet(site, name) for name in ("nodes", "apiserver", "endpoints")} | {"pods": pods}


def _describe_system(site: Site, pool: Pool | None) -> Facts:
    """The pool of AKS' own pods; what the spec says of a pool of that name, else a few machines for them alone."""
    if pool is not None:
        zones, machine = pool.zones or site.cluster.zones, str(pool.machine)
        least, most, pods = max(pool.min, 1), pool.max, describe_node(site, SYSTEM).pods
    else:
        zones, machine, pods = site.cluster.zones, SYSTEM_MACHINE, AKS_PODS
        least, most = 1 if site.is_development else SYSTEM_LEAST, SYSTEM_NODES
    return {
        "machine": machine,
        "min": least,
        "max": most,
        "zones": [str(zone) for zone in zones],
        "labels": {POOL_LABEL: SYSTEM},
        "max_pods": pods,
        "reserved": pool is None,
    }


def _describe_pool(site: Site, name: str, pool: Pool) -> Facts:
    node = describe_node(site, name)
    return {
        "name": node.name,
        "machine": str(pool.machine),
        "min": pool.min,
        "max": pool.max,
        "zones": [str(zone) for zone in pool.zones or site.cluster.zones],
        "labels": node.labels,
        "taints": [f"{taint['key']}={taint['value']}:{taint['effect']}" for taint in node.taints],
        "spot": pool.spot,
        "proximity": pool.placement is not None,
        "ultra_ssd": needs_ultra(site, name),
        "max_pods": node.pods,
        "cpu_manager_policy": node.kubelet.get("cpuManagerPolicy"),
        "topology_policy": node.kubelet.get("topologyManagerPolicy"),
        "unsafe_sysctls": node.kubelet.get("allowedUnsafeSysctls", []),
        "sysctls": {_name_sysctl(key): int(value) for key, value in node.sysctls.items()},
        "transparent_huge_pages": node.transparent_hugepages,
    }


def _name_sysctl(name: str) -> str:
    """A kernel parameter as the provider calls it."""
    return name.replace(".", "_").replace("-", "_")
