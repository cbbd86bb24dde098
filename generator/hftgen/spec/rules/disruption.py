"""Drains: a node can be emptied, but for the pods that trade."""

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from hftgen.spec.release import AbTest
from hftgen.spec.rules.demand import count_replicas
from hftgen.spec.rules.latency import FAST
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.scaling import MinAvailable
from hftgen.spec.units import Percentage

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def allow_drains(loaded: "Loaded") -> Iterator[Violation]:
    """`disruption` leaves one pod that a drain may take; only a tick-to-trade service may forbid drains."""
    for run in list_runs(loaded):
        said = run.service.disruption
        if said is None or run.service.latency == FAST:
            continue
        amount = said.minAvailable if isinstance(said, MinAvailable) else said.maxUnavailable
        pods = _count_least(run)
        if pods == 0 or _count_movable(said, amount, pods):
            continue
        yield Violation(
            run.path("disruption", said.KIND),
            f"blocks every drain on cluster {run.cluster}: of {pods} pod{'s' if pods > 1 else ''} none may be away, so "
            "that no node under them can be repaired or upgraded",
            str(amount),
            f"minAvailable: {pods - 1} or less, or maxUnavailable: 1" if pods > 1 else "no disruption",
            "" if pods > 1 else "leave `disruption` out, or run two pods",
        )


def _count_least(run: Run) -> int:
    """The smallest of the service's workloads when it is at its smallest: each has a budget of its own."""
    service = run.service
    pods = service.autoscale.min if service.autoscale is not None else count_replicas(service)
    release = service.release
    if isinstance(release, AbTest):
        # A variant of one pod has no budget.
        others = [variant.replicas for variant in release.variants.values() if (variant.replicas or 0) > 1]
        return min([pods, *(count for count in others if count is not None)])
    return pods


def _count_movable(said: object, amount: int | Percentage, pods: int) -> int:
    """How many of so many pods a drain may take at once: Kubernetes rounds percentages up, either way."""
    count = ceil(pods * amount.fraction) if isinstance(amount, Percentage) else amount
    return max(pods - count, 0) if isinstance(said, MinAvailable) else count
