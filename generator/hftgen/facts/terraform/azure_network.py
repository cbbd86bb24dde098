"""What module network is told on Azure: the parts of the range, who comes in, and the ways to the venues."""

from ipaddress import IPv4Network, ip_network

from hftgen.facts.record import Facts
from hftgen.facts.replication import find_topology
from hftgen.facts.site import Site
from hftgen.facts.terraform.azure_names import find_resource, list_zones, name_base, name_group, name_storage
from hftgen.facts.terraform.azure_shared import find_registry
from hftgen.facts.terraform.common import list_tags
from hftgen.spec.cluster import Cluster
from hftgen.spec.datastore import ClusterDatastore, ManagedDatastore
from hftgen.spec.network import Connect
from hftgen.spec.rules.azure import CONNECTION, CONNECTIONS
from hftgen.spec.rules.azure_ranges import DEFAULT_PODS, Subnets, carve, find_range, is_overlay

PRIVATE = tuple(ip_network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))

# Ports of what brings requests from outside, beside load balancers of services' own.
WEB = (80, 443)
POSTGRES = 5432

# Days for which flow logs are kept: a quarter in production, so that an inquiry finds them.
LOG_DAYS = {"production": 90}
FEW_DAYS = 30


def derive_network(site: Site) -> Facts:
    """Variables of `network`."""
    network = site.cluster.network
    registry = find_registry(site)
    return {
        "name": name_base(site),
        "location": str(site.cluster.region),
        "resource_group": name_group(site, "network"),
        "tags": list_tags(site),
        "subscription_id": str(site.cluster.account),
        "vpc_cidr": str(network.vpc) if network is not None else None,
        "subnets": describe_subnets(site),
        "pods_cidr": find_overlay(site),
        "venue_cidrs": {str(name): str(cidr) for name, cidr in sorted(network.venues.items())} if network else {},
        "connections": [{"kind": item.kind, "id": _find_connection(site, item)} for item in network.connect]
        if network
        else [],
        "fast_path": any(pool.pinning == "static" for pool in site.cluster.pools.values()),
        "zones": list(site.cluster.zones),
        "exposed_ports": _list_ports(site),
        "api_cidrs": split_access(site)[1],
        "replica_cidrs": _list_replicas(site),
        "private_zones": list_zones(site, databases=has_databases(site), registry=registry is not None),
        "registry_id": registry,
        "flow_logs": {
            "storage_account": name_storage(site, f"{site.name}/flow-logs"),
            "days": LOG_DAYS.get(site.environment.tier, FEW_DAYS),
        },
    }


def describe_subnets(site: Site) -> Facts:
    """Ranges of the subnets by name; None where one is not needed."""
    parts, pods = _carve(site.cluster), find_range(site.cluster, "pods")
    connected = site.cluster.network is not None and site.cluster.network.connect
    return {
        "nodes": str(parts.nodes),
        "apiserver": str(parts.apiserver),
        "endpoints": str(parts.endpoints),
        "databases": str(parts.databases) if has_databases(site) else None,
        "gateway": str(parts.gateway) if connected else None,
        "pods": None if is_overlay(site.cluster) else str(pods),
    }


def find_overlay(site: Site) -> str | None:
    """The range of the pods where AKS lays them over the network; None where they have a subnet."""
    return str(find_range(site.cluster, "pods") or DEFAULT_PODS) if is_overlay(site.cluster) else None


def has_databases(site: Site) -> bool:
    """Whether Azure runs a postgres for this cluster."""
    stores = site.environment.datastores.values()
    return any(isinstance(store, ManagedDatastore) and store.engine == "postgres" for store in stores)


def find_followed(site: Site, cluster: str) -> str | None:
    """The cluster whose databases a standby's follow: the first primary, where both are Azure's; else None."""
    recovery = site.environment.recovery
    clusters = {str(name): each for name, each in site.environment.clusters.items()}
    if recovery is None or recovery.replication != "continuous" or clusters[cluster].role != "standby":
        return None
    primary = min(name for name, each in clusters.items() if each.role == "primary")
    return primary if clusters[primary].cloud == clusters[cluster].cloud == "azure" else None


def _list_replicas(site: Site) -> list[str]:
    """Ranges of databases in other clusters that follow this one's, or that this one's follow."""
    others = {str(name): each for name, each in site.environment.clusters.items() if str(name) != site.name}
    near = [
        each
        for name, each in sorted(others.items())
        if site.name == find_followed(site, name) or name == find_followed(site, site.name)
    ]
    return [str(_carve(each).databases) for each in near] if has_databases(site) else []


def _carve(cluster: Cluster) -> Subnets:
    vpc = find_range(cluster, "vpc")
    assert vpc is not None, "clusters.tell_terraform, azure_ranges.fit_azure_ranges"  # noqa: S101
    return carve(vpc, find_range(cluster, "pods"))


def split_access(site: Site) -> tuple[list[str], list[str]]:
    """Who reaches the API server: over the internet, and over connections."""
    said = [cidr.network for cidr in site.cluster.access.cidrs] if site.cluster.access is not None else []
    networks = [network for network in said if isinstance(network, IPv4Network)]
    inside = [network for network in networks if any(network.subnet_of(space) for space in PRIVATE)]  # type: ignore[arg-type]
    return [str(each) for each in networks if each not in inside], [str(each) for each in inside]


def list_addresses(site: Site) -> list[str]:
    """Public addresses of people and pipelines as firewalls of storage and vaults take them: no /31, /32 and /0."""
    found: list[str] = []
    for cidr in split_access(site)[0]:
        network = IPv4Network(cidr)
        if network.prefixlen == 0:
            found += [str(half) for half in network.subnets()]
        else:
            found += [cidr] if network.prefixlen <= 30 else [str(address) for address in network]
    return found


def _find_connection(site: Site, item: Connect) -> str:
    """The id of a connection; one that is said by name alone lies in the group of the network."""
    if not CONNECTION.fullmatch(item.id):
        return str(item.id)
    return find_resource(site, name_group(site, "network"), f"Microsoft.Network/{CONNECTIONS[item.kind]}/{item.id}")


def _list_ports(site: Site) -> Facts:
    """Ports of load balancers by whom they are for."""
    ports: dict[bool, set[int]] = {False: set(), True: set()}
    for service in site.services.values():
        expose = service.expose
        if expose is None:
            continue
        port = service.ports.get(expose.port or service.default_port or "")
        own = [port.port] if expose.via == "loadBalancer" and port is not None else WEB
        ports[expose.internal].update(own)
    stores = site.environment.datastores.items()
    if any(isinstance(store, ClusterDatastore) and find_topology(site, str(name), store) for name, store in stores):
        ports[True].add(POSTGRES)
    return {"public": sorted(ports[False]), "internal": sorted(ports[True])}
