"""Sizes of RDS and ElastiCache: what a managed datastore gets whose spec says CPUs and memory, and no machine."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hftgen.spec.datastore import ManagedDatastore

GI = 2**30


class Size(NamedTuple):
    """A size: CPUs, and GiB of memory that the engine has."""

    machine: str
    cpus: int
    memory: float


# Graviton, as AWS documents them. A burstable one is for development: its speed ends with its credits.
BURSTABLE = {
    "postgres": (
        Size("db.t4g.micro", 2, 1),
        Size("db.t4g.small", 2, 2),
        Size("db.t4g.medium", 2, 4),
        Size("db.t4g.large", 2, 8),
    ),
    "redis": (
        Size("cache.t4g.micro", 2, 0.5),
        Size("cache.t4g.small", 2, 1.37),
        Size("cache.t4g.medium", 2, 3.09),
    ),
}
STEPS = {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32, "12xlarge": 48, "16xlarge": 64}
MEMORY: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "postgres": {
        "db.m7g": (8, 16, 32, 64, 128, 192, 256),
        "db.r7g": (16, 32, 64, 128, 256, 384, 512),
    },
    "redis": {
        "cache.m7g": (6.38, 12.93, 26.04, 52.26, 103.68, 157.12, 209.55),
        "cache.r7g": (13.07, 26.32, 52.82, 105.81, 209.55, 317.77, 419.09),
    },
}


def choose_size(store: ManagedDatastore, *, is_small: bool) -> str | None:
    """The smallest size with the CPUs and the memory that are asked for; None where none has them.

    `is_small` lets a burstable one do. Where nothing is asked for, it is the smallest of all.
    """
    cpu = (store.cpu.request or store.cpu.limit) if store.cpu is not None else None
    memory = (store.memory.request or store.memory.limit) if store.memory is not None else None
    cpus, amount = (cpu.nano / 10**9 if cpu else 0), (memory.bytes / GI if memory else 0)
    sizes = _list_sizes(store.engine, is_small=is_small)
    fitting = [size for size in sizes if size.cpus >= cpus and size.memory >= amount]
    return min(fitting, key=lambda size: (size.cpus, size.memory)).machine if fitting else None


def _list_sizes(engine: str, *, is_small: bool) -> Iterator[Size]:
    yield from BURSTABLE[engine] if is_small else ()
    for family, amounts in MEMORY[engine].items():
        for (step, cpus), memory in zip(STEPS.items(), amounts, strict=True):
            yield Size(f"{family}.{step}", cpus, memory)
