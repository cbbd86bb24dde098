"""Variables of a cluster's Terraform root modules: network, cluster and data, each with a state of its own.

Names are Terraform's (snake_case). Every root module gets the same keys whatever the cloud, so that a module declares
them once; what a cluster does not say is null.
"""

from collections.abc import Mapping
from typing import Any

from hftgen.facts.names import POOL_LABEL, POOL_TAINT

# Clouds that Terraform provisions: a kind cluster is made by kind, and metal belongs to Ansible.
PROVISIONED = frozenset(("aws", "gcp", "azure"))


def derive_terraform(environment: Mapping[str, Any], name: str, cluster: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{network, cluster, data}` variables of one cluster in long form, or None where Terraform has no part."""
    if cluster["cloud"] not in PROVISIONED:
        return None
    common = _describe_cluster(environment, name, cluster)
    return {
        "network": common | _derive_network(cluster),
        "cluster": common | _derive_cluster(environment, cluster),
        "data": common | _derive_data(environment, cluster),
    }


def _describe_cluster(environment: Mapping[str, Any], name: str, cluster: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "project": environment["project"],
        "environment": environment["environment"],
        "cluster": name,
        "role": cluster["role"],
        "account": cluster.get("account"),
        "region": cluster.get("region"),
        "zones": cluster.get("zones"),
    }


def _derive_network(cluster: Mapping[str, Any]) -> dict[str, Any]:
    network = cluster.get("network") or {}
    return {
        "vpc_cidr": network.get("vpc"),
        "pods_cidr": network.get("pods"),
        "services_cidr": network.get("services"),
        "venue_cidrs": network.get("venues") or {},
        "connections": [{"kind": item["kind"], "id": item["id"]} for item in network.get("connect") or []],
    }


def _derive_cluster(environment: Mapping[str, Any], cluster: Mapping[str, Any]) -> dict[str, Any]:
    access = cluster.get("access") or {}
    return {
        "kubernetes_version": environment["kubernetes"]["version"],
        "services_cidr": (cluster.get("network") or {}).get("services"),
        "access_cidrs": access.get("cidrs") or [],
        "access_admins": access.get("admins") or [],
        "encryption_at_rest": _wants_encryption(environment),
        "node_pools": {name: _derive_pool(name, pool, cluster) for name, pool in (cluster.get("pools") or {}).items()},
    }


def _derive_pool(name: str, pool: Mapping[str, Any], cluster: Mapping[str, Any]) -> dict[str, Any]:
    pinned = pool.get("pinning") == "static"
    taints = [{"key": POOL_TAINT, "value": name, "effect": "NoSchedule"}] if pinned else []
    return {
        "machine": pool["machine"],
        "min": pool["min"],
        "max": pool["max"],
        "zones": pool.get("zones") or cluster.get("zones"),
        "labels": {POOL_LABEL: name},
        "taints": taints,
        "cpu_manager_policy": "static" if pinned else None,
        "topology_manager_policy": "single-numa-node" if pinned else None,
        "reserved_cpus": pool.get("reserved"),
        "hugepages": pool.get("hugepages") or {},
        "placement": pool.get("placement"),
        "spot": bool(pool.get("spot")),
    }


def _derive_data(environment: Mapping[str, Any], cluster: Mapping[str, Any]) -> dict[str, Any]:
    recovery = environment.get("recovery") or {}
    backups = recovery.get("backups") or {}
    return {
        "encryption_at_rest": _wants_encryption(environment),
        "databases": {
            name: _derive_database(store)
            for name, store in (environment.get("datastores") or {}).items()
            if store["placement"] == "managed"
        },
        "replica": cluster["role"] == "standby",
        "snapshot_schedule": (recovery.get("snapshots") or {}).get("schedule"),
        "snapshot_keep": (recovery.get("snapshots") or {}).get("keep"),
        "backup_schedule": backups.get("schedule"),
        "backup_keep": backups.get("keep"),
        "backup_offsite": bool(backups.get("offsite")),
    }


def _derive_database(store: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "engine": store["engine"],
        "version": store["version"],
        "storage": store.get("storage"),
        "high_availability": bool(store.get("highAvailability")),
    }


def _wants_encryption(environment: Mapping[str, Any]) -> bool:
    # As Site.is_encrypted says it of disks in the cluster.
    said = (environment.get("security") or {}).get("encryptionAtRest")
    return environment["tier"] != "development" if said is None else bool(said)
