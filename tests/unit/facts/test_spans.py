"""Spans of minutes, and what clocks show in them."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hftgen.calendars import EPOCH, load_zone
from hftgen.facts.clock import Clock
from hftgen.facts.spans import Span, clip, find_hull, measure, subtract, unite

SPANS = st.lists(st.builds(lambda begin, length: Span(begin, begin + length), st.integers(0, 60), st.integers(0, 9)))


def _minutes(spans: list[Span]) -> set[int]:
    return {minute for span in spans for minute in range(span.begin, span.end)}


@given(SPANS, SPANS)
def test_they_are_sets_of_minutes(first: list[Span], second: list[Span]) -> None:
    """United, subtracted, clipped and measured as sets would be; what comes out is apart and in order."""
    assert _minutes(unite(first)) == _minutes(first)
    assert _minutes(subtract(first, second)) == _minutes(first) - _minutes(second)
    assert measure(first) == len(_minutes(first))
    for spans in (unite(first), subtract(first, second)):
        assert all(one.begin < one.end for one in spans)
        assert all(one.end < other.begin for one, other in itertools.pairwise(spans))
    bounds = Span(10, 40)
    assert _minutes(clip(first, bounds)) == _minutes(first) & set(range(10, 40))
    if first:
        assert find_hull(first) == (min(one.begin for one in first), max(one.end for one in first))


def _count(*when: int) -> int:
    return (datetime(*when, tzinfo=UTC) - EPOCH) // timedelta(minutes=1)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("moments", "readings"),
    [
        # A usual hour; two hours around the change in spring; the hour that autumn has twice.
        (((2026, 3, 7, 6), (2026, 3, 7, 7)), ((2026, 3, 7, 1), (2026, 3, 7, 2))),
        (((2026, 3, 8, 6), (2026, 3, 8, 8)), ((2026, 3, 8, 1), (2026, 3, 8, 4))),
        (((2026, 11, 1, 5, 30), (2026, 11, 1, 6, 15)), ((2026, 11, 1, 1), (2026, 11, 1, 2))),
    ],
)
def test_what_a_clock_shows(moments: tuple[tuple[int, ...], ...], readings: tuple[tuple[int, ...], ...]) -> None:
    """From the earliest reading to the latest, New York's clock jumping or repeating itself in between."""
    span = Span(_count(*moments[0]), _count(*moments[1]))
    clock = Clock(load_zone("America/New_York"), span)
    assert clock.show(span) == (_count(*readings[0]), _count(*readings[1]))


def test_when_a_clock_shows_it() -> None:
    """A reading that is repeated has two moments, one that is left out has none."""
    day = Span(_count(2026, 11, 1), _count(2026, 11, 2))
    clock = Clock(load_zone("America/New_York"), day)
    twice = clock.find(Span(_count(2026, 11, 1, 1), _count(2026, 11, 1, 2)))
    assert twice == [
        (_count(2026, 11, 1, 5), _count(2026, 11, 1, 6)),
        (_count(2026, 11, 1, 6), _count(2026, 11, 1, 7)),
    ]
    spring = Clock(load_zone("America/New_York"), Span(_count(2026, 3, 8), _count(2026, 3, 9)))
    assert spring.find(Span(_count(2026, 3, 8, 2), _count(2026, 3, 8, 3))) == []
