"""How a VPC is divided: a block for each letter of a zone, so that a zone more or less moves none of the others.

A block of eight parts: six for the machines of zones a to f, one for databases, one for public subnets, each of these
again in eight by zone. The range of the pods is divided in eight, too. No region of AWS has more zones for everybody.
"""

from ipaddress import IPv4Network
from typing import NamedTuple

from hftgen.spec.network import Network

LETTERS = "abcdef"
DATABASES, PUBLIC = 6, 7

# Bits that one division takes, and the smallest subnet that AWS makes.
BITS = 3
SMALLEST = 28

# The largest prefix lengths that can be divided so.
LARGEST_VPC = SMALLEST - 2 * BITS
LARGEST_PODS = SMALLEST - BITS


class Subnets(NamedTuple):
    """The subnets of one zone; `pods` is None where pods have no range of their own."""

    machines: IPv4Network
    pods: IPv4Network | None
    databases: IPv4Network
    public: IPv4Network


def divide(network: Network, zone: str) -> Subnets:
    """The subnets of a zone whose name ends in one of LETTERS; the ranges are IPv4 and wide enough."""
    if network.vpc is None:
        raise ValueError("the network has no vpc")
    index = LETTERS.index(zone[-1])
    parts = _split(IPv4Network(str(network.vpc)))
    pods = None if network.pods is None else _split(IPv4Network(str(network.pods)))[index]
    return Subnets(parts[index], pods, _split(parts[DATABASES])[index], _split(parts[PUBLIC])[index])


def _split(network: IPv4Network) -> list[IPv4Network]:
    return list(network.subnets(prefixlen_diff=BITS))
