"""Managed datastores on AWS: versions, machines, sizes and ports that RDS and ElastiCache have."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.rules.aws import list_clusters
from hftgen.spec.rules.aws_sizes import choose_size
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

GI = 2**30
LARGEST_DISK = 65536 * GI

VERSIONS = {
    "postgres": (re.compile(r"1[3-8](\.[0-9]+)?"), "RDS has Postgres 13 to 18", "a version such as 16 or 16.4"),
    "redis": (re.compile(r"6|6\.2|7|7\.0|7\.1"), "ElastiCache has Redis 6.2, 7.0 and 7.1", "6.2, 7.0 or 7.1"),
}
MACHINES = {
    "postgres": (re.compile(r"db\.[a-z0-9]+\.[a-z0-9]+"), "RDS", "a machine such as db.m7g.large"),
    "redis": (re.compile(r"cache\.[a-z0-9]+\.[a-z0-9]+"), "ElastiCache", "a machine such as cache.m7g.large"),
}

# RDS listens from here on; ElastiCache from 1024.
LOWEST_PORTS = {"postgres": 1150, "redis": 1024}


def run_what_aws_has(loaded: "Loaded") -> Iterator[Violation]:
    """A managed datastore on AWS has a version, a machine, a size, a disk and a port that the service has."""
    if not list(list_clusters(loaded)):
        return
    for name, store in sorted(loaded.environment.datastores.items()):
        if isinstance(store, ManagedDatastore):
            for field, message, found, expected in (
                *_check_version(store),
                *_check_size(loaded, store),
                *_check_disk(store),
            ):
                yield Violation(("datastores", name, field), message, found, expected)


Fault = tuple[str, str, str, str]


def _check_version(store: ManagedDatastore) -> Iterator[Fault]:
    form, message, expected = VERSIONS[store.engine]
    if not form.fullmatch(store.version):
        yield "version", message, str(store.version), expected
    lowest = LOWEST_PORTS[store.engine]
    if store.port is not None and store.port < lowest:
        yield "port", "is one that the service does not take", str(store.port), f"{lowest} or more"


def _check_size(loaded: "Loaded", store: ManagedDatastore) -> Iterator[Fault]:
    form, service, expected = MACHINES[store.engine]
    if store.machine is not None and not form.fullmatch(store.machine):
        yield "machine", f"{service} has no such machine", visible(store.machine), expected
    small = loaded.environment.tier == "development"
    if store.machine is None and choose_size(store, is_small=small) is None:
        asked = ("memory", store.memory) if store.memory is not None else ("cpu", store.cpu)
        found = str((asked[1].request or asked[1].limit) if asked[1] is not None else "")
        yield asked[0], f"no size of {service} that is known here has so much", found, f"less, or {expected}"


def _check_disk(store: ManagedDatastore) -> Iterator[Fault]:
    if store.engine == "postgres" and store.storage is not None and store.storage.bytes > LARGEST_DISK:
        yield "storage", "a disk of RDS has 64 TiB at most", str(store.storage), "64Ti or less"
