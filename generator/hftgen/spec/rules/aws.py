"""AWS, where Terraform makes the cluster: what EC2, EKS, S3 and IAM would refuse in the middle of an apply."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.rules.aws_blocks import LARGEST_PODS, LARGEST_VPC, LETTERS, SMALLEST, divide
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")
BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+|[A-Za-z0-9_+=,.@-]{1,64}")
ISSUER = re.compile(r"https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?")
CONNECTIONS = {"directConnect": ("dxcon-", "dxlag-"), "vpn": ("vpn-",)}

# EKS' control plane stands in two zones.
LEAST_ZONES = 2

# Budgets sends five alerts for one budget.
MOST_ALERTS = 5

# The CNI takes addresses by blocks of 16 for a node; each node has one at least.
BLOCK_BITS = 4


def list_clusters(loaded: "Loaded") -> Iterator[tuple[str, Cluster]]:
    """The clusters on AWS that Terraform makes, by name."""
    if loaded.environment.terraform is not None:
        for name, site in sorted(loaded.environment.clusters.items()):
            if site.cloud == "aws":
                yield str(name), site


def stand_in_aws_zones(loaded: "Loaded") -> Iterator[Violation]:
    """An EKS cluster stands in two zones at least, each its region and a letter from a to f: no local zone will do."""
    for cluster, site in list_clusters(loaded):
        path = ("clusters", cluster)
        if site.region is not None and not REGION.fullmatch(site.region):
            yield Violation(
                (*path, "region"), "is no region of AWS", visible(site.region), "a region such as us-east-1"
            )
            continue
        for index, zone in enumerate(site.zones):
            if site.region is not None and not re.fullmatch(f"{re.escape(site.region)}[{LETTERS}]", zone):
                yield Violation(
                    (*path, "zones", index),
                    "is no availability zone of its region, as EKS needs",
                    visible(zone),
                    f"{site.region}{LETTERS[0]} to {site.region}{LETTERS[-1]}",
                )
        if len(set(site.zones)) < LEAST_ZONES:
            yield Violation(
                (*path, "zones"),
                "EKS puts its control plane into two zones at least",
                ", ".join(site.zones) or "nothing",
                f"two zones of {site.region} or more",
                "a pool may still say one of them for its nodes",
            )


def divide_aws_networks(loaded: "Loaded") -> Iterator[Violation]:
    """On AWS vpc and pods are IPv4 and wide enough to be divided by zone, and pods have a block of 16 for each node."""
    for cluster, site in list_clusters(loaded):
        network = site.network
        ranges = {} if network is None else {"vpc": (network.vpc, LARGEST_VPC), "pods": (network.pods, LARGEST_PODS)}
        wrong = [violation for kind, (cidr, most) in ranges.items() for violation in _check(cluster, kind, cidr, most)]
        yield from wrong
        if not wrong and network is not None and network.vpc is not None and network.pods is not None:
            yield from _count_blocks(cluster, site)


def _check(cluster: str, kind: str, cidr: object, most: int) -> Iterator[Violation]:
    if cidr is None:
        return
    text = str(cidr)
    if ":" in text:
        yield Violation(
            ("clusters", cluster, "network", kind), "is IPv6, and the network is made for IPv4", text, "an IPv4 network"
        )
    elif int(text.partition("/")[2]) > most:
        yield Violation(
            ("clusters", cluster, "network", kind),
            f"is too small: each zone gets a part of it, and AWS makes no subnet smaller than /{SMALLEST}",
            text,
            f"/{most} or larger",
        )


def _count_blocks(cluster: str, site: Cluster) -> Iterator[Violation]:
    """What the largest pools need when all their nodes run, against all blocks of the zones' subnets."""
    zones = [zone for zone in site.zones if zone[-1] in LETTERS]
    subnets = [divide(site.network, zone).pods for zone in zones] if site.network is not None else []
    has = sum(_blocks(subnet) for subnet in subnets if subnet is not None)
    needs = sum(pool.max for pool in site.pools.values())
    if zones and has < needs:
        yield Violation(
            ("clusters", cluster, "network", "pods"),
            f"has {has} blocks of 16 addresses in {len(zones)} zones, and the pools may grow to {needs} nodes",
            str(site.network.pods if site.network else ""),
            "a larger network: each node takes a block at least",
        )


def _blocks(subnet: IPv4Network) -> int:
    # AWS keeps five addresses of each subnet, at both of its ends.
    return max((1 << (32 - subnet.prefixlen - BLOCK_BITS)) - 2, 0)


def reach_aws_by_ipv4(loaded: "Loaded") -> Iterator[Violation]:
    """Venues and access.cidrs of a cluster on AWS are IPv4: its routes and its API server know nothing else."""
    for cluster, site in list_clusters(loaded):
        for path, cidr in _list_outside(site):
            if ":" in cidr:
                why = "is IPv6, and the network is made for IPv4"
                yield Violation(("clusters", cluster, *path), why, cidr, "an IPv4 network")


def _list_outside(site: Cluster) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Field and network."""
    for name, cidr in sorted(site.network.venues.items() if site.network is not None else ()):
        yield ("network", "venues", str(name)), str(cidr)
    for index, cidr in enumerate(site.access.cidrs if site.access is not None else ()):
        yield ("access", "cidrs", index), str(cidr)


def name_aws_buckets(loaded: "Loaded") -> Iterator[Violation]:
    """The bucket of state has a name that S3 takes."""
    for cluster, site in list_clusters(loaded):
        if site.state is not None and not BUCKET.fullmatch(site.state.bucket):
            yield Violation(
                ("clusters", cluster, "state", "bucket"),
                "S3 takes no such name",
                visible(site.state.bucket),
                "3 to 63 lower-case letters, digits and '-', a letter or a digit at both ends",
            )


def name_aws_connections(loaded: "Loaded") -> Iterator[Violation]:
    """A private connection is named by its id at AWS."""
    for cluster, site in list_clusters(loaded):
        for index, item in enumerate(site.network.connect if site.network is not None else ()):
            begins = CONNECTIONS.get(item.kind, ())
            if begins and not re.fullmatch(rf"({'|'.join(begins)})[0-9a-z]+", item.id):
                yield Violation(
                    ("clusters", cluster, "network", "connect", index, "id"),
                    f"is no id of a {item.kind} at AWS",
                    visible(item.id),
                    " or ".join(f"{begin}..." for begin in begins),
                )


def admit_aws_principals(loaded: "Loaded") -> Iterator[Violation]:
    """Who has full rights on EKS is an IAM role by its name in the account, or a role or user by ARN."""
    for cluster, site in list_clusters(loaded):
        for index, admin in enumerate(site.access.admins if site.access is not None else ()):
            if not PRINCIPAL.fullmatch(admin):
                yield Violation(
                    ("clusters", cluster, "access", "admins", index),
                    "EKS gives rights to IAM roles and users, and this is the name of neither",
                    visible(admin),
                    "a role's name in the account, or an ARN such as arn:aws:iam::111122223333:role/platform-oncall",
                )


def trust_issuers_by_https(loaded: "Loaded") -> Iterator[Violation]:
    """On AWS CI's issuer is an https address without a port."""
    ci = loaded.environment.ci
    if ci is None or ci.oidc is None or not list(list_clusters(loaded)):
        return
    if not ISSUER.fullmatch(ci.oidc.issuer):
        message = "AWS trusts issuers by https only, and at no port"
        yield Violation(("ci", "oidc", "issuer"), message, str(ci.oidc.issuer), "such as https://gitlab.example.com")
    for field, index, subject in ci.oidc.list_said():
        if "${" in subject:
            message = "IAM would put a variable's value in place of ${...}"
            yield Violation(
                ("ci", "oidc", field, index), message, visible(subject), "a subject as its issuer writes it"
            )


def say_where_the_zone_lies(loaded: "Loaded") -> Iterator[Violation]:
    """Where clusters on AWS lie in several accounts, a zone on Route 53 says in which of them it is made."""
    dns = loaded.environment.dns
    accounts = sorted({str(site.account) for _, site in list_clusters(loaded) if site.account is not None})
    if dns is not None and dns.provider == "aws" and dns.account is None and len(accounts) > 1:
        yield Violation(
            ("dns", "account"),
            "is missing: clusters lie in several accounts, and a zone in each would answer for one only",
            "nothing",
            f"one of {', '.join(accounts)}",
        )


def alert_five_times(loaded: "Loaded") -> Iterator[Violation]:
    """On AWS a budget has at most five alerts."""
    cost = loaded.environment.cost
    if cost is not None and len(cost.alertAt) > MOST_ALERTS and list(list_clusters(loaded)):
        yield Violation(
            ("cost", "alertAt"),
            "AWS tells of a budget five times at most",
            ", ".join(map(str, cost.alertAt)),
            "at most five shares",
        )
