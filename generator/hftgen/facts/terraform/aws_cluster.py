"""Variables of the AWS module `cluster`: control plane, access, add-ons, roles of service accounts, node pools."""

from ipaddress import IPv4Network

from hftgen.facts.balancers import PRIVATE
from hftgen.facts.clouds import name_role
from hftgen.facts.nodes import describe_node
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_names import describe_place
from hftgen.facts.terraform.aws_network import LOG_DAYS
from hftgen.facts.terraform.aws_roles import derive_roles
from hftgen.facts.terraform.common import Surroundings
from hftgen.spec.pool import Pool

# EKS' image, containers' images, and what pods write beside volumes.
DISK_GIB = 100


def derive_cluster(site: Site, around: Surroundings) -> Facts:
    """Variables of `cluster`."""
    network = site.cluster.network
    return {
        **describe_place(site),
        "kubernetes_version": str(site.environment.kubernetes.version),
        "zones": [str(zone) for zone in site.cluster.zones],
        "services_cidr": str(network.services) if network is not None and network.services is not None else None,
        "pods_apart": network is not None and network.pods is not None,
        **_describe_access(site),
        "encryption_at_rest": site.is_encrypted,
        "deletion_protection": not site.is_development,
        # An upgrade that nobody asked for, while exchanges are open, would cost more.
        "extended_support": site.environment.tier == "production",
        "log_days": LOG_DAYS[site.environment.tier],
        "metrics_server": site.addon("metrics-server") is None,
        "addon_versions": {},
        **derive_roles(site, around.sites),
        "node_pools": {str(name): _describe_pool(site, str(name), pool) for name, pool in site.cluster.pools.items()},
    }


def is_private(cidr: str) -> bool:
    """Whether a network is one that AWS' public endpoint does not know: its members come by a private connection."""
    network = IPv4Network(cidr)
    return any(network.subnet_of(IPv4Network(private)) for private in PRIVATE)


def find_principal(site: Site, admin: str) -> str:
    """The ARN of whoever may do everything: as the spec says it, or a role's name in the cluster's account."""
    return admin if admin.startswith("arn:") else name_role(str(site.cluster.account), site.cluster.region, admin)


def _describe_access(site: Site) -> Facts:
    access = site.cluster.access
    cidrs = [str(cidr) for cidr in access.cidrs] if access is not None else []
    admins = [str(admin) for admin in access.admins] if access is not None else []
    return {
        "public_access_cidrs": [cidr for cidr in cidrs if not is_private(cidr)],
        "private_access_cidrs": [cidr for cidr in cidrs if is_private(cidr)],
        "admins": {admin: find_principal(site, admin) for admin in admins},
    }


def _describe_pool(site: Site, name: str, pool: Pool) -> Facts:
    node = describe_node(site, name)
    machine = site.tables.machines.get(pool.machine)
    return {
        "name": node.name,
        "machine": str(pool.machine),
        "architecture": node.architecture,
        "min": pool.min,
        "max": pool.max,
        "zones": [str(zone) for zone in pool.zones or site.cluster.zones],
        "pinned": pool.pinning == "static",
        "spot": pool.spot,
        "placement": pool.placement is not None,
        "reserve": _is_reserved(site, pool),
        "cores": _count_cores(site, pool),
        "nvme": machine is not None and machine.nvme > 0,
        "disk_gib": DISK_GIB,
        "image": node.image,
        "sysctls": node.sysctls,
        "labels": node.labels,
        "taints": node.taints,
        "kubelet": node.kubelet,
    }


def _is_reserved(site: Site, pool: Pool) -> bool:
    """Machines that stand close together are not found at the moment when one is lost: their places are kept."""
    return pool.placement is not None and not pool.spot and pool.min > 0 and not site.is_development


def _count_cores(site: Site, pool: Pool) -> int | None:
    """Cores of a machine whose second threads are switched off; None where they stay, or where the kernel does it."""
    machine = site.tables.machines.get(pool.machine)
    if pool.smt is not False or machine is None or machine.threads == 1 or ".metal" in pool.machine:
        return None
    return machine.cpus // machine.threads
