"""A parsed YAML value that knows where it stands."""

from collections.abc import Iterable
from typing import Any


class Node:
    """A mapping, a list or a scalar, with its place.

    `value` is dict[str, Node], list[Node] or str. A scalar keeps the text as it was written; `plain` says that it
    stood without quotes, so that `1.10` can be a text or a number as its field wants. Line and column count from 1;
    `key_line` and `key_column` are where its key stands when it is a mapping's value (else its own place).
    """

    __slots__ = ("column", "file", "key_column", "key_line", "line", "plain", "value")

    value: "dict[str, Node] | list[Node] | str"

    def __init__(
        self,
        value: "dict[str, Node] | list[Node] | str",
        file: str,
        line: int,
        column: int,
        *,
        plain: bool = False,
        key: tuple[int, int] | None = None,
    ) -> None:
        self.value = value
        self.file = file
        self.line = line
        self.column = column
        self.plain = plain
        self.key_line, self.key_column = key or (line, column)

    def is_null(self) -> bool:
        """Whether it is YAML 1.2 core's null, written without quotes."""
        return self.plain and self.value in NULLS


class Scalar(str):
    """A scalar on its way into a model: its text, and whether it was written without quotes."""

    __slots__ = ("plain",)

    plain: bool


NULLS = frozenset(("", "~", "null", "Null", "NULL"))


def to_plain(node: Node) -> Any:
    """The value that pydantic reads: dict, list, Scalar."""
    value = node.value
    if isinstance(value, dict):
        return {key: to_plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [to_plain(child) for child in value]
    scalar = Scalar(value)
    scalar.plain = node.plain
    return scalar


def find(node: Node, path: Iterable[str | int]) -> Node:
    """The deepest node on the path. Parts that do not exist are passed over (pydantic names union branches in them)."""
    for part in path:
        value = node.value
        if isinstance(value, dict) and part in value:  # noqa: SIM114 - types are told apart branch by branch
            node = value[part]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            node = value[part]
    return node
