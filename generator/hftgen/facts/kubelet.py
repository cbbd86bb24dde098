"""What the kubelet of a pool's nodes is told, in the words of KubeletConfiguration (kubelet.config.k8s.io/v1beta1).

Only what its cloud lets us say, and only what differs from the kubelet's defaults. Where reservations are ours to say
they are those that capacity is counted with (spec/rules/nodes.py): a node leaves to pods what the rules believe.
"""

from typing import Any

from hftgen.facts.kernel import list_cpus
from hftgen.facts.site import Site
from hftgen.spec.rules.nodes import EVICTION, Shape, count_pods, keep
from hftgen.spec.rules.pod_security import is_safe
from hftgen.spec.units import Memory

# The minor versions since which a policy option needs no gate that is closed by default.
FULL_CORES = 23
STRICT_RESERVATION = 33

KI = 2**10

# Thresholds of the kubelet that it forgets once any of them is said.
EVICTION_HARD = {
    "nodefs.available": "10%",
    "nodefs.inodesFree": "5%",
    "imagefs.available": "15%",
    "imagefs.inodesFree": "5%",
}


def describe_kubelet(site: Site, name: str, shape: Shape) -> dict[str, Any]:
    """The fields that this pool's kubelets have of their own."""
    config: dict[str, Any] = {}
    if sysctls := list_unsafe_sysctls(site, name):
        config["allowedUnsafeSysctls"] = sysctls
    if shape.pinned and _can(site, "pinning"):
        config |= _pin(site)
    if _can(site, "reserved"):
        config |= _reserve(shape)
    if shape.pinned and _can(site, "reserved"):
        config |= _reserve_cpus(site, shape)
    return dict(sorted(config.items()))


def list_unsafe_sysctls(site: Site, name: str) -> list[str]:
    """The kernel parameters that services of the pool ask for, and that a kubelet refuses unless it is told."""
    version = str(site.environment.kubernetes.version)
    asked = {
        str(sysctl).replace("/", ".")
        for service in site.services.values()
        if (found := site.pool(service.pool)) is not None and found[0] == name
        for sysctl in service.sysctls
    }
    return sorted(sysctl for sysctl in asked if not is_safe(sysctl, version))


def split_memory(shape: Shape) -> list[int]:
    """Bytes of each NUMA node that no pod gets, huge pages apart: their sum is what the kubelet keeps."""
    kept = keep(shape).memory
    each = kept // shape.numa // KI * KI
    return [kept - each * (shape.numa - 1), *[each] * (shape.numa - 1)]


def _pin(site: Site) -> dict[str, Any]:
    """Exclusive CPUs and memory of one NUMA node. The whole pod is aligned, as capacity is counted."""
    config: dict[str, Any] = {"cpuManagerPolicy": "static", "topologyManagerPolicy": "single-numa-node"}
    if options := _list_options(site):
        config["cpuManagerPolicyOptions"] = options
    if _can(site, "topologyScope"):
        config["topologyManagerScope"] = "pod"
    if _can(site, "memoryManager"):
        config["memoryManagerPolicy"] = "Static"
    return config


def _list_options(site: Site) -> dict[str, str]:
    """Whole cores for who asks for whole CPUs; reserved CPUs for nobody else."""
    minor = int(str(site.environment.kubernetes.version).split(".")[1])
    options = {}
    if _can(site, "fullCores") and minor >= FULL_CORES:
        options["full-pcpus-only"] = "true"
    if _can(site, "reserved") and minor >= STRICT_RESERVATION:
        options["strict-cpu-reservation"] = "true"
    return options


def _reserve(shape: Shape) -> dict[str, Any]:
    kept = keep(shape)
    reserved = {"memory": _write_bytes(kept.memory - EVICTION), "ephemeral-storage": "1Gi"}
    if not shape.pinned:
        reserved["cpu"] = f"{kept.cpu}m"
    return {
        "maxPods": count_pods(shape),
        "kubeReserved": reserved,
        "evictionHard": {"memory.available": _write_bytes(EVICTION), **EVICTION_HARD},
    }


def _reserve_cpus(site: Site, shape: Shape) -> dict[str, Any]:
    """reservedSystemCPUs stands in place of any share of CPU in kubeReserved.

    Huge pages are never reserved memory: the kubelet would not start.
    """
    memory = [
        {"numaNode": node, "limits": {"memory": _write_bytes(amount)}}
        for node, amount in enumerate(split_memory(shape))
    ]
    config: dict[str, Any] = {"reservedSystemCPUs": list_cpus(shape).reserved, "reservedMemory": memory}
    if site.cluster.cloud == "aws":
        # nodeadm names control groups for reservations, with which the kubelet refuses reservedSystemCPUs.
        config |= {"kubeReservedCgroup": "", "systemReservedCgroup": ""}
    return config


def _can(site: Site, setting: str) -> bool:
    return site.tables.can(site.cluster.cloud, setting).state != "impossible"


def _write_bytes(amount: int) -> str:
    """Whole kibibytes as Kubernetes writes them: 8107Mi."""
    return str(Memory.read(f"{amount // KI}Ki"))
