"""Releases: the strategy suits the workload, and its weights can be reached."""

from collections.abc import Iterator
from math import gcd, lcm
from typing import TYPE_CHECKING

from hftgen.spec.release import BlueGreen, Canary, Rolling
from hftgen.spec.rules.demand import count_replicas
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def release_some_ordinals(loaded: "Loaded") -> Iterator[Violation]:
    """`partition` leaves some ordinals to be released: one as high as the number of replicas holds all of them back."""
    for run in list_runs(loaded):
        release, replicas = run.service.release, count_replicas(run.service)
        if isinstance(release, Rolling) and release.partition and release.partition >= replicas > 0:
            yield Violation(
                run.path("release", "partition"),
                f"ordinals below it keep the old version, and cluster {run.cluster} has {replicas} in all: "
                "nothing would ever be released",
                str(release.partition),
                f"at most {replicas - 1}" if replicas > 1 else "no partition",
            )


def reach_canary_weights(loaded: "Loaded") -> Iterator[Violation]:
    """Without a router the number of pods makes the weight: weight times replicas / 100 is whole; no surge counts.

    A standby's count is looked at too, for after a failover it is what serves. With autoscale no weight below 100 can
    be promised, for the number of pods is not known when the step comes.
    """
    for run in list_runs(loaded):
        release = run.service.release
        if not isinstance(release, Canary) or release.traffic.router != "none":
            continue
        partial = [(index, step.weight) for index, step in enumerate(release.steps) if step.weight < 100]
        if run.service.autoscale is not None and partial:
            yield Violation(
                run.path("release", "steps"),
                "without a router the share of pods is the weight, and nobody knows how many pods an "
                "autoscaled service has then",
                ", ".join(str(weight) for _, weight in partial),
                "replicas in place of autoscale, or traffic.router",
                "or release it by rolling or blueGreen",
            )
            continue
        yield from _check_weights(run, partial)


def _check_weights(run: Run, partial: list[tuple[int, int]]) -> Iterator[Violation]:
    replicas = count_replicas(run.service)
    together = lcm(*(100 // gcd(100, weight) for _, weight in partial))
    for index, weight in partial:
        if replicas == 0 or weight * replicas % 100 == 0:
            continue
        near = list_near_weights(weight, replicas)
        pods = "1 replica" if replicas == 1 else f"{replicas} replicas"
        expected = f"with {pods}: {' or '.join(str(number) for number in near) or 'no weight below 100'}"
        yield Violation(
            run.path("release", "steps", index, "weight"),
            f"without a router the share of pods is the weight, and {weight} % of {pods} on cluster {run.cluster} "
            "is no whole number",
            str(weight),
            expected,
            f"or {together * max(-(-replicas // together), 1)} replicas, or traffic.router",
        )


def list_near_weights(weight: int, replicas: int) -> list[int]:
    """The reachable weights next to one that is not, below and above, of 1 to 99."""
    reachable = [number for number in range(1, 100) if number * replicas % 100 == 0]
    below = [number for number in reachable if number < weight]
    above = [number for number in reachable if number > weight]
    return [*below[-1:], *above[:1]]


def preview_no_more_than_all(loaded: "Loaded") -> Iterator[Violation]:
    """A blue-green preview has no more pods than the service."""
    for run in list_runs(loaded):
        release = run.service.release
        if not isinstance(release, BlueGreen) or release.previewReplicas is None:
            continue
        scale = run.service.autoscale
        most = scale.max if scale is not None else run.service.replicas
        if most and release.previewReplicas > most:
            yield Violation(
                run.path("release", "previewReplicas"),
                f"the preview has more pods than the service on cluster {run.cluster}",
                str(release.previewReplicas),
                f"at most {most}",
            )


def expose_one_host_once(loaded: "Loaded") -> Iterator[Violation]:
    """No two services expose one host: the second would take the first one's traffic, or none."""
    owners: dict[tuple[str, str], str] = {}
    for run in list_runs(loaded):
        if run.service.expose is None or run.service.expose.host is None:
            continue
        owner = owners.setdefault((run.cluster, run.service.expose.host), run.name)
        if owner != run.name:
            yield Violation(
                run.path("expose", "host"),
                f"{owner} exposes this host too",
                run.service.expose.host,
                "a host of its own",
            )
