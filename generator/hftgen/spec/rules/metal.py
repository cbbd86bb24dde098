"""Clusters on metal: their hosts are the pools', and their addresses lie where the network says."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.cluster import Cluster
from hftgen.spec.metal import Metal
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.network import Network
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import Address
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

NODE_PREFIX = 24
"""Each node has a /24 of the pods' range, the usual size of the controller manager."""

RANGES = ("vpc", "pods", "services")


class Rack(NamedTuple):
    """A cluster that is built of hosts."""

    name: str
    site: Cluster
    metal: Metal
    network: Network

    def path(self, *rest: str | int) -> tuple[str | int, ...]:
        """The path of a field below `metal`."""
        return ("clusters", self.name, "metal", *rest)


def list_racks(loaded: "Loaded") -> Iterator[Rack]:
    """The clusters on metal whose hosts the spec names."""
    for name, site in sorted(loaded.environment.clusters.items()):
        if site.metal is not None:
            yield Rack(str(name), site, site.metal, site.network or Network())


def say_ranges(loaded: "Loaded") -> Iterator[Violation]:
    """A cluster that is built of hosts says the ranges of its machines, pods and Services, all of IPv4."""
    for rack in list_racks(loaded):
        for kind in RANGES:
            cidr = getattr(rack.network, kind)
            path = ("clusters", rack.name, "network", kind)
            if cidr is None:
                yield Violation(path, "the hosts are configured with it, and nobody says it", "nothing", f"{kind}: ...")
            elif cidr.network.version != 4:
                yield Violation(path, "clusters on metal are built with IPv4", str(cidr), "a network of IPv4")


def fill_pools(loaded: "Loaded") -> Iterator[Violation]:
    """Each pool has as many hosts as its `max`: nobody buys one by himself, and capacity counts on them."""
    for rack in list_racks(loaded):
        for pool, facts in sorted(rack.site.pools.items()):
            count = len(rack.metal.list_workers(pool))
            if count != facts.max:
                yield Violation(
                    ("clusters", rack.name, "pools", pool, "max"),
                    f"{count} hosts are in pool {pool}" if count else f"no host is in pool {pool}",
                    str(facts.max),
                    f"max: {count}, and min no larger" if count else f"hosts with pool: {pool}",
                    "min may be less: it says how many are left while others are repaired",
                )


def join_known_pools(loaded: "Loaded") -> Iterator[Violation]:
    """A host's pool is one of its cluster."""
    for rack in list_racks(loaded):
        for name, host in sorted(rack.metal.hosts.items()):
            if host.pool is not None and host.pool not in rack.site.pools:
                yield Violation(
                    rack.path("hosts", name, "pool"),
                    f"cluster {rack.name} has no such pool",
                    host.pool,
                    list_names(rack.site.pools),
                    suggest(host.pool, rack.site.pools),
                )


def stand_in_known_zones(loaded: "Loaded") -> Iterator[Violation]:
    """Where a cluster has zones, each worker stands in one, and in one of its pool's where the pool names some."""
    for rack in list_racks(loaded):
        for name, host in sorted(rack.metal.hosts.items()):
            pool = rack.site.pools.get(host.pool) if host.pool is not None else None
            zones = (pool.zones if pool is not None else ()) or rack.site.zones
            missing = host.zone is None and bool(rack.site.zones) and host.is_worker
            if missing or (host.zone is not None and str(host.zone) not in zones):
                whose = f"pool {host.pool}" if pool is not None and pool.zones else f"cluster {rack.name}"
                yield Violation(
                    rack.path("hosts", name, "zone"),
                    "is missing: pods are spread over zones" if missing else f"is no zone of {whose}",
                    "nothing" if missing else visible(str(host.zone)),
                    list_names(zones) if zones else f"zones: [{visible(str(host.zone))}] of the cluster",
                )


def stay_inside(loaded: "Loaded") -> Iterator[Violation]:
    """Hosts and the API server have addresses of the machines' range, which are nobody's own but theirs."""
    for rack in list_racks(loaded):
        vpc = rack.network.vpc
        if vpc is None or vpc.network.version != 4:
            continue
        found = [(rack.path("hosts", name, "address"), host.address) for name, host in sorted(rack.metal.hosts.items())]
        if rack.metal.endpoint.address is not None:
            found.append((rack.path("endpoint", "address"), rack.metal.endpoint.address))
        for path, address in found:
            if address.ip not in vpc.network:
                yield Violation(path, "lies outside network.vpc", str(address), f"an address of {vpc}")
            elif address.ip in (vpc.network.network_address, vpc.network.broadcast_address):
                yield Violation(path, f"is the network's own: {vpc}", str(address), "an address of a machine")


def name_hosts_once(loaded: "Loaded") -> Iterator[Violation]:
    """Hosts of all clusters have different names: Ansible keeps one list of them."""
    owners: dict[str, str] = {}
    for rack in list_racks(loaded):
        for name in sorted(rack.metal.hosts):
            owner = owners.setdefault(name, rack.name)
            if owner != rack.name:
                path = rack.path("hosts", name)
                yield Violation(path, f"cluster {owner} has a host of this name", name, "a name of its own")


def follow_kubernetes(loaded: "Loaded") -> Iterator[Violation]:
    """Hosts run the environment's Kubernetes, or the minor version after it while clusters are upgraded in turn."""
    said = loaded.environment.kubernetes.version
    minor = int(said.partition(".")[2])
    for rack in list_racks(loaded):
        if rack.metal.version.minor not in (said, f"1.{minor + 1}"):
            yield Violation(
                rack.path("version"),
                f"what is rendered is for Kubernetes {said}, and one minor version is upgraded at a time",
                str(rack.metal.version),
                f"a patch of {said}, or of 1.{minor + 1}",
            )


def leave_room_for_pods(loaded: "Loaded") -> Iterator[Violation]:
    """The pods' range has a /24 for each host, and the Services' range is one that the API server takes."""
    for rack in list_racks(loaded):
        pods, services = rack.network.pods, rack.network.services
        path = ("clusters", rack.name, "network")
        if pods is not None and (count := _count_blocks(pods.network)) < len(rack.metal.hosts):
            yield Violation(
                (*path, "pods"),
                f"has room for {count} nodes of a /{NODE_PREFIX} each, and there are {len(rack.metal.hosts)}",
                str(pods),
                f"a network of /{NODE_PREFIX - (len(rack.metal.hosts) - 1).bit_length()} or larger",
            )
        if services is not None and services.network.version == 4 and not 12 <= services.network.prefixlen <= 28:
            yield Violation(
                (*path, "services"), "the API server takes a range of /12 to /28", str(services), "such as /20"
            )


def _count_blocks(network: object) -> int:
    """How many nodes a range serves; those of another family are another rule's."""
    if not isinstance(network, IPv4Network):
        return 2**32
    return 2 ** (NODE_PREFIX - network.prefixlen) if network.prefixlen <= NODE_PREFIX else 0


def balance_free_addresses(loaded: "Loaded") -> Iterator[Violation]:
    """Addresses for Services are nobody else's; without BGP they lie in the machines' range, else nobody hears them."""
    for rack in list_racks(loaded):
        balancers = rack.metal.balancers
        for field, index, cidr in balancers.list_ranges() if balancers is not None else ():
            path = rack.path("balancers", field, index)
            if (taken := _find_taken(rack, cidr.network)) is not None:  # type: ignore[arg-type]
                yield Violation(path, f"holds {taken}", str(cidr), "addresses that nobody has")
            vpc = rack.network.vpc
            inside = vpc is None or cidr.network.version != vpc.network.version or cidr.network.subnet_of(vpc.network)  # type: ignore[arg-type]
            if balancers is not None and balancers.bgp is None and not inside:
                yield Violation(
                    path,
                    "lies outside network.vpc, where a node that answers for it is not heard",
                    str(cidr),
                    f"a part of {vpc}",
                    "or say balancers.bgp: then routers are told",
                )


def _find_taken(rack: Rack, network: IPv4Network) -> str | None:
    """Who has an address of this network already, in words; None where nobody has."""
    if network.version != 4:
        return None
    for owner, address in _list_owners(rack):
        if address.ip in network:
            return f"the address of {owner} ({address})"
    ranges = {kind: getattr(rack.network, kind) for kind in ("pods", "services")}
    ranges |= {f"venue {venue}": cidr for venue, cidr in sorted(rack.network.venues.items())}
    for kind, cidr in ranges.items():
        if cidr is not None and cidr.network.version == 4 and cidr.network.overlaps(network):
            return f"addresses of {kind} ({cidr})"
    return None


def _list_owners(rack: Rack) -> Iterator[tuple[str, Address]]:
    """Single addresses, and whose they are."""
    for name, host in sorted(rack.metal.hosts.items()):
        yield f"host {name}", host.address
    if rack.metal.endpoint.address is not None:
        yield "the API server", rack.metal.endpoint.address
    balancers = rack.metal.balancers
    for name, peer in sorted(balancers.bgp.peers.items()) if balancers is not None and balancers.bgp else ():
        yield f"router {name}", peer.address


def sit_on_known_numa_nodes(loaded: "Loaded") -> Iterator[Violation]:
    """A card's NUMA node is one of its host's machine."""
    for rack in list_racks(loaded):
        for name, host in sorted(rack.metal.hosts.items()):
            pool = rack.site.pools.get(host.pool) if host.pool is not None else None
            machine = loaded.tables.machines.get(pool.machine) if pool is not None else None
            for key, interface in sorted(host.interfaces.items()):
                if machine is None or not machine.numa or interface.numa is None or interface.numa < machine.numa:
                    continue
                yield Violation(
                    rack.path("hosts", name, "interfaces", key, "numa"),
                    f"{visible(pool.machine if pool else '')} has no NUMA node {interface.numa}",
                    str(interface.numa),
                    f"0 to {machine.numa - 1}" if machine.numa > 1 else "0",
                )
