"""What an engine is: outputs and their data in, a value for each output out."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from hftgen.errors import Problem
from hftgen.render.outputs import Output, Scope

Note = Callable[[str, str], None]
"""Told before something is evaluated what it is: the template's label, and the subject."""

Path = tuple[str | int, ...]
Place = Callable[[Path], tuple[str, int, int]]
"""File, line and column of a field of the spec, by its path."""


class Failure(NamedTuple):
    """Stands in the place of a value: why there is none."""

    problem: Problem


class Engine(Protocol):
    """Evaluates templates of its kinds. Never raises for what a template does; dies or hangs if a template makes it."""

    def evaluate(self, outputs: Sequence[Output], scope: Scope, note: Note | None = None) -> list[Any]:
        """The value of each output in their order, or its Failure. With `note` each output alone, announced before."""
