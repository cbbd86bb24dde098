"""Managed datastores on Azure: sizes and versions that it offers, and how services log in to them.

Sizes by Learn, "Compute options in Azure Database for PostgreSQL flexible server" and "Azure Managed Redis pricing".
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.calls import ServiceCall
from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.nearest import list_names
from hftgen.spec.rules.scope import list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

GI = 2**30

POSTGRES_VERSIONS = ("13", "14", "15", "16", "17", "18")
# GiB of disks that Azure has.
DISKS = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32767)
# vCPUs of the general series, with 4 GiB each, and of the one with 8 GiB each.
GENERAL, MEMORY = (2, 4, 8, 16, 32, 48, 64, 96), (2, 4, 8, 16, 20, 32, 48, 64)
POSTGRES_SIZE = re.compile(r"((B_)?Standard_B|(GP_)?Standard_D|(MO_)?Standard_E)[0-9]+[A-Za-z0-9_]*")
TIERS = {"B": "B", "D": "GP", "E": "MO"}

# GiB of Azure Managed Redis by its balanced sizes.
REDIS = (0.5, 1, 3, 6, 12, 24, 60, 120, 180, 240, 360, 480, 720, 960)
REDIS_NAMES = (0, 1, 3, 5, 10, 20, 50, 100, 150, 250, 350, 500, 700, 1000)
REDIS_SIZE = re.compile(r"(Balanced_B|ComputeOptimized_X|MemoryOptimized_M|FlashOptimized_A)[0-9]+")
REDIS_VERSIONS = ("7", "7.4")
REDIS_PORT = 10000

# Azure keeps a database's backups so long at most.
BACKUP_DAYS = 35
DAY = 24 * 60 * 60


class Store(NamedTuple):
    """A managed datastore, and the first cluster on Azure that Terraform makes."""

    name: str
    store: ManagedDatastore
    cluster: str


def choose_disk(size: int) -> int | None:
    """The smallest disk, in GiB, that holds so many bytes; None where there is none."""
    return next((disk for disk in DISKS if disk * GI >= size), None)


def choose_server(store: ManagedDatastore) -> str | None:
    """The size of a postgres with its tier: what the spec says, else the least for CPUs and memory."""
    if store.machine is not None:
        plain = str(store.machine)
        return plain if not plain.startswith("Standard_") else f"{TIERS[plain[9]]}_{plain}"
    cpus, memory = _count(store)
    fits = [(count, 4, f"GP_Standard_D{count}ds_v5") for count in GENERAL if count >= cpus and count * 4 >= memory]
    fits += [(count, 8, f"MO_Standard_E{count}ds_v5") for count in MEMORY if count >= cpus and count * 8 >= memory]
    return min(fits)[2] if fits else None


def choose_cache(store: ManagedDatastore) -> str | None:
    """The size of a redis: what the spec says, else the least that holds the memory."""
    if store.machine is not None:
        return str(store.machine)
    memory = _count(store)[1] or 1
    sizes = zip(REDIS, REDIS_NAMES, strict=True)
    return next((f"Balanced_B{name}" for size, name in sizes if size >= memory), None)


def offer_datastores(loaded: "Loaded") -> Iterator[Violation]:
    """A managed datastore on Azure has a version and a size that Azure offers."""
    for item in _list_stores(loaded):
        yield from _judge_postgres(item) if item.store.engine == "postgres" else _judge_redis(item)


def keep_databases_no_longer(loaded: "Loaded") -> Iterator[Violation]:
    """Azure keeps backups of a managed database for 35 days at most."""
    recovery = loaded.environment.recovery
    if recovery is None or recovery.backups is None or recovery.backups.keep.seconds <= BACKUP_DAYS * DAY:
        return
    for item in _list_stores(loaded):
        if item.store.engine == "postgres":
            yield Violation(
                ("recovery", "backups", "keep"),
                f"Azure keeps backups of {item.name} (cluster {item.cluster}) for {BACKUP_DAYS} days at most",
                str(recovery.backups.keep),
                f"{BACKUP_DAYS * 24}h or less",
                f"or datastores.{item.name}.placement: cluster",
            )


def follow_no_burstable(loaded: "Loaded") -> Iterator[Violation]:
    """No copy follows a burstable postgres on Azure ("Read replicas", considerations)."""
    recovery, clusters = loaded.environment.recovery, loaded.environment.clusters.values()
    followed = recovery is not None and recovery.replication == "continuous"
    if not followed or not any(each.cloud == "azure" and each.role == "standby" for each in clusters):
        return
    for item in _list_stores(loaded):
        if item.store.engine == "postgres" and (choose_server(item.store) or "").startswith("B_"):
            yield Violation(
                ("datastores", item.name, "machine"),
                "a standby shall follow it, and Azure copies no burstable postgres",
                str(item.store.machine),
                "one such as Standard_D4ds_v5",
            )


def log_in_by_identity(loaded: "Loaded") -> Iterator[Violation]:
    """Who calls a managed redis on Azure has an identity: a password would lie in Terraform's state."""
    stores = {item.name for item in _list_stores(loaded) if item.store.engine == "redis"}
    for run in list_runs(loaded):
        called = sorted(stores & {str(call.service) for call in run.service.calls if isinstance(call, ServiceCall)})
        if run.site.cloud == "azure" and called and (run.service.identity is None or not run.service.identity.azure):
            yield Violation(
                run.path("identity"),
                f"{run.name} calls {list_names(called)}, which cluster {run.cluster} knows by Entra alone",
                "nothing",
                "identity: {azure: <client id>}",
                "an output of the root module shared; until it is known 00000000-0000-0000-0000-000000000000",
            )


def _list_stores(loaded: "Loaded") -> Iterator[Store]:
    environment = loaded.environment
    clusters = sorted(name for name, cluster in environment.clusters.items() if cluster.cloud == "azure")
    if environment.terraform is None or not clusters:
        return
    for name, store in sorted(environment.datastores.items()):
        if isinstance(store, ManagedDatastore):
            yield Store(str(name), store, str(clusters[0]))


def _count(store: ManagedDatastore) -> tuple[float, float]:
    """CPUs and GiB that are asked for; 0 where nothing is."""
    cpu = (store.cpu.request or store.cpu.limit) if store.cpu is not None else None
    memory = (store.memory.request or store.memory.limit) if store.memory is not None else None
    return (0 if cpu is None else cpu.nano / 10**9), (0 if memory is None else memory.bytes / GI)


def _judge_postgres(item: Store) -> Iterator[Violation]:
    path, where = ("datastores", item.name), f"Azure, where cluster {item.cluster} runs,"
    if item.store.version not in POSTGRES_VERSIONS:
        message = f"{where} offers major versions of postgres, and chooses the minor ones itself"
        yield Violation((*path, "version"), message, item.store.version, f"one of {', '.join(POSTGRES_VERSIONS)}")
    if item.store.storage is not None and choose_disk(item.store.storage.bytes) is None:
        message = f"{where} has no disk of this size for a database"
        yield Violation((*path, "storage"), message, str(item.store.storage), f"{DISKS[-1]}Gi or less")
    if item.store.port not in (None, 5432):
        yield Violation((*path, "port"), f"{where} lets a postgres answer on 5432 alone", str(item.store.port), "5432")
    if item.store.machine is not None and not POSTGRES_SIZE.fullmatch(item.store.machine):
        message = f"{where} has no such size for a postgres"
        yield Violation((*path, "machine"), message, item.store.machine, "one such as Standard_D4ds_v5")
    elif item.store.highAvailability and (choose_server(item.store) or "").startswith("B_"):
        message = f"{where} makes no burstable postgres highly available"
        yield Violation((*path, "machine"), message, str(item.store.machine), "one such as Standard_D4ds_v5")
    elif choose_server(item.store) is None:
        cpus, memory = _count(item.store)
        message = f"{where} has no postgres with {cpus:g} CPUs and {memory:g}Gi"
        yield Violation(path, message, "cpu and memory", f"at most {GENERAL[-1]} CPUs and {MEMORY[-1] * 8}Gi")


def _judge_redis(item: Store) -> Iterator[Violation]:
    path, where = ("datastores", item.name), f"Azure, where cluster {item.cluster} runs,"
    if item.store.version not in REDIS_VERSIONS:
        message = f"{where} runs one version of redis"
        yield Violation((*path, "version"), message, item.store.version, " or ".join(REDIS_VERSIONS))
    if item.store.port != REDIS_PORT:
        found = "6379, redis' usual one" if item.store.port is None else str(item.store.port)
        yield Violation((*path, "port"), f"{where} lets a redis answer on {REDIS_PORT}", found, f"port: {REDIS_PORT}")
    if item.store.machine is not None and not REDIS_SIZE.fullmatch(item.store.machine):
        message = f"{where} has no such size for a redis"
        yield Violation((*path, "machine"), message, item.store.machine, "one such as Balanced_B10")
    elif choose_cache(item.store) is None:
        message = f"{where} has no redis with so much memory"
        yield Violation((*path, "memory"), message, f"{_count(item.store)[1]:g}Gi", f"{REDIS[-1]:g}Gi or less")
