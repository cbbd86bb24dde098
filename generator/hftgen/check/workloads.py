"""What pods ask of nodes that may not be there: a disk that another holds, a kernel parameter that is not admitted."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.spec.load import Loaded
from hftgen.spec.release import Rolling
from hftgen.spec.rules.demand import count_replicas
from hftgen.spec.rules.pod_security import is_safe
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.volume import Claim


def find_contended_disks(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X40: pods of a stateless service share a claim, and one that a node holds keeps pods elsewhere waiting."""
    for run in list_runs(loaded):
        if run.service.workload != "stateless" or not _meets_itself(run):
            continue
        for key, claim in sorted(run.service.volumes.items()):
            if isinstance(claim, Claim) and claim.access.startswith("ReadWriteOnce"):
                yield make_finding(
                    loaded,
                    "HFT-X40",
                    run.path("volumes", key),
                    f"all pods share this disk on cluster {run.cluster}, and only those on the node that has it start",
                    "say `workload: stateful` for a disk each, one replica that rolls, or a class that nodes share",
                )


def _meets_itself(run: Run) -> bool:
    """Whether two of its pods are there at once: several replicas, or a release that starts new beside old."""
    several = run.service.autoscale is not None or count_replicas(run.service) > 1
    return several or not isinstance(run.service.release, Rolling)


def find_unsafe_sysctls(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X41: a node refuses a pod with an unsafe kernel parameter unless its kubelet names it."""
    version = str(loaded.environment.kubernetes.version)
    for run in list_runs(loaded):
        unsafe = [name for name in sorted(run.service.sysctls) if not is_safe(name, version)]
        if unsafe:
            where = f"pool {run.pool_name}" if run.pool_name is not None else "the nodes"
            yield make_finding(
                loaded,
                "HFT-X41",
                run.path("sysctls"),
                f"the kubelets of {where} of cluster {run.cluster} must admit {', '.join(unsafe)}, else the pods fail "
                "(SysctlForbidden)",
                "allowedUnsafeSysctls of the kubelet's configuration",
            )
