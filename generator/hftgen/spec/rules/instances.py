"""How many of a stateful service may act at once, counted over all clusters of the environment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def count_instances(loaded: "Loaded") -> Iterator[Violation]:
    """One `single` engine, one shard of an ordinal, one holder of a Lease, over all primary clusters together."""
    for runs in _group_stateful(loaded).values():
        acting = [run for run in runs if run.site.role == "primary" and run.service.replicas != 0]
        yield from _check_single([run for run in acting if run.service.instances == "single"])
        yield from _check_sites([run for run in acting if run.service.instances is not None])


def _group_stateful(loaded: "Loaded") -> dict[str, list[Run]]:
    """The stateful services with all clusters they run on, by name."""
    groups: dict[str, list[Run]] = {}
    for run in list_runs(loaded):
        if run.service.workload == "stateful":
            groups.setdefault(run.name, []).append(run)
    return groups


def _check_single(acting: list[Run]) -> Iterator[Violation]:
    for run in acting:
        if (run.service.replicas or 1) > 1:
            yield Violation(
                run.path("replicas"),
                f"{run.name} says that one instance may act at once, not {run.service.replicas} in one session",
                str(run.service.replicas),
                "0 or 1",
                "where each has a session of its own, say `instances: sharded`; where one waits, `activePassive`",
            )


def _check_sites(acting: list[Run]) -> Iterator[Violation]:
    """The first primary cluster is right; at each further one the same instances would act a second time."""
    for run in acting[1:]:
        first = acting[0]
        same = {"single": "the one engine", "sharded": "shard 0 and its session", "activePassive": "a second holder"}
        yield Violation(
            run.path("replicas") if run.path("replicas")[2] == "clusters" else ("services", run.name, "instances"),
            f"clusters {first.cluster} and {run.cluster} are both primary: {same[str(run.service.instances)]} "
            "would act on both at once, with one login",
            f"{run.service.instances} on {first.cluster} and {run.cluster}",
            "one primary cluster where it acts",
            f"make {run.cluster} a standby, or say services.{run.name}.clusters.{run.cluster}: {{replicas: 0}}",
        )


def scale_only_stateless(loaded: "Loaded") -> Iterator[Violation]:
    """Only stateless services are autoscaled: an instance more of a stateful one is a session more."""
    for run in list_runs(loaded):
        if run.service.autoscale is not None and run.service.workload != "stateless":
            yield Violation(
                run.path("autoscale"),
                f"a {run.service.workload} service cannot be autoscaled: how many act at once is said, not measured",
                f"workload {run.service.workload}",
                "replicas",
            )


def expose_no_shards(loaded: "Loaded") -> Iterator[Violation]:
    """A sharded service is not exposed: its callers choose a shard, and a balancer would choose any."""
    for run in list_runs(loaded):
        if run.service.expose is not None and run.service.instances == "sharded":
            yield Violation(
                run.path("expose"),
                "what is sharded is called by ordinal, and a route or balancer would send a request to any shard",
                "instances: sharded",
                "no expose",
                "expose the service that chooses the shard",
            )


def shard_ordinal_secrets(loaded: "Loaded") -> Iterator[Violation]:
    """`{ordinal}` in a secret's ref is the shard: only a sharded service has one, each reads its own file."""
    for run in list_runs(loaded):
        for name, secret in sorted(run.service.secrets.items()):
            if "{ordinal}" in secret.ref and run.service.instances == "sharded" and secret.mount is None:
                yield Violation(
                    run.path("secrets", name),
                    "one pod template serves all shards, so an environment variable cannot differ between them",
                    "no mount",
                    "mount: a folder, where each shard finds its own",
                )
            if "{ordinal}" in secret.ref and run.service.instances != "sharded":
                yield Violation(
                    run.path("secrets", name, "ref"),
                    "{ordinal} is the number of a shard, and this service is not sharded",
                    secret.ref,
                    "a ref without {ordinal}",
                    "or say `workload: stateful` with `instances: sharded`",
                )
