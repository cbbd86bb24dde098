"""Packs pods into nodes: first fit, the largest first.

A heuristic bound: what it packs does fit, what it leaves over might still fit in a cleverer order. Equal pods and
equal rooms are counted, not listed, so that a replica count of 10^9 costs as much as one of 2.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Amounts = Mapping[str, int]
"""Of each resource: `cpu` in thousandths, `memory` and `hugepages-1Gi` in bytes."""

MOST_NODES = 1000


class Crowd(NamedTuple):
    """`many` equal pods of one owner, each asking for `needs`."""

    owner: str
    many: int
    needs: Amounts


class Rooms(NamedTuple):
    """`many` equal rooms: a node, or a NUMA node of a pinned pool."""

    many: int
    space: Amounts


def pack(crowds: Iterable[Crowd], rooms: Iterable[Rooms]) -> tuple[Crowd, ...]:
    """The pods that find no room, in the order tried."""
    runs = [room for room in rooms if room.many > 0]
    largest = runs[0].space if runs else {}
    left = []
    for crowd in sorted(crowds, key=lambda crowd: (-_share(crowd.needs, largest), crowd.owner)):
        runs, rest = _place(crowd, runs)
        if rest:
            left.append(crowd._replace(many=rest))
    return tuple(left)


def count_nodes(crowds: Sequence[Crowd], rooms: Sequence[Rooms]) -> int | None:
    """The fewest nodes that hold all pods, where `rooms` is one node; None if no number up to 1000 does."""
    low, high = 0, MOST_NODES
    if pack(crowds, multiply(rooms, high)):
        return None
    while low < high:
        middle = (low + high) // 2
        if pack(crowds, multiply(rooms, middle)):
            low = middle + 1
        else:
            high = middle
    return low


def multiply(rooms: Iterable[Rooms], nodes: int) -> list[Rooms]:
    """The rooms of so many equal nodes."""
    return [Rooms(room.many * nodes, room.space) for room in rooms]


def _share(needs: Amounts, space: Amounts) -> float:
    """How much of a room a pod takes of what it takes most of."""
    return max((amount / max(space.get(name, 0), 1) for name, amount in needs.items()), default=0.0)


def _place(crowd: Crowd, runs: Iterable[Rooms]) -> tuple[list[Rooms], int]:
    """The rooms after a crowd has moved in, and how many of it had to stay outside."""
    after: list[Rooms] = []
    waiting = crowd.many
    for run in runs:
        each = _fit(crowd.needs, run.space, waiting)
        full = min(run.many, waiting // each) if each else 0
        after.append(Rooms(full, _shrink(run.space, crowd.needs, each)))
        waiting -= full * each
        last = min(waiting, each) if full < run.many else 0
        after.append(Rooms(1 if last else 0, _shrink(run.space, crowd.needs, last)))
        waiting -= last
        after.append(Rooms(run.many - full - (1 if last else 0), run.space))
    return [run for run in after if run.many], waiting


def _fit(needs: Amounts, space: Amounts, most: int) -> int:
    """How many such pods one room takes."""
    return min([most, *(space.get(name, 0) // amount for name, amount in needs.items() if amount > 0)])


def _shrink(space: Amounts, needs: Amounts, count: int) -> Amounts:
    return {name: amount - count * needs.get(name, 0) for name, amount in space.items()}
