"""How a VPC of Google Cloud is divided, and how many addresses GKE takes for a node: one count for rules and facts."""

from ipaddress import IPv4Network
from typing import NamedTuple

from hftgen.spec.cluster import Cluster
from hftgen.spec.rules.nodes import count_pods
from hftgen.spec.rules.shapes import shape_node
from hftgen.tables import Tables

# The control plane's private endpoint takes a /28, no more and no less.
CONTROL = 28

# Google takes addresses of managed databases from a range of /24 or larger.
MANAGED = 24

# Proxies of internal load balancers take a range of /26 at least, and have no use for more than a /23.
PROXIES, MOST_PROXIES = 26, 23

# The smallest VPC: machines get its first half, the control plane the end of the other.
SMALLEST = 26
SMALLEST_MANAGED = MANAGED - 2
SMALLEST_PROXIED = PROXIES - 3

# Addresses of a subnet that Google keeps.
KEPT = 4


class Ranges(NamedTuple):
    """A VPC's parts; `managed` and `proxies` are None where it is too small for one."""

    nodes: IPv4Network
    managed: IPv4Network | None
    proxies: IPv4Network | None
    control: IPv4Network


def divide(vpc: IPv4Network) -> Ranges:
    """The first half is the machines', the third quarter managed databases', the fourth for proxies and control plane.

    Proxies of internal load balancers have its beginning, the control plane its end. The VPC has 64
    addresses at least (SMALLEST).
    """
    first, second = vpc.subnets(prefixlen_diff=1)
    third, fourth = second.subnets(prefixlen_diff=1)
    proxies = next(fourth.subnets(new_prefix=max(fourth.prefixlen + 1, MOST_PROXIES)))
    return Ranges(
        first,
        third if vpc.prefixlen <= SMALLEST_MANAGED else None,
        proxies if vpc.prefixlen <= SMALLEST_PROXIED else None,
        IPv4Network((int(vpc.broadcast_address) + 1 - (1 << (32 - CONTROL)), CONTROL)),
    )


def count_machines(vpc: IPv4Network) -> int:
    """The machines that such a VPC has addresses for."""
    return divide(vpc).nodes.num_addresses - KEPT


def count_addresses(site: Cluster, tables: Tables) -> tuple[int, int]:
    """How many nodes the pools may grow to, and how many addresses their pods take.

    A pool that is replaced stands beside its successor, and one that is upgraded has a node more: the largest counts
    twice. A node gets twice as many addresses as it takes pods, rounded up to a power of two.
    """
    pools = [(pool.max, _count_block(site, name, tables)) for name, pool in site.pools.items()]
    twice = max(pools, key=lambda each: each[0] * each[1], default=(0, 0))
    every = [*pools, twice]
    return sum(nodes for nodes, _ in every), sum(nodes * block for nodes, block in every)


def _count_block(site: Cluster, name: str, tables: Tables) -> int:
    shape = shape_node(site, site.pools[name], tables)
    return 1 << (2 * count_pods(shape) - 1).bit_length() if shape is not None else 256
