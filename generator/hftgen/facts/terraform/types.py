"""Terraform's types of values."""

import re
from collections.abc import Collection, Mapping
from typing import Any

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def describe_type(value: Any) -> str:
    """The type constraint that holds a value: `object({bucket = string, zones = list(string)})`.

    What is null, empty or mixed says nothing of what it might hold: `any`.
    """
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Mapping):
        return _describe_fields(value)
    return f"list({_describe_items(value)})" if isinstance(value, list) else "any"


def _describe_fields(value: Mapping[str, Any]) -> str:
    if not value or not all(map(_IDENTIFIER.fullmatch, value)):
        return f"map({_describe_items(value.values())})"
    fields = ", ".join(f"{key} = {describe_type(item)}" for key, item in sorted(value.items()))
    return f"object({{{fields}}})"


def _describe_items(value: Collection[Any]) -> str:
    types = {describe_type(item) for item in value}
    return types.pop() if len(types) == 1 else "any"
