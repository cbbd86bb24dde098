"""Disks: the machines of a pool take the class, and nodes do not share what one node holds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.cluster import Cluster
from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.rules.scope import Path, choose_pool, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible
from hftgen.spec.volume import Claim

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

OURS = ("fast", "standard")
SHARED = ("ReadWriteMany", "ReadOnlyMany")
VOLUME_CLASS, DATASTORE_CLASS = "standard", "fast"


class Wish(NamedTuple):
    """A disk that is asked for: by which field, where, of which class, on which machine."""

    path: Path
    cluster: str
    site: Cluster
    wanted: str
    machine: str | None
    said: bool


def _list_wishes(loaded: "Loaded") -> Iterator[Wish]:
    for run in list_runs(loaded):
        machine = str(run.pool.machine) if run.pool is not None else None
        for key, claim in sorted(run.service.volumes.items()):
            if isinstance(claim, Claim):
                path, said = run.path("volumes", key), claim.class_
                yield Wish(path, run.cluster, run.site, said or VOLUME_CLASS, machine, said is not None)
    for name, store in sorted(loaded.environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and store.storage is not None:
            for cluster, site in sorted(loaded.environment.clusters.items()):
                pool = choose_pool(site.pools, store.pool)
                machine = str(site.pools[pool].machine) if pool is not None else None
                wanted, path = store.class_ or DATASTORE_CLASS, ("datastores", name)
                yield Wish(path, cluster, site, wanted, machine, store.class_ is not None)


def have_the_class(loaded: "Loaded") -> Iterator[Violation]:
    """A volume's class `fast` or `standard` exists for the machines of its pool: others cannot attach such a disk."""
    for wish in _list_wishes(loaded):
        disk = loaded.tables.find_disk(wish.site.cloud, wish.wanted, wish.machine)
        if wish.wanted in OURS and disk is None:
            yield Violation(
                (*wish.path, "class") if wish.said else wish.path,
                f"{visible(wish.machine or wish.site.cloud)} on cluster {wish.cluster}, where it runs, takes no disk "
                f"of class {wish.wanted}",
                wish.wanted,
                _list_classes(loaded, wish),
                "or another machine for the pool; the classes are in data/storage.yaml",
            )


def _list_classes(loaded: "Loaded", wish: Wish) -> str:
    known = [name for name in OURS if loaded.tables.find_disk(wish.site.cloud, name, wish.machine) is not None]
    return " or ".join([*(f"class: {name}" for name in known), "a StorageClass of the cluster"])


def share_no_disk(loaded: "Loaded") -> Iterator[Violation]:
    """A disk of class `fast` or `standard` is one node's: no cloud lets pods of two nodes write to it."""
    for run in list_runs(loaded):
        for key, claim in sorted(run.service.volumes.items()):
            if isinstance(claim, Claim) and claim.access in SHARED and (claim.class_ or VOLUME_CLASS) in OURS:
                yield Violation(
                    run.path("volumes", key, "access"),
                    f"a disk of class {claim.class_ or VOLUME_CLASS} is held by one node at a time",
                    claim.access,
                    "ReadWriteOnce, or ReadWriteOncePod",
                    "for a file system that nodes share, say `class:` with a StorageClass of the cluster for it",
                )
