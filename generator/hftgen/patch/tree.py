"""An object that can be patched: the values of its Kustomize form, and the expressions of its Helm form, in one tree.

Where both forms say the same stands the value. Where the chart refers to values stands a Reference; a patch that goes
into one takes what it stands for instead, and the chart then says that too. Comments (`#key`) are part of the tree;
patches neither see nor keep those of what they change.
"""

import copy
from enum import Enum
from typing import Any, NamedTuple

EXPRESSIONS = frozenset(("{{}}", "{{if}}", "{{include}}", "{{toYaml}}"))


class Absent(Enum):
    """Stands for what one of the two forms does not have."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Reference(NamedTuple):
    """The value of the one form, and what the other has in its place; either may be ABSENT."""

    value: Any
    expression: Any


def join(value: Any, chart: Any) -> Any:
    """The tree of two forms of one object; shares nothing with them."""
    if isinstance(value, dict) and isinstance(chart, dict) and not EXPRESSIONS & chart.keys():
        names = [*value, *(name for name in chart if name not in value)]
        return {name: join(value.get(name, ABSENT), chart.get(name, ABSENT)) for name in names}
    if isinstance(value, list) and isinstance(chart, list) and len(value) == len(chart):
        return [join(one, other) for one, other in zip(value, chart, strict=True)]
    if type(value) is type(chart) and value == chart:
        return copy.deepcopy(value)
    return Reference(copy.deepcopy(value), copy.deepcopy(chart))


def take_values(tree: Any, *, comments: bool = True) -> Any:
    """The Kustomize form; without comments for comparing."""
    return _take(tree, 0, comments=comments)


def take_expressions(tree: Any) -> Any:
    """The Helm form."""
    return _take(tree, 1, comments=True)


def _take(tree: Any, form: int, *, comments: bool) -> Any:
    if isinstance(tree, Reference):
        return _take(tree[form], form, comments=comments)
    if isinstance(tree, dict):
        names = (name for name in tree if comments or not name.startswith("#"))
        taken = ((name, _take(tree[name], form, comments=comments)) for name in names)
        return {name: value for name, value in taken if value is not ABSENT}
    if isinstance(tree, list):
        taken_items = (_take(item, form, comments=comments) for item in tree)
        return [item for item in taken_items if item is not ABSENT]
    return tree


def find(container: Any, key: str | int) -> Any:
    """What stands below a mapping's key or at a list's index: as values, to be changed in place. ABSENT if nothing."""
    if isinstance(container, dict) and (key not in container or str(key).startswith("#")):
        return ABSENT
    child = container[key]
    if not isinstance(child, Reference):
        return child
    if child.value is ABSENT:
        return ABSENT
    container[key] = child.value
    return child.value


def put(mapping: dict[str, Any], key: str, value: Any, note: str) -> None:
    """Set a key; what was said of its old value goes, and the note says who set it."""
    mapping[key] = value
    mapping[f"#{key}"] = note


def drop(mapping: dict[str, Any], key: str) -> None:
    """Remove a key and what is said of it, if they are there."""
    mapping.pop(key, None)
    mapping.pop(f"#{key}", None)
