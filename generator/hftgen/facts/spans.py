"""Spans of time on one axis, in whole minutes; whoever uses them says which clock the axis is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """From `begin` to `end`; the end does not belong to it."""

    begin: int
    end: int

    @property
    def length(self) -> int:
        """Its minutes."""
        return self.end - self.begin

    def holds(self, other: "Span") -> bool:
        """Whether the other lies inside."""
        return self.begin <= other.begin and other.end <= self.end


def unite(spans: Iterable[Span]) -> list[Span]:
    """The same minutes in spans that are apart and in order; empty ones are dropped."""
    united: list[Span] = []
    for span in sorted(span for span in spans if span.length > 0):
        if united and span.begin <= united[-1].end:
            united[-1] = Span(united[-1].begin, max(united[-1].end, span.end))
        else:
            united.append(span)
    return united


def subtract(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The minutes of `spans` that are in none of `others`."""
    left: list[Span] = []
    cuts = unite(others)
    index = 0
    for span in unite(spans):
        begin = span.begin
        while index < len(cuts) and cuts[index].end <= begin:
            index += 1
        for cut in cuts[index:]:
            if cut.begin >= span.end:
                break
            left.append(Span(begin, cut.begin))
            begin = max(begin, cut.end)
        left.append(Span(begin, span.end))
    return [span for span in left if span.length > 0]


def clip(spans: Iterable[Span], bounds: Span) -> list[Span]:
    """What of each span lies within bounds."""
    clipped = (Span(max(span.begin, bounds.begin), min(span.end, bounds.end)) for span in spans)
    return [span for span in clipped if span.length > 0]


def find_hull(spans: Sequence[Span]) -> Span:
    """From the first beginning to the last end; there must be a span."""
    return Span(min(span.begin for span in spans), max(span.end for span in spans))


def measure(spans: Iterable[Span]) -> int:
    """The minutes that any of them holds."""
    return sum(span.length for span in unite(spans))
