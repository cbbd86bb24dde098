"""Address ranges on Azure: what its network and AKS take, and how the virtual network is divided.

Learn, "Plan IP addressing for AKS", "Azure CNI Overlay", "API Server VNet Integration", "About ExpressRoute gateways".
"""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.cluster import Cluster
from hftgen.spec.rules.scope import Path
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import Cidr

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# What AKS takes where the spec says nothing.
DEFAULT_PODS, DEFAULT_SERVICES = "10.244.0.0/16", "10.0.0.0/16"
# AKS' own: neither the network, nor pods, nor Services may lie in them.
TAKEN = tuple(IPv4Network(text) for text in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"))
# Smallest and largest prefix length by kind of range.
LENGTHS = {"vpc": (8, 24), "pods": (8, 24), "services": (13, 28)}
# Azure keeps five addresses of each subnet; load balancers and what is added while a pool is replaced take more.
KEPT, SPARE = 5, 16
# Each node of an overlay has a /24; without one, nodes fetch addresses for their pods sixteen at a time.
OVERLAY, BATCH = 24, 16
SYSTEM_NODES = 5


class Subnets(NamedTuple):
    """The parts of a virtual network. Their places do not depend on which of them are used."""

    nodes: IPv4Network
    gateway: IPv4Network
    apiserver: IPv4Network
    endpoints: IPv4Network
    databases: IPv4Network


def is_overlay(cluster: Cluster) -> bool:
    """Whether pods lie in a range of their own over the network; else they have a subnet within it."""
    vpc, pods = find_range(cluster, "vpc"), find_range(cluster, "pods")
    return vpc is None or pods is None or not pods.subnet_of(vpc)


def find_range(cluster: Cluster, kind: str) -> IPv4Network | None:
    """A range of the spec: vpc, pods or services; None where it says none of IPv4."""
    found: Cidr | None = getattr(cluster.network, kind) if cluster.network is not None else None
    return found.network if found is not None and isinstance(found.network, IPv4Network) else None


def carve(vpc: IPv4Network, pods: IPv4Network | None) -> Subnets:
    """Half of the room for nodes, an eighth for gateways, three sixteenths for the rest; room is what pods leave."""
    rooms = vpc.address_exclude(pods) if pods is not None and pods.subnet_of(vpc) else [vpc]
    room = min(rooms, key=lambda each: (each.prefixlen, each))
    nodes, rest = room.subnets()
    gateway, small = rest.subnets()
    apiserver, endpoints, databases, _ = small.subnets(prefixlen_diff=2)
    return Subnets(nodes, gateway, apiserver, endpoints, databases)


def count_nodes(cluster: Cluster) -> int:
    """The most nodes at once: all pools at their largest, twice, since a pool is replaced beside the old one."""
    return 2 * (sum(pool.max for pool in cluster.pools.values()) + SYSTEM_NODES)


def fit_azure_ranges(loaded: "Loaded") -> Iterator[Violation]:
    """On Azure ranges are of IPv4, as long as AKS takes them, apart from its own, and hold the nodes of all pools."""
    for name, cluster in sorted(loaded.environment.clusters.items()):
        if cluster.cloud != "azure" or cluster.network is None:
            continue
        path: Path = ("clusters", name, "network")
        wrong = False
        for kind in LENGTHS:
            for violation in _judge(cluster, kind, path):
                wrong = True
                yield violation
        vpc = find_range(cluster, "vpc")
        if vpc is not None and not wrong and loaded.environment.terraform is not None:
            yield from _judge_defaults(cluster, vpc, path)
            yield from _judge_room(cluster, vpc, path)


def _judge(cluster: Cluster, kind: str, path: Path) -> Iterator[Violation]:
    """One range by itself."""
    said: Cidr | None = getattr(cluster.network, kind)
    if said is None:
        return
    smallest, largest = LENGTHS[kind]
    found = find_range(cluster, kind)
    if found is None:
        yield Violation((*path, kind), "AKS needs a range of IPv4", str(said), "such as 10.20.0.0/16")
    elif not smallest <= found.prefixlen <= largest:
        what = {"vpc": "its subnets would not fit, or", "pods": "every node takes a /24, or", "services": ""}[kind]
        message = f"{what} Azure takes no range of this size".strip()
        yield Violation((*path, kind), message, str(found), f"/{smallest} to /{largest}")
    elif taken := next((each for each in TAKEN if each.overlaps(found)), None):
        yield Violation((*path, kind), f"overlaps {taken}, which AKS uses itself", str(found), "a range of its own")


def _judge_defaults(cluster: Cluster, vpc: IPv4Network, path: Path) -> Iterator[Violation]:
    """Ranges that the spec leaves out are AKS' defaults, which may lie in the network."""
    for kind, text in (("pods", DEFAULT_PODS), ("services", DEFAULT_SERVICES)):
        if find_range(cluster, kind) is None and vpc.overlaps(IPv4Network(text)):
            message = f"is left out, and what AKS takes then, {text}, overlaps the network {vpc}"
            yield Violation((*path, kind), message, "nothing", f"{kind}: <a range outside of {vpc}>")


def _leaves_room(vpc: IPv4Network, pods: IPv4Network) -> bool:
    """Whether what pods leave of a network is as large as the smallest that is taken."""
    return pods != vpc and any(room.prefixlen <= LENGTHS["vpc"][1] for room in vpc.address_exclude(pods))


def _judge_room(cluster: Cluster, vpc: IPv4Network, path: Path) -> Iterator[Violation]:
    """Whether nodes, and pods where they are, have addresses enough."""
    pods, nodes = find_range(cluster, "pods"), count_nodes(cluster)
    if pods is not None and not is_overlay(cluster) and not _leaves_room(vpc, pods):
        message = "leaves no room for nodes: pods that lie in the network share it with everything else"
        yield Violation((*path, "pods"), message, str(pods), f"at most half of {vpc}, or a range outside of it")
        return
    room = carve(vpc, pods).nodes
    if room.num_addresses - KEPT < nodes + SPARE:
        message = f"leaves {room.num_addresses - KEPT} addresses to nodes ({room}), and {nodes + SPARE} may be needed"
        hint = (
            f"all pools at max and {SYSTEM_NODES} of the system's, twice for a pool's replacement, and {SPARE} to spare"
        )
        yield Violation((*path, "vpc"), message, str(vpc), "a larger range", hint)
    if pods is None:
        pods = IPv4Network(DEFAULT_PODS)
    overlay = is_overlay(cluster)
    most = 2 ** (OVERLAY - pods.prefixlen) if overlay else (pods.num_addresses - KEPT) // BATCH
    if most < nodes:
        each = "a /24" if overlay else f"{BATCH} addresses and more"
        message = f"holds the pods of {most} nodes, each of which takes {each}, and there may be {nodes}"
        yield Violation((*path, "pods"), message, str(pods), "a larger range")
