"""Clusters: at least one acts, zones lie in the region, Terraform has what it needs."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.nearest import list_names
from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

PROVISIONED = ("aws", "gcp", "azure")
AZURE_ZONES = ("1", "2", "3")


def act_somewhere(loaded: "Loaded") -> Iterator[Violation]:
    """At least one cluster is primary: an environment of standbys does nothing."""
    clusters = loaded.environment.clusters
    if clusters and all(site.role == "standby" for site in clusters.values()):
        yield Violation(
            ("clusters",), "all clusters are standby: nothing would act anywhere", list_names(clusters), "a primary one"
        )


def lie_in_the_region(loaded: "Loaded") -> Iterator[Violation]:
    """A cluster's zones lie in its region, as its cloud names them."""
    for cluster, site in sorted(loaded.environment.clusters.items()):
        for index, zone in enumerate(site.zones):
            if expected := _expect_zone(site, zone):
                yield Violation(
                    ("clusters", cluster, "zones", index),
                    f"is no zone of region {visible(str(site.region))}",
                    visible(zone),
                    expected,
                )


def _expect_zone(site: Cluster, zone: str) -> str:
    """What a zone should look like; empty where it does, or where nobody knows."""
    if site.cloud == "azure":
        return "" if zone in AZURE_ZONES else "1, 2 or 3"
    if site.region is None or site.cloud not in ("aws", "gcp"):
        return ""
    if site.cloud == "gcp":
        known = re.fullmatch(rf"{re.escape(site.region)}-[a-z]", zone)
        return "" if known else f"a zone such as {site.region}-a"
    return "" if zone.startswith(site.region) and zone != site.region else f"a zone such as {site.region}a"


def stay_in_one_zone(loaded: "Loaded") -> Iterator[Violation]:
    """A pool with a placement has one zone: no cloud puts machines of two buildings close together."""
    for cluster, site, name, pool in list_pools(loaded):
        zones = pool.zones or site.zones
        if pool.placement is not None and len(zones) > 1:
            yield Violation(
                ("clusters", cluster, "pools", name, "zones" if pool.zones else "placement"),
                f"placement {pool.placement} keeps nodes in one zone, and the pool has {len(zones)}",
                ", ".join(zones),
                f"zones: [{zones[0]}]",
            )


def tell_terraform(loaded: "Loaded") -> Iterator[Violation]:
    """Where there is a `terraform` section, a cluster of a cloud says account, region, state and its vpc."""
    if loaded.environment.terraform is None:
        return
    for cluster, site in sorted(loaded.environment.clusters.items()):
        if site.cloud not in PROVISIONED:
            continue
        missing = [field for field in ("account", "region", "state") if getattr(site, field) is None]
        missing += ["network.vpc"] if site.network is None or site.network.vpc is None else []
        for field in missing:
            yield Violation(
                ("clusters", cluster, *field.split(".")),
                f"Terraform makes this {site.cloud} cluster, and nobody says its {field}",
                "nothing",
                f"{field}: ...",
                "or leave the terraform section out (`terraform: null`): the cluster is then made by somebody else",
            )
