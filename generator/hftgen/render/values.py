"""JSON text from an engine as values, the same values from either engine."""

import json
from typing import Any

_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_INTEGERS = 1 << 63
_EXACT = 1 << 53


def parse_value(text: str) -> Any:
    """The value of JSON text.

    Whole numbers are int, those that no 64 bits hold float, whether the engine wrote `1e20`, `100000000000000000000`
    or `1.0`. Raises ValueError for infinity and NaN, which JSON does not have, and for nesting that is too deep.
    """
    try:
        return json.loads(text, parse_int=parse_int, parse_float=parse_float, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("the value is nested too deeply") from None


def parse_int(text: str) -> int | float:
    """An integer, as a float if a 64-bit reader could not hold it."""
    if len(text) < 19:
        return int(text)
    value = int(text) if len(text) < 40 else float(text)
    return value if abs(value) < _INTEGERS else float(text)


def parse_float(text: str) -> int | float:
    """A number, as an integer if it is a whole one that 64 bits hold."""
    value = float(text)
    return int(value) if abs(value) < _INTEGERS and value.is_integer() else value


def find_inexact(value: Any, path: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """The path of the first integer that Jsonnet's numbers, which are doubles, would round; None if there is none."""
    if isinstance(value, dict):
        children: Any = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    else:
        return path if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT else None
    return next((found for key, child in children if (found := find_inexact(child, (*path, key)))), None)


def has_long_number(text: str) -> bool:
    """Whether JSON text may hold an integer that find_inexact should look for."""
    return b"0" * 16 in text.encode().translate(_DIGITS)


def _refuse(constant: str) -> Any:
    raise ValueError(f"the value holds {constant}, which is no number that a file can hold")
