"""The error for a value that no file can hold, and the search for the part that causes it."""

from collections.abc import Callable, Iterable
from typing import Any

MAX_DEPTH = 100

Path = tuple[str | int, ...]


class UnwritableError(ValueError):
    """A value that no YAML or JSON file can hold: why, and its path from the value that was to be written."""

    def __init__(self, message: str, path: Path = ()) -> None:
        self.message, self.path = message, path
        super().__init__(message)


def locate(value: Any, write: Callable[[Any], object]) -> Path:
    """The path of the smallest part of `value` for which `write` raises a ValueError, at most MAX_DEPTH long."""
    path: Path = ()
    while len(path) < MAX_DEPTH and (step := _find_bad(value, write)) is not None:
        path = (*path, step)
        value = value[step]
    return path


def _find_bad(value: Any, write: Callable[[Any], object]) -> str | int | None:
    children: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        children = ((key, child) for key, child in value.items() if isinstance(key, str) and not key.startswith("#"))
    elif isinstance(value, list):
        children = enumerate(value)
    return next((step for step, child in children if _fails(write, child)), None)


def _fails(write: Callable[[Any], object], value: Any) -> bool:
    try:
        write(value)
    except ValueError:
        return True
    return False
