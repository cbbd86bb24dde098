"""Address ranges: none overlaps another of the environment, and each is one its cloud takes."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.rules.scope import Path, find_cluster, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

EKS_SERVICES = tuple(ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))

# How a cloud is reached by those who do not come over the internet; elsewhere nobody makes connections.
CONNECTIONS = {
    "aws": ("directConnect", "vpn"),
    "gcp": ("interconnect", "vpn"),
    "azure": ("expressRoute", "vpn"),
}


class Range(NamedTuple):
    """A range of a cluster: `kind` is vpc, pods, services or a venue's name with `venue` before it."""

    cluster: str
    kind: str
    path: Path
    network: IPv4Network | IPv6Network


def keep_ranges_apart(loaded: "Loaded") -> Iterator[Violation]:
    """Ranges of machines, pods, Services and venues do not overlap, within and across clusters.

    On Azure pods may lie within the network: then they have a subnet of it.
    """
    ranges = list(_list_ranges(loaded))
    for first, second in combinations(ranges, 2):
        venues = first.kind.startswith("venue ") and second.kind.startswith("venue ")
        if (
            venues
            or _is_subnet(loaded, first, second)
            or first.network.version != second.network.version
            or not first.network.overlaps(second.network)
        ):
            continue
        yield Violation(
            second.path,
            f"overlaps {first.kind} of cluster {first.cluster} ({first.network}): an address in both reaches one only",
            str(second.network),
            "a range of its own",
        )


def _is_subnet(loaded: "Loaded", vpc: Range, pods: Range) -> bool:
    """Whether pods of a cluster on Azure have a part of its network."""
    return (
        (vpc.cluster, vpc.kind, pods.kind) == (pods.cluster, "vpc", "pods")
        and find_cluster(loaded, vpc.cluster).cloud == "azure"
        and vpc.network.version == pods.network.version
        and pods.network.subnet_of(vpc.network)  # type: ignore[arg-type]
    )


def _list_ranges(loaded: "Loaded") -> Iterator[Range]:
    for cluster, site in sorted(loaded.environment.clusters.items()):
        if site.network is None:
            continue
        path: Path = ("clusters", cluster, "network")
        for kind in ("vpc", "pods", "services"):
            cidr = getattr(site.network, kind)
            if cidr is not None:
                yield Range(cluster, kind, (*path, kind), cidr.network)
        for venue, cidr in sorted(site.network.venues.items()):
            yield Range(cluster, f"venue {venue}", (*path, "venues", venue), cidr.network)


def fit_aws_blocks(loaded: "Loaded") -> Iterator[Violation]:
    """On AWS vpc and pods are blocks of a VPC, /16 to /28; Services lie in private space, /12 to /24, as EKS asks."""
    for item in _list_ranges(loaded):
        if find_cluster(loaded, item.cluster).cloud != "aws" or item.network.version != 4:
            continue
        size = item.network.prefixlen
        if item.kind in ("vpc", "pods") and not 16 <= size <= 28:
            what = "a secondary block of the VPC" if item.kind == "pods" else "the VPC's first block"
            yield Violation(
                item.path, f"on AWS this is {what}, and AWS takes /16 to /28", str(item.network), "/16 to /28"
            )
        elif item.kind == "services" and not (12 <= size <= 24 and _is_private(item.network)):
            yield Violation(
                item.path,
                "EKS takes a Service range of /12 to /24 in private space only",
                str(item.network),
                "/12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
            )


def _is_private(network: IPv4Network | IPv6Network) -> bool:
    return any(network.subnet_of(space) for space in EKS_SERVICES)  # type: ignore[arg-type]


def connect_by_ways_of_the_cloud(loaded: "Loaded") -> Iterator[Violation]:
    """A connection is of a kind that the cluster's cloud has: its own, or a VPN."""
    for cluster, site in sorted(loaded.environment.clusters.items()):
        kinds = CONNECTIONS.get(site.cloud, ())
        for index, item in enumerate(site.network.connect if site.network and kinds else ()):
            if item.kind not in kinds:
                yield Violation(
                    ("clusters", cluster, "network", "connect", index, "kind"),
                    f"is no kind of connection that {site.cloud} has",
                    item.kind,
                    " or ".join(kinds),
                )


def reach_known_venues(loaded: "Loaded") -> Iterator[Violation]:
    """A service's venues have a prefix on every cluster it runs on: egress is opened to that prefix and no other."""
    for run in list_runs(loaded):
        known = run.site.network.venues if run.site.network else {}
        for index, venue in enumerate(run.service.venues):
            if venue not in known:
                yield Violation(
                    run.path("venues", index),
                    f"cluster {run.cluster} has no such venue",
                    venue,
                    list_names(known),
                    suggest(venue, known) or f"clusters.{run.cluster}.network.venues: {{{venue}: <prefix>}}",
                )
