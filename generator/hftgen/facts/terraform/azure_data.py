"""What module data is told on Azure: databases, caches, backups, vaults, and the names that the manifests use."""

from collections.abc import Iterator

from hftgen.facts.maintenance import Maintenance
from hftgen.facts.names import name_vault
from hftgen.facts.record import Facts
from hftgen.facts.replication import find_address
from hftgen.facts.secrets import READER
from hftgen.facts.site import Site
from hftgen.facts.stores import list_callers
from hftgen.facts.terraform import azure_names
from hftgen.facts.terraform.azure_accounts import list_accounts, list_admins
from hftgen.facts.terraform.azure_names import (
    find_resource,
    find_subnet,
    list_zones,
    name_base,
    name_database_zone,
    name_group,
    name_identity,
    name_keys_vault,
    name_server,
    name_shared_group,
    name_storage,
)
from hftgen.facts.terraform.azure_network import find_followed, has_databases, list_addresses
from hftgen.facts.terraform.azure_shared import find_zone
from hftgen.facts.terraform.common import Surroundings, list_tags
from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.rules.azure_data import BACKUP_DAYS, DAY, choose_cache, choose_disk, choose_server

# Azure keeps no fewer days of a database's backups.
LEAST_DAYS = 7
BACKUPS = "backups"
# What the provider calls a disk of 32 TiB, which is a little smaller.
MI_IN_GI = 1024


def derive_data(site: Site, around: Surroundings) -> Facts:
    """Variables of `data`."""
    backups = _describe_backups(site)
    return {
        "name": name_base(site),
        "location": str(site.cluster.region),
        "resource_group": name_group(site, "data"),
        "tags": list_tags(site),
        "subnet_ids": {
            "endpoints": find_subnet(site, "endpoints"),
            "databases": find_subnet(site, "databases") if has_databases(site) else None,
        },
        "zone_ids": _find_zones(site),
        "admin_groups": list_admins(site)[0],
        "databases": (databases := dict(_list_databases(site, around.maintenance))),
        "primary_network": _describe_primary(site) if any(each["source"] for each in databases.values()) else None,
        "caches": dict(_list_caches(site)),
        "dns_zone": find_zone(site),
        "backups": backups,
        "keys_vault": name_keys_vault(site, f"{site.name}/data") if backups is not None and site.is_encrypted else None,
        "secrets_vault": _describe_secrets(site),
        "allowed_ips": list_addresses(site),
    }


def _find_zones(site: Site) -> dict[str, str]:
    zones = list_zones(site, databases=has_databases(site), registry=False)
    return {name: azure_names.find_zone(site, zone) for name, zone in zones.items()}


def _list_databases(site: Site, maintenance: Maintenance | None) -> Iterator[tuple[str, Facts]]:
    """Postgres. A standby has what follows the primary's alone: a second one to write to is worse than none."""
    window = None if maintenance is None else {"day": maintenance.days[0], "hour": maintenance.hour}
    for name, store in _list_managed(site, "postgres"):
        source = _find_source(site, name)
        if site.is_standby and source is None:
            continue
        yield name, _describe_server(site, name, store, source) | {"window": window}


def _describe_server(site: Site, name: str, store: ManagedDatastore, source: str | None) -> Facts:
    zones, recovery = [str(zone) for zone in site.cluster.zones], site.environment.recovery
    backups = recovery.backups if recovery is not None else None
    available = store.highAvailability and source is None
    disk = choose_disk(store.storage.bytes) if store.storage is not None else None
    assert disk is not None, "azure_data.offer_datastores"  # noqa: S101
    return {
        "name": name_server(site, name),
        "version": str(store.version),
        "sku": choose_server(store),
        "storage_mb": disk * MI_IN_GI,
        "ha_mode": None if not available else "ZoneRedundant" if len(zones) > 1 else "SameZone",
        "zone": zones[0] if zones else None,
        "standby_zone": zones[1] if available and len(zones) > 1 else None,
        "backup_days": LEAST_DAYS if backups is None else _count_days(backups.keep.seconds, LEAST_DAYS, BACKUP_DAYS),
        "geo_backups": backups is not None and backups.offsite and source is None,
        "source": source,
        "record": _find_record(site, name, store),
    }


def _find_source(site: Site, name: str) -> str | None:
    """The id of the server that a standby's follows: that of the first primary cluster, where it is Azure's too."""
    primary = find_followed(site, site.name)
    if primary is None:
        return None
    account = _find_account(site, primary)
    server = f"Microsoft.DBforPostgreSQL/flexibleServers/{name_server(site, name, primary)}"
    return f"/subscriptions/{account}/resourceGroups/{name_group(site, 'data', primary)}/providers/{server}"


def _describe_primary(site: Site) -> Facts | None:
    """The network of the servers that this standby's follow; None where it lies in another subscription."""
    primary = find_followed(site, site.name)
    if primary is None or _find_account(site, primary) != site.cluster.account:
        return None
    group, name = name_group(site, "network", primary), name_base(site, primary)
    zone = f"Microsoft.Network/privateDnsZones/{name_database_zone(site, primary)}"
    return {
        "id": find_resource(site, group, f"Microsoft.Network/virtualNetworks/{name}"),
        "name": name,
        "resource_group": group,
        "zone_id": find_resource(site, group, zone),
    }


def _find_account(site: Site, cluster: str) -> str:
    return str(next(each for key, each in site.environment.clusters.items() if str(key) == cluster).account)


def _list_caches(site: Site) -> Iterator[tuple[str, Facts]]:
    identities = {account.account: account.identity for account in list_accounts(site)}
    for name, store in _list_managed(site, "redis"):
        callers = [caller for caller in list_callers(site, name) if caller in identities]
        yield (
            name,
            {
                "name": name_server(site, name),
                "sku": choose_cache(store),
                "high_availability": store.highAvailability,
                "persistent": store.storage is not None,
                "record": _find_record(site, name, store),
                "users": {
                    caller: {"name": identities[caller], "resource_group": name_shared_group(site)}
                    for caller in callers
                },
            },
        )


def _list_managed(site: Site, engine: str) -> Iterator[tuple[str, ManagedDatastore]]:
    for name, store in sorted(site.environment.datastores.items()):
        if isinstance(store, ManagedDatastore) and store.engine == engine:
            yield str(name), store


def _find_record(site: Site, name: str, store: ManagedDatastore) -> str | None:
    """The name within the zone; None where the spec says another, or the zone is not ours to write."""
    host, zone = find_address(site, name, store), find_zone(site)
    if host is None or zone is None or not host.endswith(f".{zone['name']}"):
        return None
    return host.removesuffix(f".{zone['name']}")


def _describe_backups(site: Site) -> Facts | None:
    """Where backups go. In production nobody can take back that copies stay: not the cluster's, not ours."""
    recovery = site.environment.recovery
    if recovery is None or recovery.backups is None:
        return None
    days = _count_days(recovery.backups.keep.seconds, 1, 146000)
    kinds = ("GZRS", "ZRS") if site.cluster.zones else ("GRS", "LRS")
    return {
        "storage_account": name_storage(site, f"{site.name}/{BACKUPS}"),
        "container": BACKUPS,
        "replication": kinds[0] if recovery.backups.offsite else kinds[1],
        "immutable_days": days,
        "locked": site.environment.tier == "production",
        "delete_days": days,
    }


def _count_days(seconds: int, least: int, most: int) -> int:
    return min(max(seconds // DAY, least), most)


def _describe_secrets(site: Site) -> Facts | None:
    """The vault of the services' secrets: one for the environment, made with its first cluster on Azure."""
    section, clusters = site.environment.secrets, site.environment.clusters
    if section is None or section.backend != "azure-key-vault":
        return None
    homes = sorted((cluster.role, str(name)) for name, cluster in clusters.items() if cluster.cloud == "azure")
    home = homes[0][1]
    vault = name_vault(site.project, site.environment.environment)
    reader = {"name": name_identity(site, READER), "resource_group": name_shared_group(site)}
    known = any(account.account == READER for account in list_accounts(site))
    account = next(cluster.account for name, cluster in clusters.items() if str(name) == home)
    kind = f"Microsoft.KeyVault/vaults/{vault}"
    return {
        "name": vault,
        "id": f"/subscriptions/{account}/resourceGroups/{name_group(site, 'data', home)}/providers/{kind}",
        "owned": home == site.name,
        "open": any(cluster.cloud != "azure" for cluster in clusters.values()),
        # Nobody who applies here has a right there.
        "manual": account != site.cluster.account,
        "reader": reader if known else None,
    }
