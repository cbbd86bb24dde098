"""Variables of the Google Cloud module `data`: managed databases and caches, and the bucket of backups."""

from collections.abc import Iterator, Sequence

from hftgen.facts.addons import find_namespace
from hftgen.facts.record import Facts
from hftgen.facts.replication import find_address
from hftgen.facts.site import Site
from hftgen.facts.terraform.common import Surroundings
from hftgen.facts.terraform.gcp_cluster import QUIET
from hftgen.facts.terraform.gcp_names import name_bucket, name_cache, name_cluster, name_database
from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.rules.gcp import find_continent
from hftgen.spec.rules.gcp_stores import HYPERDISK, PLUS, POSTGRES, REDIS, TLS_PORT, count_cpus, count_memory
from hftgen.spec.rules.nodes import GI, MI

DAY = 24 * 60 * 60

# Cloud SQL's own bounds: GB of a disk (Hyperdisk, of its Arm machines, apart), copies that are kept.
SMALLEST_DISK, SMALLEST_HYPERDISK, MOST_COPIES = 10, 20, 365

# What Cloud SQL keeps where nobody says.
FEW_COPIES = 7

# What Velero's chart calls the service account of its server.
VELERO = "velero-server"


def derive_data(site: Site, around: Surroundings) -> Facts:
    """Variables of `data`."""
    maintenance = around.maintenance or QUIET
    return {
        "account": str(site.cluster.account),
        "region": str(site.cluster.region),
        "name": name_cluster(site),
        "encryption_at_rest": site.is_encrypted,
        "deletion_protection": not site.is_development,
        "maintenance": {"day": maintenance.days[0], "hour": maintenance.hour},
        "databases": {
            name: _describe_database(site, around, name, store) for name, store in _list_stores(site, "postgres")
        },
        "caches": {name: _describe_cache(site, name, store) for name, store in _list_stores(site, "redis")},
        "backups": _describe_backups(site),
    }


def _list_stores(site: Site, engine: str) -> Iterator[tuple[str, ManagedDatastore]]:
    """Managed datastores that are on this site: a standby has no database that nobody keeps up with the primary's."""
    recovery = site.environment.recovery
    follows = recovery is not None and recovery.replication == "continuous"
    for name, store in sorted(site.environment.datastores.items()):
        kept = engine == "redis" or not site.is_standby or follows
        if isinstance(store, ManagedDatastore) and store.engine == engine and kept:
            yield str(name), store


def _describe_database(site: Site, around: Surroundings, name: str, store: ManagedDatastore) -> Facts:
    storage = -(-store.storage.bytes // GI) if store.storage is not None else SMALLEST_DISK
    tier = str(store.machine or f"db-custom-{count_cpus(store)}-{count_memory(store) // MI}")
    return {
        "instance": name_database(site, name),
        "version": POSTGRES[str(store.version)],
        "edition": "ENTERPRISE_PLUS" if tier.startswith(PLUS) else "ENTERPRISE",
        "tier": tier,
        "storage": max(storage, SMALLEST_HYPERDISK if tier.startswith(HYPERDISK) else SMALLEST_DISK),
        "high_availability": store.highAvailability,
        "source": _find_source(site, around.sites, name),
        "host": _find_host(site, name, store),
        "backups": _describe_copies(site, (around.maintenance or QUIET).hour),
    }


def _find_source(site: Site, sites: Sequence[Site], name: str) -> str | None:
    """The instance that a standby's follows: the first primary's."""
    primary = min((each for each in sites if not each.is_standby), key=lambda each: each.name)
    return name_database(primary, name) if site.is_standby else None


def _find_host(site: Site, name: str, store: ManagedDatastore) -> str | None:
    """The name that the manifests have, where nobody else has given it an address."""
    return None if site.name in {str(key) for key in store.addresses} else find_address(site, name, store)


def _describe_copies(site: Site, usual: int) -> Facts | None:
    """At which hour of UTC Cloud SQL copies, and how many copies it keeps: as long as backups are kept.

    Without backups a few, at the usual hour, where a replica follows: it is made of them ("Replication in Cloud SQL").
    """
    recovery = site.environment.recovery
    if recovery is None or (recovery.backups is None and recovery.replication == "none"):
        return None
    if recovery.backups is None:
        return {"hour": usual, "copies": FEW_COPIES}
    _, hours, *_ = recovery.backups.schedule.values()
    days = -(-int(recovery.backups.keep.seconds) // DAY)
    return {"hour": min(hours), "copies": min(max(days, 1), MOST_COPIES)}


def _describe_cache(site: Site, name: str, store: ManagedDatastore) -> Facts:
    return {
        "instance": name_cache(site, name),
        "version": REDIS[str(store.version)],
        "memory": count_memory(store) // GI,
        "high_availability": store.highAvailability,
        "persistent": store.storage is not None,
        "tls": store.port == TLS_PORT,
        "host": _find_host(site, name, store),
    }


def _describe_backups(site: Site) -> Facts | None:
    recovery = site.environment.recovery
    if recovery is None or recovery.backups is None:
        return None
    region = str(site.cluster.region)
    continent = find_continent(region) if recovery.backups.offsite else None
    velero = site.addon("velero") is not None
    return {
        "bucket": name_bucket(site, "backups"),
        "location": continent or region,
        "days": max(-(-int(recovery.backups.keep.seconds) // DAY), 1),
        # It cannot be taken back: elsewhere a bucket may have to go before its time.
        "locked": site.environment.tier == "production",
        "writers": [f"{find_namespace(site, 'velero')}/{VELERO}"] if velero else [],
    }
