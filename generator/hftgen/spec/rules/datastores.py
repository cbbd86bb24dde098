"""Datastores: where copies follow, on how many machines they stand, which image they run."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.datastore import ClusterDatastore, ExternalDatastore
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
