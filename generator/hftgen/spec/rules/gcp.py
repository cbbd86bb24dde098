"""Google Cloud, where Terraform makes the cluster: what GKE, Compute Engine and IAM would refuse amid an apply."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.network import Connect
from hftgen.spec.rules.gcp_ranges import (
    SMALLEST,
    SMALLEST_MANAGED,
    SMALLEST_PROXIED,
    count_addresses,
    count_machines,
)
from hftgen.spec.rules.scope import Path
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

REGION = re.compile(r"[a-z]+-[a-z]+[0-9]+")
BUCKET = re.compile(r"(?!goog)(?!.*(google|g00gle))[a-z0-9][-a-z0-9_]{1,61}[a-z0-9]")
NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")

# Prefix lengths that GKE takes for pods and Services.
PODS, SERVICES = range(9, 25), range(16, 28)

# A BGP session of a Cloud Router learns no more static routes.
VENUES = 10

# Our own side of every BGP session (modules/gcp/network), and the VLANs that are not Google's.
OWN_ASN = 64514
VLANS = range(2, 4094)

# Two VPNs for each of 100 places in the link-local range, which leaves the metadata server's address alone.
VPNS = 100

# A subject is one attribute of the workload identity pool, and stands in a condition between apostrophes.
LONGEST_SUBJECT = 127

# Multi-regions by the first word of a region: copies there lie in two regions at least.
CONTINENTS = {"us": "US", "northamerica": "US", "europe": "EU", "asia": "ASIA"}


def list_clusters(loaded: "Loaded") -> Iterator[tuple[Path, Cluster]]:
    """The clusters on Google Cloud that Terraform makes, by path."""
    if loaded.environment.terraform is not None:
        for name, site in sorted(loaded.environment.clusters.items()):
            if site.cloud == "gcp":
                yield ("clusters", str(name)), site


def know_gcp_regions(loaded: "Loaded") -> Iterator[Violation]:
    """A cluster on Google Cloud has a region as Google writes them."""
    for path, site in list_clusters(loaded):
        if site.region is not None and not REGION.fullmatch(site.region):
            hint = "zones go into `zones`" if re.fullmatch(r".+-[a-z]", site.region) else ""
            yield Violation(
                (*path, "region"),
                "is no region of Google Cloud",
                visible(site.region),
                "a region such as us-central1",
                hint,
            )


def fit_gcp_ranges(loaded: "Loaded") -> Iterator[Violation]:
    """On Google Cloud ranges are IPv4; vpc can be divided, pods are /9 to /24 and Services /16 to /27, as GKE asks."""
    for path, site in list_clusters(loaded):
        network = site.network
        if network is None:
            continue
        largest, why = _measure(loaded, str(path[1]))
        sizes = {
            "vpc": (range(8, largest + 1), why),
            "pods": (PODS, "GKE takes no other range of pods"),
            "services": (SERVICES, "GKE takes no other range of Services"),
        }
        for kind, (allowed, reason) in sizes.items():
            cidr = getattr(network, kind)
            if cidr is not None and isinstance(cidr.network, IPv4Network) and cidr.network.prefixlen not in allowed:
                yield Violation((*path, "network", kind), reason, str(cidr), f"/{allowed.start} to /{allowed.stop - 1}")


def _measure(loaded: "Loaded", cluster: str) -> tuple[int, str]:
    """The longest prefix of a VPC that can be divided, and for whom."""
    users = {"machines": SMALLEST, "the control plane": SMALLEST}
    if any(store.placement == "managed" for store in loaded.environment.datastores.values()):
        users["managed databases"] = SMALLEST_MANAGED
    exposed = [service.expose for service in loaded.services[cluster].values() if service.expose is not None]
    if any(expose.via == "ingress" and expose.internal for expose in exposed):
        users["proxies of internal load balancers"] = SMALLEST_PROXIED
    *others, last = users
    return min(users.values()), f"{', '.join(others)} and {last} each get a part of it"


def reach_gcp_by_ipv4(loaded: "Loaded") -> Iterator[Violation]:
    """All networks of a cluster on Google Cloud are IPv4: its VPC, its routes and its API server know nothing else."""
    for path, site in list_clusters(loaded):
        for rest, cidr in _list_networks(site):
            if ":" in cidr:
                yield Violation((*path, *rest), "is IPv6, and the network is made for IPv4", cidr, "an IPv4 network")


def _list_networks(site: Cluster) -> Iterator[tuple[Path, str]]:
    """Field and network."""
    if site.network is not None:
        for kind in ("vpc", "pods", "services"):
            if (cidr := getattr(site.network, kind)) is not None:
                yield ("network", kind), str(cidr)
        for name, cidr in sorted(site.network.venues.items()):
            yield ("network", "venues", str(name)), str(cidr)
    for index, cidr in enumerate(site.access.cidrs if site.access is not None else ()):
        yield ("access", "cidrs", index), str(cidr)


def house_gcp_nodes(loaded: "Loaded") -> Iterator[Violation]:
    """Nodes of all pools have addresses in vpc and their pods in pods, a pool beside its successor too."""
    for path, site in list_clusters(loaded):
        nodes, addresses = count_addresses(site, loaded.tables)
        network = site.network
        vpc = network.vpc.network if network is not None and network.vpc is not None else None
        if isinstance(vpc, IPv4Network) and vpc.prefixlen <= SMALLEST and count_machines(vpc) < nodes:
            yield Violation(
                (*path, "network", "vpc"),
                f"has {count_machines(vpc)} addresses for machines, and the pools may grow to {nodes}, the largest one "
                "counted twice: it stands beside its successor",
                str(vpc),
                f"/{31 - (nodes + 3).bit_length()} or larger",
            )
        pods = network.pods.network if network is not None and network.pods is not None else None
        if isinstance(pods, IPv4Network) and pods.num_addresses < addresses:
            yield Violation(
                (*path, "network", "pods"),
                f"has {pods.num_addresses} addresses, and GKE takes {addresses} for {nodes} nodes, twice as many for "
                "each as it runs pods; the largest pool counted twice: it stands beside its successor",
                str(pods),
                f"/{32 - (addresses - 1).bit_length()} or larger",
            )


def name_gcp_buckets(loaded: "Loaded") -> Iterator[Violation]:
    """The bucket of state has a name that Cloud Storage takes."""
    for path, site in list_clusters(loaded):
        if site.state is not None and not BUCKET.fullmatch(site.state.bucket):
            yield Violation(
                (*path, "state", "bucket"),
                "Cloud Storage takes no such name",
                visible(site.state.bucket),
                "3 to 63 lower-case letters, digits, '-' and '_', a letter or a digit at both ends, without 'google'",
            )


def connect_gcp_routers(loaded: "Loaded") -> Iterator[Violation]:
    """Connections to Google Cloud have names, VLANs and BGP numbers that it takes, and few enough venues behind."""
    for path, site in list_clusters(loaded):
        network = site.network
        if network is None:
            continue
        if network.connect and len(network.venues) > VENUES:
            yield Violation(
                (*path, "network", "venues"),
                f"a BGP session of Google Cloud learns {VENUES} prefixes at most",
                str(len(network.venues)),
                f"at most {VENUES}",
                "join neighbouring prefixes",
            )
        if sum(item.kind == "vpn" for item in network.connect) > VPNS:
            yield Violation((*path, "network", "connect"), "are more VPNs than have addresses", "", f"at most {VPNS}")
        for index, item in enumerate(network.connect):
            yield from _check_connection((*path, "network", "connect", index), item)


def _check_connection(path: Path, item: Connect) -> Iterator[Violation]:
    if not NAME.fullmatch(item.id):
        words = "a name of lower-case letters, digits and '-' that begins with a letter"
        yield Violation((*path, "id"), "names nothing at Google Cloud", visible(item.id), words)
    if item.asn == OWN_ASN:
        yield Violation((*path, "asn"), "is the number of our own router", str(item.asn), "that of the other end")
    if item.vlan is not None and item.vlan not in VLANS:
        expected = f"{VLANS.start} to {VLANS.stop - 1}"
        yield Violation((*path, "vlan"), "is a VLAN that Google keeps", str(item.vlan), expected)


def open_gcp_to_few(loaded: "Loaded") -> Iterator[Violation]:
    """An API server of GKE is not open to the whole internet."""
    for path, site in list_clusters(loaded):
        for index, cidr in enumerate(site.access.cidrs if site.access is not None else ()):
            if str(cidr) == "0.0.0.0/0":
                yield Violation(
                    (*path, "access", "cidrs", index), "is the whole internet", str(cidr), "the networks of people"
                )


def trust_subjects_of_gcp(loaded: "Loaded") -> Iterator[Violation]:
    """On Google Cloud CI's issuer is an https address, and its subjects are short."""
    ci = loaded.environment.ci
    if ci is None or ci.oidc is None or not list(list_clusters(loaded)):
        return
    if not ci.oidc.issuer.startswith("https://"):
        yield Violation(
            ("ci", "oidc", "issuer"), "Google Cloud trusts issuers by https only", str(ci.oidc.issuer), "https://..."
        )
    for name, index, subject in ci.oidc.list_said():
        if len(subject) > LONGEST_SUBJECT or "'" in subject or "\\" in subject:
            yield Violation(
                ("ci", "oidc", name, index),
                f"Google Cloud takes subjects of {LONGEST_SUBJECT} characters, without apostrophe or backslash",
                visible(subject),
                "a shorter subject: let the token of CI say less",
            )


def copy_within_a_continent(loaded: "Loaded") -> Iterator[Violation]:
    """Backups that go offsite from Google Cloud go to a multi-region, which not every continent has."""
    recovery = loaded.environment.recovery
    if recovery is None or recovery.backups is None or not recovery.backups.offsite:
        return
    for path, site in list_clusters(loaded):
        if site.region is not None and REGION.fullmatch(site.region) and find_continent(site.region) is None:
            yield Violation(
                ("recovery", "backups", "offsite"),
                f"cluster {path[1]} lies in {site.region}, and Cloud Storage has no two regions there that it keeps "
                "copies in at once",
                "true",
                "false, or a region in the Americas' north, Europe or Asia",
            )


def find_continent(region: str) -> str | None:
    """The multi-region of Cloud Storage in which a region lies; None where there is none."""
    return CONTINENTS.get(region.partition("-")[0])
