"""Variables of the AWS module `data`: managed databases and caches, and the buckets of backups."""

from hftgen.facts.maintenance import Maintenance
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_names import describe_place, name_bucket
from hftgen.facts.terraform.aws_network import list_networks
from hftgen.facts.terraform.aws_regions import find_offsite
from hftgen.facts.terraform.aws_stores import (
    EDITION,
    USERNAME,
    Store,
    find_maker,
    find_record,
    find_zone,
    list_managed,
    list_regions,
    list_siblings,
    list_stores,
    name_credentials,
)
from hftgen.facts.terraform.common import Surroundings

DAY = 24 * 60 * 60
GI = 2**30

# The longest that RDS and ElastiCache keep a backup, and what is kept where the spec says nothing.
LONGEST_KEPT = 35
USUAL_KEPT = {"production": 14, "staging": 7, "development": 1}

# RDS' own least disk; a smaller one would be refused.
SMALLEST_DISK = 20

# Where no freeze says otherwise: on a Saturday no exchange trades but those that never close.
DAY_OF_REST, HOUR_OF_REST = 6, 6
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

# Versions of Redis whose minor number ElastiCache wants to hear.
REDIS = {"6": "6.2", "7": "7.1"}


def derive_data(site: Site, around: Surroundings) -> Facts:
    """Variables of `data`."""
    dns = site.environment.dns
    return {
        **describe_place(site),
        "zones": [str(zone) for zone in site.cluster.zones],
        "caller_cidrs": list_networks(site),
        "encryption_at_rest": site.is_encrypted,
        "deletion_protection": not site.is_development,
        **_describe_windows(site, around.maintenance),
        "databases": {store.name: _describe_database(site, store) for store in list_stores(site, "postgres")},
        "caches": {store.name: _describe_cache(site, store) for store in list_stores(site, "redis")},
        "username": USERNAME,
        "edition": EDITION,
        **_describe_secrets(site),
        "zone": find_zone(site) if list_stores(site) else None,
        "record_ttl": int(dns.ttl.seconds) if dns is not None else 60,
        "backups": _describe_backups(site),
    }


def _describe_windows(site: Site, maintenance: Maintenance | None) -> Facts:
    """The first hour in which AWS may change machines, and when it backs up: as `recovery.backups` says, else after."""
    day, hour = (maintenance.days[0], maintenance.hour) if maintenance is not None else (DAY_OF_REST, HOUR_OF_REST)
    begin, end = WEEKDAYS[day], WEEKDAYS[(day + (hour + 1) // 24) % 7]
    backup = _find_backup(site, hour)
    return {
        "maintenance_window": f"{begin}:{_write_minute(hour * 60)}-{end}:{_write_minute(hour * 60 + 60)}",
        "backup_window": f"{_write_minute(backup)}-{_write_minute(backup + 60)}",
    }


def _find_backup(site: Site, hour: int) -> int:
    """The minute of the day when backups begin, for an hour; never in that of maintenance, which AWS refuses."""
    recovery = site.environment.recovery
    after = (hour + 1) * 60
    if recovery is None or recovery.backups is None:
        return after
    minutes, hours, *_ = recovery.backups.schedule.values()
    said = min(hours) * 60 + min(minutes)
    return after if (said - hour * 60 + 60) % (24 * 60) < 2 * 60 else said


def _write_minute(minute: int) -> str:
    hours, minutes = divmod(minute % (24 * 60), 60)
    return f"{hours:02}:{minutes:02}"


def _describe_database(site: Site, store: Store) -> Facts:
    storage = store.datastore.storage
    return {
        "identifier": store.identifier,
        "version": str(store.datastore.version),
        "machine": store.machine,
        "storage_gib": max(-(-storage.bytes // GI) if storage is not None else 0, SMALLEST_DISK),
        "multi_zone": store.datastore.highAvailability,
        "port": store.port,
        "backup_days": _count_days(site),
        "source_arn": store.source,
        "record": find_record(site, store),
    }


def _describe_cache(site: Site, store: Store) -> Facts:
    version = str(store.datastore.version)
    return {
        "identifier": store.identifier,
        "version": REDIS.get(version, version),
        "machine": store.machine,
        "replicas": 1 if store.datastore.highAvailability else 0,
        "port": store.port,
        "snapshot_days": _count_days(site) if store.datastore.storage is not None else 0,
        "record": find_record(site, store),
    }


def _describe_secrets(site: Site) -> Facts:
    """Credentials of managed datastores: made by the first cluster of the account by name, whoever is primary."""
    siblings = list_siblings(site)
    made = find_maker(site) == site.name
    names = {name: name_credentials(site, name) for name, _ in list_managed(site)} if made else {}
    others = [region for region in list_regions(siblings) if region != site.cluster.region]
    return {"secrets": names, "secret_regions": others if names else []}


def _count_days(site: Site) -> int:
    """Days that AWS keeps the backups which it takes itself."""
    recovery = site.environment.recovery
    if recovery is None or recovery.backups is None:
        return USUAL_KEPT[site.environment.tier]
    return min(-(-int(recovery.backups.keep.seconds) // DAY), LONGEST_KEPT)


def _describe_backups(site: Site) -> Facts | None:
    recovery = site.environment.recovery
    if recovery is None or recovery.backups is None:
        return None
    region = find_offsite(site) if recovery.backups.offsite else None
    return {
        "bucket": name_bucket(site, "backups"),
        "lock_days": -(-int(recovery.backups.keep.seconds) // DAY),
        "offsite": None if region is None else {"bucket": name_bucket(site, "backups-offsite"), "region": region},
    }
