"""What a pool's machines are told by choice: only what their cloud can tell them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# What a node pool's system configuration takes (Google Cloud, "Customizing node system configuration").
GKE = frozenset(
    (
        "net.core.busy_poll", "net.core.busy_read", "net.core.netdev_max_backlog", "net.core.rmem_max",
        "net.core.rmem_default", "net.core.wmem_default", "net.core.wmem_max", "net.core.optmem_max",
        "net.core.somaxconn", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_tw_reuse",
        "net.ipv4.tcp_max_orphans", "kernel.shmmni", "kernel.shmmax", "kernel.shmall", "vm.max_map_count",
        "vm.dirty_background_ratio", "vm.dirty_ratio", "vm.overcommit_memory", "vm.overcommit_ratio",
        "vm.swappiness", "vm.vfs_cache_pressure",
    )
)  # fmt: skip

# What azurerm's sysctl_config has a field for; its name there has `_` for each `.` and `-`.
AKS = frozenset(
    (
        "fs.aio-max-nr", "fs.file-max", "fs.inotify.max_user_watches", "fs.nr_open", "kernel.threads-max",
        "net.core.netdev_max_backlog", "net.core.optmem_max", "net.core.rmem_default", "net.core.rmem_max",
        "net.core.somaxconn", "net.core.wmem_default", "net.core.wmem_max",
        "net.ipv4.neigh.default.gc_thresh1", "net.ipv4.neigh.default.gc_thresh2", "net.ipv4.neigh.default.gc_thresh3",
        "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_max_syn_backlog", "net.ipv4.tcp_max_tw_buckets",
        "net.ipv4.tcp_tw_reuse", "net.netfilter.nf_conntrack_buckets", "net.netfilter.nf_conntrack_max",
        "vm.max_map_count", "vm.swappiness", "vm.vfs_cache_pressure",
    )
)  # fmt: skip


def list_settable(cloud: str) -> frozenset[str] | None:
    """The parameters of a machine that a pool of this cloud may set; None: all of them."""
    return {"gcp": GKE, "azure": AKS, "kind": frozenset[str]()}.get(cloud)


def set_what_machines_have(loaded: "Loaded") -> Iterator[Violation]:
    """A pool sets kernel parameters that its cloud lets it set."""
    for cluster, site, name, pool in list_pools(loaded):
        settable = list_settable(site.cloud)
        for sysctl in sorted(pool.tuning.sysctls):
            if settable is not None and sysctl not in settable:
                yield Violation(
                    ("clusters", cluster, "pools", name, "tuning", "sysctls", sysctl),
                    f"no pool on {site.cloud} can set this parameter of its machines",
                    sysctl,
                    f"one of {', '.join(sorted(settable))}" if settable else "none",
                    "a parameter of a pod's own namespace (net.*) can be the service's: services.X.sysctls",
                )


def build_images_where_they_are_used(loaded: "Loaded") -> Iterator[Violation]:
    """A release of EKS' image is said on AWS, for a pinned pool or one with hugepages: others run EKS' image itself."""
    for cluster, site, name, pool in list_pools(loaded):
        built = site.cloud == "aws" and (pool.pinning == "static" or pool.hugepages or pool.tuning.mitigations == "off")
        if pool.tuning.image is not None and not built:
            yield Violation(
                ("clusters", cluster, "pools", name, "tuning", "image"),
                "has no effect: nothing builds an image of its own for this pool",
                str(pool.tuning.image),
                "a pool on AWS with `pinning: static` or hugepages",
                "leave it out",
            )
