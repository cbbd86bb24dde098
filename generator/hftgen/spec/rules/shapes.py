"""A pool's node in numbers: from the machine table, else from the pool. That both agree is a rule of its own."""

from hftgen.spec.cluster import Cluster
from hftgen.spec.pool import Pool
from hftgen.spec.rules.nodes import Shape
from hftgen.tables import Tables


def shape_node(site: Cluster, pool: Pool, tables: Tables) -> Shape | None:
    """The node; None where neither the pool nor the table says its CPUs and memory."""
    machine = tables.machines.get(pool.machine)
    cpus, memory = pool.cpus, pool.memory.bytes if pool.memory else None
    threads = 2 if pool.smt else 1
    if machine is not None:
        threads = 1 if pool.smt is False else machine.threads
        cpus = machine.cpus * threads // machine.threads
        memory = machine.memory
    if cpus is None or memory is None:
        return None
    return Shape(
        site.cloud,
        cpus,
        memory,
        numa=(machine.numa or 1) if machine else 1,
        threads=threads,
        pods=machine.pods if machine else 0,
        hugepages={str(size): amount.bytes for size, amount in pool.hugepages.items()},
        reserved=pool.reserved.cpus if pool.reserved else None,
        pinned=pool.pinning == "static",
    )
