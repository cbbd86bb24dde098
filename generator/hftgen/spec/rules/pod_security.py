"""What the API server and the kubelet admit of a pod: its user and its kernel parameters.

The namespace's level holds for every pod in it. A waiver is a person's consent, not the API server's: what the level
refuses is an error with or without one.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hftgen.spec.rules.scope import list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# Kernel parameters that every kubelet and every level admit, by the minor version of Kubernetes since which they do
# (kubernetes.io, "Using sysctls in a Kubernetes Cluster"; the level `baseline` has the same list).
SAFE: Mapping[str, int] = MappingProxyType(
    {
        "kernel.shm_rmid_forced": 0,
        "net.ipv4.ip_local_port_range": 0,
        "net.ipv4.tcp_syncookies": 0,
        "net.ipv4.ping_group_range": 18,
        "net.ipv4.ip_unprivileged_port_start": 22,
        "net.ipv4.ip_local_reserved_ports": 27,
        "net.ipv4.tcp_keepalive_time": 29,
        "net.ipv4.tcp_fin_timeout": 29,
        "net.ipv4.tcp_keepalive_intvl": 29,
        "net.ipv4.tcp_keepalive_probes": 29,
        "net.ipv4.tcp_rmem": 32,
        "net.ipv4.tcp_wmem": 32,
        "net.ipv4.tcp_slow_start_after_idle": 37,
        "net.ipv4.tcp_notsent_lowat": 37,
    }
)

# What a pod has of its own; every other parameter is the machine's.
OWN = re.compile(r"kernel\.(shm[a-z_]*|msg[a-z_]*|sem)|fs\.mqueue\..+|net\..+")


def is_safe(name: str, version: str) -> bool:
    """Whether every node of such a Kubernetes admits the parameter."""
    return SAFE.get(name.replace("/", "."), MINORS) <= int(version.split(".")[1])


MINORS = 1000


def leave_the_machine_alone(loaded: "Loaded") -> Iterator[Violation]:
    """A pod sets kernel parameters of its own alone: those of the machine are the same for every pod on it."""
    for run in list_runs(loaded):
        for name in sorted(run.service.sysctls):
            if not OWN.fullmatch(name.replace("/", ".")):
                yield Violation(
                    run.path("sysctls", name),
                    "is a parameter of the machine, not of a pod: the kubelet refuses the pod (SysctlForbidden)",
                    name,
                    "kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.* or net.*",
                    "set it where the pool's machines are set up",
                )


def ask_for_admitted_sysctls(loaded: "Loaded") -> Iterator[Violation]:
    """Under Pod Security `restricted` or `baseline` only safe kernel parameters are admitted."""
    security, version = loaded.environment.security, str(loaded.environment.kubernetes.version)
    if security is None or security.podSecurity == "privileged":
        return
    for run in list_runs(loaded):
        for name in sorted(run.service.sysctls):
            if OWN.fullmatch(name.replace("/", ".")) and not is_safe(name, version):
                yield Violation(
                    run.path("sysctls", name),
                    f"the API server refuses it: Pod Security {security.podSecurity} admits none that Kubernetes "
                    f"{version} calls unsafe, and a waiver does not change that",
                    name,
                    f"one of {', '.join(safe for safe in SAFE if is_safe(safe, version))}",
                    "`security: {podSecurity: privileged}` admits it, for every service: the level is the namespace's",
                )


def ask_clouds_for_unsafe_sysctls(loaded: "Loaded") -> Iterator[Violation]:
    """An unsafe kernel parameter needs a kubelet that is told to admit it (allowedUnsafeSysctls)."""
    version = str(loaded.environment.kubernetes.version)
    for run in list_runs(loaded):
        capability = loaded.tables.can(run.site.cloud, "unsafeSysctls")
        for name in sorted(run.service.sysctls):
            if capability.state == "impossible" and OWN.fullmatch(name) and not is_safe(name, version):
                yield Violation(
                    run.path("sysctls", name),
                    f"no node of cluster {run.cluster} on {run.site.cloud} can admit it",
                    name,
                    "a safe one",
                    capability.instead,
                )


def run_as_nobody_special(loaded: "Loaded") -> Iterator[Violation]:
    """Under Pod Security `restricted` nothing runs as root."""
    if loaded.environment.security is None or loaded.environment.security.podSecurity != "restricted":
        return
    for run in list_runs(loaded):
        if run.service.user is not None and run.service.user.uid == 0:
            yield Violation(
                run.path("user", "uid"),
                "is root, and the API server refuses it: Pod Security restricted admits no root, and a waiver does not "
                "change that",
                "0",
                "1 or more",
                "an image that needs root needs `security: {podSecurity: baseline}`, for the environment as a whole",
            )
