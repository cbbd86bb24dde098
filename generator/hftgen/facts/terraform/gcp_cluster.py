"""Variables of the Google Cloud module `cluster`: the control plane, who is who, and the node pools."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import IPv4Network

from hftgen.facts.addons import find_gateway, find_namespace
from hftgen.facts.certificates import MANAGER, list_delegations
from hftgen.facts.clouds import find_account
from hftgen.facts.maintenance import Maintenance
from hftgen.facts.nodes import NodeFacts, describe_node
from hftgen.facts.record import Facts
from hftgen.facts.secrets import READER, name_remote
from hftgen.facts.site import Site
from hftgen.facts.terraform.common import Surroundings, list_tags
from hftgen.facts.terraform.gcp_account import find_registry
from hftgen.facts.terraform.gcp_names import name_cluster, name_node_account, name_zone
from hftgen.spec.pool import Pool

# Where no freeze says otherwise: on a Saturday no exchange trades but those that never close.
QUIET = Maintenance((6,), 0, 24, datetime(2026, 1, 3, tzinfo=UTC))

# Networks that no address of the internet lies in.
PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))

MEMBER = re.compile(r"(user|group|serviceAccount|principal|principalSet):.+")

# A local disk's GB.
DISK = 375

EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}


def derive_cluster(site: Site, around: Surroundings) -> Facts:
    """Variables of `cluster`."""
    network, access = site.cluster.network, site.cluster.access
    cidrs = [str(cidr) for cidr in access.cidrs] if access is not None else []
    return {
        "account": str(site.cluster.account),
        "region": str(site.cluster.region),
        "name": name_cluster(site),
        "zones": [str(zone) for zone in site.cluster.zones],
        "kubernetes_version": str(site.environment.kubernetes.version),
        "pods_range": "pods" if network is not None and network.pods is not None else None,
        "services_range": "services" if network is not None and network.services is not None else None,
        "access_cidrs": cidrs,
        "public_endpoint": any(not _is_private(cidr) for cidr in cidrs),
        "access_admins": list_members(map(str, access.admins)) if access is not None else [],
        "encryption_at_rest": site.is_encrypted,
        "deletion_protection": not site.is_development,
        "maintenance": _describe_maintenance(around.maintenance or QUIET),
        "own_gateway": find_gateway(site) is not None,
        "labels": list_tags(site),
        "node_account": name_node_account(site),
        "registry": find_registry(site),
        "identities": _describe_identities(site),
        "secret_reader": _describe_reader(site),
        "zone_editor": _describe_editor(site),
        "node_pools": {str(name): _describe_pool(site, str(name), pool) for name, pool in site.cluster.pools.items()},
    }


def _is_private(cidr: str) -> bool:
    return any(IPv4Network(cidr).subnet_of(space) for space in PRIVATE)


def list_members(admins: Iterable[str]) -> list[str]:
    """Those that IAM knows: its own form, or the address of a group. Others are groups of Argo CD's alone."""
    known = [admin for admin in admins if "@" in admin or MEMBER.fullmatch(admin)]
    return [admin if MEMBER.fullmatch(admin) else f"group:{admin}" for admin in known]


def _describe_maintenance(maintenance: Maintenance) -> Facts:
    said = maintenance.describe()
    return {
        "start": said["first"],
        "end": said["end"],
        "recurrence": said["recurrence"],
        "exclusions": {each["name"]: {"start": each["start"], "end": each["end"]} for each in said["exclusions"]},
    }


def _describe_identities(site: Site) -> Facts:
    """`{email: {own, accounts}}` of Google service accounts that the manifests name."""
    found: dict[str, set[str]] = {}
    secrets = site.environment.secrets
    if secrets is not None and secrets.backend == "gcp-secret-manager" and secrets.identity and secrets.identity.gcp:
        found[str(secrets.identity.gcp)] = {f"{site.namespace}/{READER}"}
    for name, service in sorted(site.services.items()):
        if service.identity is not None and service.identity.gcp is not None:
            found.setdefault(str(service.identity.gcp), set()).add(f"{site.namespace}/{name}")
    home = f"@{site.cluster.account}.iam.gserviceaccount.com"
    return {
        email: {"own": email.endswith(home), "accounts": sorted(accounts)} for email, accounts in sorted(found.items())
    }


def _describe_reader(site: Site) -> Facts | None:
    """Who reads the environment's secrets: External Secrets by its own identity, or the account that the spec names."""
    secrets = site.environment.secrets
    if secrets is None or secrets.backend != "gcp-secret-manager":
        return None
    said = secrets.identity.gcp if secrets.identity is not None else None
    return {
        "account": str(secrets.account or find_account(site, "gcp")),
        "reader": f"{site.namespace}/{READER}" if said is None else str(said),
        "prefix": name_remote(site, ""),
    }


def _describe_editor(site: Site) -> Facts | None:
    """Who proves hosts by records of the zone, where that is Cloud DNS."""
    dns = site.environment.dns
    if dns is None or dns.provider != "gcp" or not list(list_delegations(site)):
        return None
    return {
        "account": str(dns.account or find_account(site, "gcp")),
        "editor": f"{find_namespace(site, MANAGER)}/{MANAGER}",
        "zone": name_zone(str(dns.zone)),
    }


def _describe_pool(site: Site, name: str, pool: Pool) -> Facts:
    node, machine = describe_node(site, name), site.tables.machines.get(pool.machine)
    return {
        "name": node.name,
        "machine": str(pool.machine),
        "min": pool.min,
        "max": pool.max,
        "zones": [str(zone) for zone in pool.zones or site.cluster.zones],
        "pinned": pool.pinning == "static",
        "compact": pool.placement == "compact",
        "spot": pool.spot,
        "threads": 1 if pool.smt is False and machine is not None and machine.threads > 1 else None,
        "disk_type": "hyperdisk-balanced" if machine is not None and machine.disks == "hyperdisk" else "pd-balanced",
        "disks": machine.nvme // DISK if machine is not None else 0,
        "pods": node.pods,
        "labels": node.labels,
        "taints": [{**taint, "effect": EFFECTS[taint["effect"]]} for taint in node.taints],
        **_describe_settings(node),
    }


def _describe_settings(node: NodeFacts) -> Facts:
    """What the kernel and the kubelet are told, in GKE's words."""
    kubelet = node.kubelet
    policy = kubelet.get("topologyManagerPolicy")
    transparent = node.transparent_hugepages
    return {
        "sysctls": node.sysctls,
        "hugepages_2m": sum(node.hugepages.get("2Mi", [])),
        "hugepages_1g": sum(node.hugepages.get("1Gi", [])),
        "transparent": f"TRANSPARENT_HUGEPAGE_ENABLED_{transparent.upper()}" if transparent is not None else None,
        "unsafe": kubelet.get("allowedUnsafeSysctls", []),
        "cpu_manager": kubelet.get("cpuManagerPolicy"),
        "topology": policy and {"policy": policy, "scope": kubelet.get("topologyManagerScope", "container")},
        "memory": kubelet.get("memoryManagerPolicy"),
    }
