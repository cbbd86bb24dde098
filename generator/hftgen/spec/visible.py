"""Untrusted text as a message may show it: short, on one line, without control characters."""

import json
from collections.abc import Iterable, Iterator

from hftgen.spec.nearest import list_names
from hftgen.spec.node import Node

SHOWN = 60
"""How many characters of a value a message shows."""


def visible(text: str, most: int = SHOWN) -> str:
    """The text, shortened to `most` characters; those that a terminal would not show as themselves are escaped."""
    shown = text if len(text) <= most else f"{text[:most]}..."
    if shown.isprintable():
        return shown
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in shown)


def visible_path(path: Iterable[str | int]) -> Iterator[str | int]:
    """A path whose keys are safe to show."""
    return (visible(part) if isinstance(part, str) else part for part in path)


def one_of(names: Iterable[str]) -> str:
    """Known names as what is expected."""
    known = [visible(name) for name in names]
    return f"one of {list_names(known, 60)}" if len(known) > 1 else "".join(known)


def describe_value(node: Node) -> str:
    """What stands at a node: a scalar as it was written, the shape of a mapping or list."""
    value = node.value
    if isinstance(value, str):
        if node.is_null():
            return "null"
        return visible(value) if node.plain else f'"{visible(value)}"'
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if not value:
        return "an empty mapping"
    names = ", ".join(visible(key) for key in list(value)[:4])
    return f"a mapping with {names}{', ...' if len(value) > 4 else ''}"
