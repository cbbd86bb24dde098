"""What a pool's machines are told, and rarely is meant."""

from collections.abc import Iterator

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.nodes import list_taints
from hftgen.facts.terraform.roots import is_provisioned
from hftgen.spec.load import Loaded
from hftgen.spec.rules.latency import is_guaranteed
from hftgen.spec.rules.pools import list_pools
from hftgen.spec.rules.scope import Run, list_containers, list_runs


def find_noisy_first_cpus(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X63: CPU 0 keeps the kernel's time and takes what comes at boot, so that it is never quiet."""
    for cluster, _site, name, pool in list_pools(loaded):
        if pool.reserved is not None and 0 not in pool.reserved.cpus:
            yield make_finding(
                loaded,
                "HFT-X63",
                ("clusters", cluster, "pools", name, "reserved"),
                "leaves CPU 0 to pods: the kernel keeps its time there and never stops its tick (nohz_full), so that "
                "whichever pod gets it is slower than the others, and the host fails its verification",
                "reserve CPU 0 and, with two threads a core, its sibling",
            )


def find_unbalanced_pods(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X64: over CPUs that isolcpus names nothing is balanced: containers that share CPUs there pile up on one."""
    for run in list_runs(loaded):
        if run.pool is None or not run.pool.tuning.isolate:
            continue
        shared = list(_list_sharing(run))
        if shared:
            yield make_finding(
                loaded,
                "HFT-X64",
                run.path("pool"),
                f"pool {run.pool_name} of cluster {run.cluster} isolates its CPUs (tuning.isolate), over which the "
                f"kernel balances nothing, and {' and '.join(shared)} without CPUs of one's own: all such containers "
                "of a node may run on one CPU",
                "whole CPUs with request = limit in every container of the pod, or no `isolate`: exclusive CPUs are "
                "the kubelet's doing",
            )


def find_clusters_without_room(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X74: each pool turns away what does not tolerate it. Azure has a pool of its own for what belongs to it."""
    for site in list_sites(loaded):
        pools = site.cluster.pools.items()
        closed = [name for name, pool in pools if list_taints(site, str(name), pool)]
        if is_provisioned(site) and site.cluster.cloud in ("aws", "gcp") and closed and len(closed) == len(pools):
            end = ", and an apply waits for them in vain" if site.cluster.cloud == "aws" else ""
            yield make_finding(
                loaded,
                "HFT-X74",
                ("clusters", site.name, "pools"),
                f"every pool is for its own services alone: DNS, disks' drivers, Argo CD and add-ons find no node{end}",
                "add a pool without pinning, such as general",
            )


def _list_sharing(run: Run) -> Iterator[str]:
    """The containers that get no exclusive CPUs."""
    exclusive = is_guaranteed(run)
    for where, container in list_containers(run.service):
        cpu = container.cpu.limit if container.cpu is not None else None
        if not (exclusive and cpu is not None and cpu.is_whole):
            yield " ".join(map(str, where)) + " is" if where else f"{run.name} is"
