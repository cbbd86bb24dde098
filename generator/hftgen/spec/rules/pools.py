"""Pools: they are there, their machines are known, and their cloud can do what they ask."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.cluster import Cluster
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.pool import Pool
from hftgen.spec.rules.scope import Path, choose_pool, free_pools, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def run_in_known_pools(loaded: "Loaded") -> Iterator[Violation]:
    """A service's pool is one of every cluster it runs on; left out, the cluster has one pool without pinning."""
    for run in list_runs(loaded):
        yield from _check_pool(run.site, run.cluster, run.service.pool, run.path("pool"))


def place_datastores_in_known_pools(loaded: "Loaded") -> Iterator[Violation]:
    """A datastore placed in the cluster names a pool of every cluster, as a service does."""
    for name, datastore in sorted(loaded.environment.datastores.items()):
        if datastore.placement == "cluster":
            for cluster, site in sorted(loaded.environment.clusters.items()):
                yield from _check_pool(site, cluster, datastore.pool, ("datastores", name, "pool"))


def manage_datastores_in_clouds(loaded: "Loaded") -> Iterator[Violation]:
    """A managed datastore needs a cloud that runs it, on every cluster: metal and kind have none."""
    for name, datastore in sorted(loaded.environment.datastores.items()):
        for cluster, site in sorted(loaded.environment.clusters.items()):
            if datastore.placement == "managed" and site.cloud in ("metal", "kind"):
                yield Violation(
                    ("datastores", name, "placement"),
                    f"cluster {cluster} runs on {site.cloud}, where nobody manages databases",
                    "managed",
                    "cluster, or external with an address",
                )


def _check_pool(site: Cluster, cluster: str, wanted: str | None, path: Path) -> Iterator[Violation]:
    pools = site.pools
    if not pools or choose_pool(pools, wanted) is not None:
        return
    if wanted is not None:
        yield Violation(path, f"cluster {cluster} has no such pool", wanted, list_names(pools), suggest(wanted, pools))
        return
    free = free_pools(pools)
    why = "has several pools without pinning" if free else "has no pool without pinning"
    yield Violation(
        path,
        f"no pool is named, and cluster {cluster} {why}",
        list_names(free),
        f"pool: {' | '.join(sorted(free or pools))}",
    )


def find_hugepages(loaded: "Loaded") -> Iterator[Violation]:
    """Hugepages that a service asks for are set apart on its pool's nodes, by the same size."""
    for run in list_runs(loaded):
        if run.site.cloud == "kind" and run.service.hugepages:
            yield Violation(
                run.path("hugepages"),
                f"cluster {run.cluster} is a kind cluster, whose nodes have no hugepages: the pods would wait for ever",
                ", ".join(sorted(run.service.hugepages)),
                "no hugepages",
                loaded.tables.can("kind", "hugepages").instead,
            )
        elif run.pool is not None:
            has = run.pool.hugepages
            for size in sorted(set(run.service.hugepages) - set(has)):
                yield Violation(
                    run.path("hugepages", size),
                    f"pool {run.pool_name} of cluster {run.cluster} sets no hugepages of {size} apart",
                    size,
                    list_names(has),
                    f"clusters.{run.cluster}.pools.{run.pool_name}.hugepages: {{{size}: ...}}",
                )


def ask_clouds_for_the_possible(loaded: "Loaded") -> Iterator[Violation]:
    """A pool asks for nothing that its cloud cannot do (data/capabilities.yaml)."""
    for cluster, site, name, pool in list_pools(loaded):
        for field, setting, found in _list_settings(pool, loaded):
            capability = loaded.tables.can(site.cloud, setting)
            if capability.state == "impossible":
                yield Violation(
                    ("clusters", cluster, "pools", name, *field.split(".")),
                    f"no pool on {site.cloud} can have this",
                    found,
                    hint=capability.instead,
                )


def _list_settings(pool: Pool, loaded: "Loaded") -> Iterator[tuple[str, str, str]]:
    """What a pool asks of its cloud: field, the setting's name in the table, the value said."""
    machine = loaded.tables.machines.get(pool.machine)
    if pool.pinning == "static":
        yield "pinning", "pinning", pool.pinning
    if pool.reserved is not None:
        yield "reserved", "reserved", pool.reserved
    if pool.hugepages:
        yield (
            "hugepages",
            "hugepages",
            ", ".join(f"{size}: {amount}" for size, amount in sorted(pool.hugepages.items())),
        )
    if pool.placement is not None:
        yield "placement", f"placement-{pool.placement}", pool.placement
    if pool.smt is False and machine is not None and machine.threads == 2:
        yield "smt", "smtOff", "false"
    if pool.spot:
        yield "spot", "spot", "true"
    yield from _list_tuning(pool)


def _list_tuning(pool: Pool) -> Iterator[tuple[str, str, str]]:
    if pool.tuning.isolate:
        yield "tuning.isolate", "kernelArguments", "true"
    if pool.tuning.mitigations == "off":
        yield "tuning.mitigations", "kernelArguments", "off"


def list_pools(loaded: "Loaded") -> Iterator[tuple[str, Cluster, str, Pool]]:
    """Each pool of each cluster: cluster's name, cluster, pool's name, pool."""
    for cluster, site in sorted(loaded.environment.clusters.items()):
        for name, pool in sorted(site.pools.items()):
            yield cluster, site, name, pool
