"""Latency classes: what a service must be to get what its class promises."""

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING, Literal

from hftgen.spec.container import CpuResource, MemoryResource
from hftgen.spec.rules.scope import Path, Run, list_containers, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

FAST = "tick-to-trade"

# Seconds between two questions where a probe does not say, and of failures before a pod that trades may be restarted.
PERIOD, SLOWEST = 10, 30


def _list_fast(loaded: "Loaded") -> Iterator[Run]:
    return (run for run in list_runs(loaded) if run.service.latency == FAST)


def pin_fast_services(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade service runs in a pinned pool of every cluster that has pools: only there are CPUs exclusive."""
    for run in _list_fast(loaded):
        if run.pool is not None and run.pool.pinning != "static":
            pinned = sorted(name for name, pool in run.pools.items() if pool.pinning == "static")
            yield Violation(
                run.path("pool"),
                f"tick-to-trade needs exclusive CPUs, and pool {run.pool_name} of cluster {run.cluster} has no pinning",
                str(run.pool_name),
                f"a pool with `pinning: static` ({', '.join(pinned) or 'the cluster has none'})",
                "" if pinned else f"add `pinning: static` to a pool of {run.cluster}, or choose latency low",
            )


def guarantee_resources(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade or low service says cpu and memory of every container with request = limit: Guaranteed QoS."""
    for run in list_runs(loaded):
        if run.service.latency == "standard":
            continue
        for where, container in list_containers(run.service):
            for name in ("cpu", "memory"):
                yield from _check_guarantee(run, (*where, name), getattr(container, name), name)


def _check_guarantee(
    run: Run, where: Path, amount: CpuResource | MemoryResource | None, name: str
) -> Iterator[Violation]:
    request, limit = (amount.request, amount.limit) if amount is not None else (None, None)
    if limit is not None and request in (None, limit):
        return
    found = f"request {request or 'none'}, limit {limit or 'none'}" if amount is not None else "nothing"
    yield Violation(
        run.path(*where),
        f"latency {run.service.latency} needs {name} with request = limit in every container, init and sidecars too: "
        "one that may take more, or less, makes the whole pod Burstable, and it is throttled or evicted first",
        found,
        f"one number, such as `{name}: {'2' if name == 'cpu' else '4Gi'}`",
    )


def give_whole_cores(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade service asks for whole CPUs, an even number where a core has two threads."""
    for run in _list_fast(loaded):
        for where, container in list_containers(run.service):
            cpu = (container.cpu.request or container.cpu.limit) if container.cpu else None
            if cpu is None:
                continue
            if not cpu.is_whole and not where:
                yield Violation(
                    run.path("cpu"),
                    "tick-to-trade gets exclusive CPUs, and the kubelet gives those as whole ones only",
                    cpu,
                    "a whole number of CPUs",
                )
            elif cpu.is_whole and run.pool is not None and count_threads(run) == 2 and cpu.millicores % 2000:
                yield Violation(
                    run.path(*where, "cpu"),
                    f"pool {run.pool_name} of cluster {run.cluster} has two threads a core: an odd request shares a "
                    "core with a stranger, and the kubelet refuses the pod (SMTAlignmentError)",
                    cpu,
                    f"an even number, such as {cpu.millicores // 1000 + 1}",
                )


def give_guests_whole_cores(loaded: "Loaded") -> Iterator[Violation]:
    """A Guaranteed pod of another class in a pinned pool asks for whole cores too: the kubelet pins it as well."""
    for run in list_runs(loaded):
        pool = run.pool
        if run.service.latency == FAST or pool is None or pool.pinning != "static" or not is_guaranteed(run):
            continue
        if loaded.tables.can(run.site.cloud, "fullCores").state == "impossible" or count_threads(run) != 2:
            continue
        for where, container in list_containers(run.service):
            cpu = container.cpu.limit if container.cpu is not None else None
            if cpu is not None and cpu.is_whole and cpu.millicores % 2000:
                yield Violation(
                    run.path(*where, "cpu"),
                    f"pool {run.pool_name} of cluster {run.cluster} gives a Guaranteed pod whole cores alone, of two "
                    "threads: the kubelet refuses an odd number of CPUs (SMTAlignmentError)",
                    cpu,
                    f"an even number, such as {cpu.millicores // 1000 + 1}, or a fraction, which shares CPUs",
                    "or a pool without pinning",
                )


def is_guaranteed(run: Run) -> bool:
    """Whether every container says cpu and memory with request = limit."""
    amounts = [amount for _, container in list_containers(run.service) for amount in (container.cpu, container.memory)]
    return all(
        amount is not None and amount.limit is not None and amount.request in (None, amount.limit) for amount in amounts
    )


def count_threads(run: Run) -> Literal[1, 2]:
    """Threads a core on the nodes of its pool."""
    pool = run.pool
    if pool is None or pool.smt is False:
        return 1
    machine = run.loaded.tables.machines.get(pool.machine)
    return 2 if pool.smt or (machine is not None and machine.threads == 2) else 1


def forbid_autoscaling(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade service has replicas, not autoscale: a new pod is no help within a microsecond."""
    for run in _list_fast(loaded):
        if run.service.autoscale is not None:
            yield Violation(
                run.path("autoscale"),
                "tick-to-trade cannot be autoscaled: its nodes are set apart beforehand, and a pod more or less moves "
                "the others' load in the middle of a session",
                "autoscale",
                "replicas",
            )


def forbid_spot(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade or low service runs in no spot pool: the cloud takes such nodes back within minutes."""
    for run in list_runs(loaded):
        if run.service.latency != "standard" and run.pool is not None and run.pool.spot:
            yield Violation(
                run.path("pool"),
                f"latency {run.service.latency} cannot run on spot nodes, which the cloud takes back at any time, and "
                f"pool {run.pool_name} of cluster {run.cluster} is one",
                str(run.pool_name),
                "a pool with `spot: false`",
            )


def forbid_mesh(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade service stays out of the mesh: its proxy costs more time than the trade has."""
    for run in _list_fast(loaded):
        if run.service.mesh:
            yield Violation(
                run.path("mesh"),
                "tick-to-trade stays out of the mesh: a proxy adds hundreds of microseconds, and takes CPUs of the pod",
                "true",
                "false",
            )


def restart_slowly(loaded: "Loaded") -> Iterator[Violation]:
    """A tick-to-trade service is restarted after 30 seconds without an answer at the earliest, or never."""
    for run in _list_fast(loaded):
        live = run.service.probes.live
        if live is None or live.failures is None:
            continue
        period = live.period.seconds if live.period is not None else PERIOD
        if live.failures * period < SLOWEST:
            yield Violation(
                run.path("probes", "live", "failures"),
                f"restarts a tick-to-trade service after {live.failures * period} seconds without an answer: a burst "
                "of the market takes as long, and a restart in it loses the session and its resting orders",
                f"{live.failures} failures, {period} s apart",
                f"failures: {ceil(SLOWEST / period)} or more, {SLOWEST} seconds together",
                "or leave `failures` out (a minute), or `live` (a restart is then a person's decision)",
            )


def keep_two_low_replicas(loaded: "Loaded") -> Iterator[Violation]:
    """A low service that is autoscaled has min 2 or more: scaling from one pod shows in the tail."""
    for run in list_runs(loaded):
        scale = run.service.autoscale
        if run.service.latency == "low" and scale is not None and scale.min < 2:
            yield Violation(
                run.path("autoscale", "min"),
                "latency low needs two pods at least where it is autoscaled: one alone is full before the next is up",
                str(scale.min),
                "2 or more",
            )
