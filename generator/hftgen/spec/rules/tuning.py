"""What a pool's machines are told by choice: only what their cloud can tell them."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

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

# What azurerm's sysctl_config has a field for (its name there has `_` for each `.` and `-`), with AKS' least and
# largest value (Learn, "Customize node configuration for AKS node pools").
AKS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "fs.aio-max-nr": (65536, 6553500),
        "fs.file-max": (8192, 12000500),
        "fs.inotify.max_user_watches": (781250, 2097152),
        "fs.nr_open": (8192, 20000500),
        "kernel.threads-max": (20, 513785),
        "net.core.netdev_max_backlog": (1000, 3240000),
        "net.core.optmem_max": (20480, 4194304),
        "net.core.rmem_default": (212992, 134217728),
        "net.core.rmem_max": (212992, 134217728),
        "net.core.somaxconn": (4096, 3240000),
        "net.core.wmem_default": (212992, 134217728),
        "net.core.wmem_max": (212992, 134217728),
        "net.ipv4.neigh.default.gc_thresh1": (128, 80000),
        "net.ipv4.neigh.default.gc_thresh2": (512, 90000),
        "net.ipv4.neigh.default.gc_thresh3": (1024, 100000),
        "net.ipv4.tcp_fin_timeout": (5, 120),
        "net.ipv4.tcp_keepalive_intvl": (10, 90),
        "net.ipv4.tcp_keepalive_probes": (1, 15),
        "net.ipv4.tcp_keepalive_time": (30, 432000),
        "net.ipv4.tcp_max_syn_backlog": (128, 3240000),
        "net.ipv4.tcp_max_tw_buckets": (8000, 1440000),
        "net.ipv4.tcp_tw_reuse": (0, 1),
        "net.netfilter.nf_conntrack_buckets": (65536, 524288),
        "net.netfilter.nf_conntrack_max": (131072, 2097152),
        "vm.max_map_count": (65530, 262144),
        "vm.swappiness": (0, 100),
        "vm.vfs_cache_pressure": (0, 100),
    }
)


def list_settable(cloud: str) -> frozenset[str] | None:
    """The parameters of a machine that a pool of this cloud may set; None: all of them."""
    return {"gcp": GKE, "azure": frozenset(AKS), "kind": frozenset[str]()}.get(cloud)


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


def set_what_aks_takes(loaded: "Loaded") -> Iterator[Violation]:
    """On Azure a kernel parameter's value is a whole number within AKS' range."""
    for cluster, site, name, pool in list_pools(loaded):
        for sysctl, value in sorted(pool.tuning.sysctls.items()):
            if site.cloud != "azure" or sysctl not in AKS:
                continue
            least, most = AKS[sysctl]
            if not (re.fullmatch(r"[0-9]{1,12}", value) and least <= int(value) <= most):
                yield Violation(
                    ("clusters", cluster, "pools", name, "tuning", "sysctls", sysctl),
                    "AKS takes no such value of this parameter",
                    visible(str(value)),
                    f"a whole number from {least} to {most}",
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
