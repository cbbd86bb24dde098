"""What pods ask of nodes that may not be there: a disk that another holds, a kernel parameter that is not admitted."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.terraform.clouds import CLOUDS
from hftgen.spec.load import Loaded
from hftgen.spec.release import Rolling
from hftgen.spec.rules.demand import count_replicas, sum_needs
from hftgen.spec.rules.latency import FAST
from hftgen.spec.rules.nodes import offer_rooms
from hftgen.spec.rules.packing import Amounts
from hftgen.spec.rules.pod_security import is_safe
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.shapes import shape_node
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
    """HFT-X41: a node refuses a pod with an unsafe kernel parameter unless its kubelet names it; ours all do."""
    version = str(loaded.environment.kubernetes.version)
    for run in list_runs(loaded):
        unsafe = [name for name in sorted(run.service.sysctls) if not is_safe(name, version)]
        if unsafe and not _tells_kubelets(run):
            where = f"pool {run.pool_name}" if run.pool_name is not None else "the nodes"
            yield make_finding(
                loaded,
                "HFT-X41",
                run.path("sysctls"),
                f"the kubelets of {where} of cluster {run.cluster} must admit {', '.join(unsafe)}, else the pods fail "
                "(SysctlForbidden)",
                "allowedUnsafeSysctls of the kubelet's configuration",
            )


def _tells_kubelets(run: Run) -> bool:
    """Whether what is rendered tells the kubelets of its nodes which parameters to admit (facts/kubelet.py)."""
    if run.pool_name is None:
        return False
    if run.site.cloud in CLOUDS:
        return run.loaded.environment.terraform is not None
    return run.site.cloud == "kind" or run.site.metal is not None


def find_blind_spots(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X43: the scheduler sees a node as a whole, and may send it a pod that none of its NUMA nodes has room for."""
    for run in list_runs(loaded):
        pool = run.pool
        shape = shape_node(run.site, pool, loaded.tables) if pool is not None else None
        if pool is None or shape is None or not shape.pinned or shape.numa < 2 or run.service.latency != FAST:
            continue
        needs, rooms = sum_needs(run.service, pool), offer_rooms(shape)
        held = sum(_count_fitting(needs, room.space) for room in rooms)
        seen = _count_fitting(needs, {name: sum(room.space.get(name, 0) for room in rooms) for name in needs})
        if 0 < held < seen:
            yield make_finding(
                loaded,
                "HFT-X43",
                run.path(),
                f"a machine of pool {run.pool_name} on cluster {run.cluster} holds {held} of its pods by NUMA node; "
                f"the scheduler, which sees it as a whole, may send it {seen}: the kubelet refuses what is too much "
                "(TopologyAffinityError), and the pod fails until it is sent elsewhere",
                "ask for a share that divides a NUMA node, or say `spread: {host: required}` and a node for each pod",
            )


def _count_fitting(needs: Amounts, space: Amounts) -> int:
    """How many such pods a room holds."""
    return min((space.get(name, 0) // amount for name, amount in needs.items() if amount), default=0)
