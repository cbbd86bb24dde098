"""What the clocks of a time zone show, and when.

A moment is a minute since 1970 in UTC. What a clock shows at it is the same count, read off the wall: where clocks are
set back, one reading stands for two moments, and where they are set forward, some readings are never seen.
"""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from zoneinfo import ZoneInfo

from hftgen.calendars import EPOCH
from hftgen.facts.spans import Span

DAY = 24 * 60
AROUND = 30 * DAY


class Clock:
    """The clock of one zone over a span of moments, and a month more on both sides."""

    def __init__(self, zone: ZoneInfo, moments: Span) -> None:
        self._zone = zone
        first, last = moments.begin - AROUND, moments.end + AROUND
        starts = [first, *self._find_changes(first, last)]
        ends = [*starts[1:], last]
        self._pieces = [(Span(*piece), self._offset(piece[0])) for piece in zip(starts, ends, strict=True)]
        self._begins = starts
        offsets = [offset for _, offset in self._pieces]
        self._least, self._most = min(offsets), max(offsets)

    def show(self, moments: Span) -> Span:
        """The readings from the earliest to the latest that are seen in the span."""
        seen = [
            (max(piece.begin, moments.begin) + offset, min(piece.end, moments.end) + offset)
            for piece, offset in self._pieces
            if piece.begin < moments.end and moments.begin < piece.end
        ]
        return Span(min(begin for begin, _ in seen), max(end for _, end in seen))

    def find(self, readings: Span) -> list[Span]:
        """The moments at which the clock shows a reading of the span."""
        first = max(bisect_right(self._begins, readings.begin - self._most) - 1, 0)
        last = bisect_left(self._begins, readings.end - self._least)
        found = (
            Span(max(piece.begin, readings.begin - offset), min(piece.end, readings.end - offset))
            for piece, offset in self._pieces[first:last]
        )
        return [span for span in found if span.length > 0]

    def _find_changes(self, first: int, last: int) -> list[int]:
        """The moments at which the clock is set, to the minute; no zone sets it twice a day."""
        changes = []
        for day in range(first, last, DAY):
            low, high = day, min(day + DAY, last)
            before = self._offset(low)
            if self._offset(high) == before:
                continue
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._offset(middle) == before else (low, middle)
            changes.append(high)
        return changes

    def _offset(self, moment: int) -> int:
        """How far the clock is ahead of UTC, in minutes."""
        shown = (EPOCH + timedelta(minutes=moment)).astimezone(self._zone).utcoffset()
        return int(shown.total_seconds()) // 60 if shown is not None else 0
