"""Datastores: where copies follow, on how many machines they stand, which image they run."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.datastore import ClusterDatastore, ExternalDatastore, ManagedDatastore
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.rules.demand import HIGH_AVAILABILITY
from hftgen.spec.rules.scope import choose_pool
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def follow_known_addresses(loaded: "Loaded") -> Iterator[Violation]:
    """A database that a standby follows continuously is reached from there: by the spec's addresses, or in dns.zone."""
    environment = loaded.environment
    roles = {str(key): cluster.role for key, cluster in environment.clusters.items()}
    if environment.recovery is None or environment.recovery.replication != "continuous" or environment.dns is not None:
        return
    primaries = sorted(key for key, role in roles.items() if role == "primary")
    standbys = sorted(key for key, role in roles.items() if role == "standby")
    for name, store in sorted(environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and store.engine == "postgres" and primaries and standbys:
            missing = sorted({primaries[0], *standbys} - {str(key) for key in store.addresses})
            if missing:
                yield Violation(
                    ("datastores", name, "addresses"),
                    "recovery.replication: continuous promises copies that follow, and nobody says where",
                    f"no address for {list_names(missing)}",
                    f"addresses: {{{missing[0]}: {name}.{missing[0]}.example.com}}",
                    "or say dns.zone, where each has a name of its own",
                )


def replicate_managed_within_a_cloud(loaded: "Loaded") -> Iterator[Violation]:
    """A managed database that a standby follows continuously stands in one cloud; on Google Cloud in one project."""
    environment = loaded.environment
    if environment.recovery is None or environment.recovery.replication != "continuous":
        return
    sites = sorted((str(key), site) for key, site in environment.clusters.items())
    primary = next(((key, site) for key, site in sites if site.role == "primary"), None)
    for name, store in sorted(environment.datastores.items()):
        if primary is None or not isinstance(store, ManagedDatastore) or store.engine != "postgres":
            continue
        for key, site in sites:
            if site.role == "standby" and (found := _tell_apart(primary[1], site)):
                yield Violation(
                    ("datastores", name, "placement"),
                    f"cluster {key} shall follow cluster {primary[0]} continuously, and no cloud replicates a managed "
                    f"database into {found[0]}",
                    f"managed: {found[1]}",
                    "placement: cluster, which CloudNativePG replicates anywhere",
                    "or recovery.replication: none, with backups for an rpo that allows it",
                )


def _tell_apart(primary: Cluster, standby: Cluster) -> tuple[str, str] | None:
    """What keeps two clusters' managed databases apart, and both sides of it; None where nothing does."""
    if primary.cloud != standby.cloud:
        return "another cloud", f"{primary.cloud} to {standby.cloud}"
    if primary.cloud == "gcp" and primary.account != standby.account:
        return "another project", f"{primary.account} to {standby.account}"
    return None


def address_known_clusters(loaded: "Loaded") -> Iterator[Violation]:
    """A datastore's addresses are those of clusters of the environment."""
    known = {str(key) for key in loaded.environment.clusters}
    for name, store in sorted(loaded.environment.datastores.items()):
        if isinstance(store, ExternalDatastore):
            continue
        for cluster in sorted(store.addresses):
            if cluster not in known:
                path = ("datastores", name, "addresses", cluster)
                yield Violation(path, "there is no such cluster", cluster, list_names(known), suggest(cluster, known))


def stand_on_three_machines(loaded: "Loaded") -> Iterator[Violation]:
    """A highly available database has a machine for each of its instances."""
    if loaded.environment.tier == "development":
        return
    for name, store in sorted(loaded.environment.datastores.items()):
        if not isinstance(store, ClusterDatastore) or not store.highAvailability:
            continue
        for cluster, site in sorted(loaded.environment.clusters.items()):
            pool = choose_pool(site.pools, store.pool)
            if pool is not None and site.pools[pool].max < HIGH_AVAILABILITY:
                yield Violation(
                    ("datastores", name, "highAvailability"),
                    f"its {HIGH_AVAILABILITY} instances stand on a machine each, and pool {pool} of cluster {cluster} "
                    f"has {site.pools[pool].max} at most",
                    "true",
                    "false",
                    f"or clusters.{cluster}.pools.{pool}.max: {HIGH_AVAILABILITY}",
                )


def tag_database_images(loaded: "Loaded") -> Iterator[Violation]:
    """The image of a postgres has a tag that begins with its version: CloudNativePG reads the version there."""
    for name, store in sorted(loaded.environment.datastores.items()):
        if not isinstance(store, ClusterDatastore) or store.engine != "postgres" or store.image is None:
            continue
        major = re.match(r"[0-9]+", store.version)
        if not re.match(rf"{major[0] if major else ''}([.-]|$)", store.image.tag or ""):
            yield Violation(
                ("datastores", name, "image"),
                f"CloudNativePG reads the version from the image's tag, which is not one of version {store.version}",
                store.image,
                f"a tag such as {store.version}, before the digest",
            )
