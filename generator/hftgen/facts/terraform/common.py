"""What the modules of all clouds are told alike, in Terraform's names; what a spec does not say is null."""

from collections.abc import Sequence
from typing import NamedTuple

from hftgen.facts.maintenance import Maintenance
from hftgen.facts.names import POOL_LABEL, POOL_TAINT
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.pool import Pool


class Surroundings(NamedTuple):
    """What a cluster's root modules must know besides their own site.

    The environment on all its clusters, and when the cloud may change machines (None: whenever it likes).
    """

    sites: Sequence[Site]
    maintenance: Maintenance | None


def owns_accounts(site: Site) -> bool:
    """Whether this environment makes what an account has once: CI's OIDC provider, the DNS zone, image repositories."""
    terraform = site.environment.terraform
    return terraform is not None and terraform.ownsAccounts


def describe_place(site: Site) -> Facts:
    """Where a root module of one cluster works: `project` to `zones`."""
    cluster = site.cluster
    return {
        "project": site.project,
        "environment": site.environment.environment,
        "cluster": site.name,
        "role": cluster.role,
        "account": cluster.account,
        "region": cluster.region,
        "zones": list(cluster.zones),
    }


def describe_network(site: Site) -> Facts:
    """Ranges, the venues' prefixes and the connections that lead there."""
    network = site.cluster.network
    return {
        "vpc_cidr": network.vpc if network else None,
        "pods_cidr": network.pods if network else None,
        "services_cidr": network.services if network else None,
        "venue_cidrs": dict(network.venues) if network else {},
        "connections": [{"kind": item.kind, "id": item.id} for item in network.connect] if network else [],
    }


def describe_cluster(site: Site) -> Facts:
    """The control plane and the pools."""
    network, access = site.cluster.network, site.cluster.access
    return {
        "kubernetes_version": site.environment.kubernetes.version,
        "services_cidr": network.services if network else None,
        "access_cidrs": list(access.cidrs) if access else [],
        "access_admins": list(access.admins) if access else [],
        "encryption_at_rest": site.is_encrypted,
        "node_pools": {str(name): describe_pool(site, str(name), pool) for name, pool in site.cluster.pools.items()},
    }


def describe_pool(site: Site, name: str, pool: Pool) -> Facts:
    """One pool, as its pods see it."""
    pinned = pool.pinning == "static"
    return {
        "machine": pool.machine,
        "min": pool.min,
        "max": pool.max,
        "zones": list(pool.zones or site.cluster.zones),
        "labels": {POOL_LABEL: name},
        "taints": [{"key": POOL_TAINT, "value": name, "effect": "NoSchedule"}] if pinned else [],
        "cpu_manager_policy": "static" if pinned else None,
        "topology_manager_policy": "single-numa-node" if pinned else None,
        "reserved_cpus": pool.reserved,
        "hugepages": {str(size): amount for size, amount in pool.hugepages.items()},
        "placement": pool.placement,
        "spot": pool.spot,
    }


def describe_data(site: Site) -> Facts:
    """Managed databases, and what is kept of everything."""
    recovery = site.environment.recovery
    snapshots, backups = (recovery.snapshots, recovery.backups) if recovery else (None, None)
    return {
        "encryption_at_rest": site.is_encrypted,
        "databases": dict(_list_databases(site)),
        "replica": site.is_standby,
        "snapshot_schedule": snapshots.schedule if snapshots else None,
        "snapshot_keep": snapshots.keep if snapshots else None,
        "backup_schedule": backups.schedule if backups else None,
        "backup_keep": backups.keep if backups else None,
        "backup_offsite": backups.offsite if backups else False,
    }


def list_tags(site: Site) -> dict[str, str]:
    """What every resource carries; keys and values are what the clouds' tags and labels all admit."""
    return {"project": site.project, "environment": site.environment.environment, "managed-by": "hftgen"}


def name_key(site: Site, root: str) -> str:
    """Where a root module's state lies in the bucket; `root` is `shared`, or `<cluster>/network` and the like."""
    return f"{site.project}/{site.environment.environment}/{root}"


def escape(text: str) -> str:
    """Text as a literal of a `.tf.json` file, where strings are templates."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _list_databases(site: Site) -> list[tuple[str, Facts]]:
    return [
        (
            str(name),
            {
                "engine": store.engine,
                "version": store.version,
                "storage": store.storage,
                "high_availability": store.highAvailability,
            },
        )
        for name, store in sorted(site.environment.datastores.items())
        if isinstance(store, ManagedDatastore)
    ]
