"""Managed datastores on Google Cloud: what Cloud SQL and Memorystore have, by one reading for rules and facts."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.rules.gcp import list_clusters
from hftgen.spec.rules.nodes import GI, MI
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# Cloud SQL's engines; a minor version is Google's to choose.
POSTGRES = {"9.6": "POSTGRES_9_6", **{str(major): f"POSTGRES_{major}" for major in range(10, 19)}}

REDIS = {
    "4": "REDIS_4_0", "4.0": "REDIS_4_0", "5": "REDIS_5_0", "5.0": "REDIS_5_0", "6": "REDIS_6_X", "6.x": "REDIS_6_X",
    "7": "REDIS_7_2", "7.0": "REDIS_7_0", "7.2": "REDIS_7_2",
}  # fmt: skip

# Those of N1 are MySQL's alone.
TIER = re.compile(r"db-(custom-[0-9]+-[0-9]+|perf-optimized-N-[0-9]+|c4a-[a-z]+-[0-9]+|f1-micro|g1-small)")
HYPERDISK = "db-c4a-"
PLUS = ("db-perf-optimized-", HYPERDISK)

# Ports: Memorystore's second one speaks TLS.
PORT, TLS_PORT = 6379, 6378
PORTS = {"postgres": (5432,), "redis": (PORT, TLS_PORT)}

# Where the spec says neither a machine nor amounts.
USUAL_CPUS, USUAL_MEMORY, USUAL_CACHE = 2, 8 * GI, 1 * GI

# A custom machine of Cloud SQL: up to 96 CPUs, one or an even number; memory in steps, with bounds for each CPU.
MOST_CPUS = 96
STEP, LEAST_MEMORY = 256 * MI, 3840 * MI
EACH = (9 * GI // 10, 65 * GI // 10)

# What a disk and a cache may have.
MOST_STORAGE, MOST_CACHE = 64 * 2**40, 300 * GI


def run_what_google_has(loaded: "Loaded") -> Iterator[Violation]:
    """A managed datastore on Google Cloud has a version, size, disk and port that Cloud SQL or Memorystore has."""
    clusters = [str(path[1]) for path, _ in list_clusters(loaded)]
    for name, store in sorted(loaded.environment.datastores.items()):
        if isinstance(store, ManagedDatastore) and clusters:
            service = "Cloud SQL" if store.engine == "postgres" else "Memorystore"
            for field, message, found, expected in _judge(store):
                why = f"{message} (cluster {clusters[0]})"
                yield Violation(("datastores", name, field), f"{service} {why}", found, expected)


def count_cpus(store: ManagedDatastore) -> int:
    """The CPUs of a database without a machine."""
    said = None if store.cpu is None else store.cpu.request or store.cpu.limit
    return USUAL_CPUS if said is None else -(-said.millicores // 1000)


def count_memory(store: ManagedDatastore) -> int:
    """The bytes of a datastore without a machine, in the steps that its service has."""
    usual, step = (USUAL_MEMORY, STEP) if store.engine == "postgres" else (USUAL_CACHE, GI)
    said = None if store.memory is None else store.memory.request or store.memory.limit
    if said is None and store.engine == "postgres" and store.cpu is not None:
        return max(4 * GI * count_cpus(store), LEAST_MEMORY)
    return -(-(usual if said is None else said.bytes) // step) * step


def _judge(store: ManagedDatastore) -> Iterator[tuple[str, str, str, str]]:
    """Field, message, found, expected."""
    versions = POSTGRES if store.engine == "postgres" else REDIS
    if store.version not in versions:
        yield "version", "has no such version", visible(store.version), ", ".join(versions)
    ports = PORTS[store.engine]
    if store.port is not None and store.port not in ports:
        yield "port", "answers on a port of its own", str(store.port), " or ".join(map(str, ports))
    yield from _judge_database(store) if store.engine == "postgres" else _judge_cache(store)


def _judge_database(store: ManagedDatastore) -> Iterator[tuple[str, str, str, str]]:
    if store.storage is not None and store.storage.bytes > MOST_STORAGE:
        yield "storage", "has no such disk", str(store.storage), "64Ti at most"
    if store.machine is not None:
        if not TIER.fullmatch(store.machine):
            yield "machine", "has no such machine", visible(store.machine), "a tier such as db-custom-4-16384"
        return
    cpus, memory = count_cpus(store), count_memory(store)
    if cpus > MOST_CPUS or (cpus > 1 and cpus % 2):
        yield "cpu", "has machines of one CPU or an even number", str(cpus), f"1, or 2 to {MOST_CPUS} and even"
    elif memory < max(LEAST_MEMORY, EACH[0] * cpus) or memory > EACH[1] * cpus:
        least, most = max(LEAST_MEMORY, EACH[0] * cpus) / GI, EACH[1] * cpus / GI
        found = f"{memory / GI:g}Gi for {cpus} CPUs"
        yield (
            "memory" if store.memory is not None else "cpu",
            "has no machine of such proportions",
            found,
            (f"{least:g}Gi to {most:g}Gi"),
        )


def _judge_cache(store: ManagedDatastore) -> Iterator[tuple[str, str, str, str]]:
    if store.machine is not None:
        yield "machine", "has no machines to choose", visible(store.machine), "memory: an amount such as 4Gi"
    if store.cpu is not None:
        yield "cpu", "has no CPUs to choose", str(count_cpus(store)), "memory alone"
    if count_memory(store) > MOST_CACHE:
        yield "memory", "has no such instance", f"{count_memory(store) // GI}Gi", "300Gi at most"
