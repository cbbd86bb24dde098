"""What pydantic says about a tree, as problems: the place that was written, what stands there, what would be right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from hftgen.errors import Problem, format_path
from hftgen.spec.nearest import suggest
from hftgen.spec.node import Node
from hftgen.spec.schema_walk import Field, Walk
from hftgen.spec.visible import describe_value, one_of, visible, visible_path

Path = tuple[str | int, ...]
Details = Mapping[str, Any]

MAX_ERRORS = 2000
"""How many errors of one model are looked at."""

_SHAPES = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
}


class _Found(NamedTuple):
    """A problem with its path from the tree's root, and the choice of types it is part of."""

    path: Path
    problem: Problem
    choice: Path | None


def list_problems(error: ValidationError, model: type[BaseModel], root: Node, base: Path = ()) -> list[Problem]:
    """The problems of a tree that `model` refused. `base` stands before every path: where the tree is in the spec."""
    found = []
    walk = Walk(model)
    for details in error.errors(include_url=False, include_input=False)[:MAX_ERRORS]:
        field = walk.locate(details["loc"], details["type"])
        found.append(_Found(field.path, _problem(details, field, root, base), field.choice))
    return list(_merge_twins(_merge_choices(found), root, base))


def reach(root: Node, path: Path) -> Node:
    """The node at a path, or its deepest ancestor that is there."""
    for part in path:
        value = root.value
        if isinstance(value, dict) and part in value:
            root = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            root = value[part]
        else:
            break
    return root


def show_path(path: Path) -> str:
    """A path as messages write it."""
    return format_path(visible_path(path))


def is_secret(path: Path) -> bool:
    """Whether a secret itself may stand there by mistake: below services.X.secrets, a sidecar's too."""
    return bool(path) and path[0] == "services" and "secrets" in path[2:]


def describe_at(node: Node, path: Path) -> str:
    """What a message may show of the value at a path: of secrets only their shape."""
    if is_secret(path) and isinstance(node.value, str) and not node.is_null():
        return "text, which is not shown"
    return describe_value(node)


def _problem(details: Details, field: Field, root: Node, base: Path) -> Problem:
    node = reach(root, field.path)
    if field.switch and isinstance(node.value, dict):
        inner = locate_switch(field)
        if field.switch not in node.value:
            return _missing(inner, root, base)
        node, field, details = node.value[field.switch], inner, {"type": "literal_error"}
    kind, path = details["type"], (*base, *field.path)
    if kind == "missing":
        return _missing(field, root, base)
    at_key = kind == "extra_forbidden" or field.is_key
    line, column = (node.key_line, node.key_column) if at_key else (node.line, node.column)
    message, found, expected, hint = _words(details, field, node, describe_at(node, path))
    if is_secret(path) and kind == "unit" and isinstance(node.value, str):
        # A unit's hint may be made of the value.
        message, hint = "is wrong" if node.value.lower() in message.lower() else message, ""
    return Problem(node.file, line, column, show_path(path), message, found, expected, hint)


def locate_switch(field: Field) -> Field:
    """The field that should have chosen a branch."""
    return Field((*field.path, field.switch), values=field.values, examples=field.values[:1])


def _missing(field: Field, root: Node, base: Path) -> Problem:
    """A field that is not there is missed at the name of the mapping that lacks it."""
    holder = reach(root, field.path[:-1])
    line, column = (holder.key_line, holder.key_column) if holder is not root else (holder.line, holder.column)
    example = next((str(each) for each in field.examples if isinstance(each, str | int | float)), "...")
    expected = one_of(field.values) if field.values else field.description
    hint = f"write `{visible(str(field.path[-1]))}: {example}`"
    return Problem(holder.file, line, column, show_path((*base, *field.path)), "is missing", "", expected, hint)


def _words(details: Details, field: Field, node: Node, shown: str) -> tuple[str, str, str, str]:
    """Message, found, expected, hint."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "unit":
        hint = context.get("hint") or _suggest_field(field, node)
        return context["message"], context.get("found") or shown, context.get("expected", ""), hint
    if kind == "extra_forbidden":
        near = suggest(str(field.path[-1]), field.siblings)
        return "is not a known field", shown, "" if near else one_of(field.siblings), near
    if kind in ("literal_error", "enum"):
        known = field.values or str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        return "is not one of the allowed values", shown, one_of(known), suggest(shown, known)
    message, expected = _plain_words(details, context)
    return message, shown, expected, ""


def _plain_words(details: Details, context: Details) -> tuple[str, str]:
    """Message and expected of pydantic's own errors."""
    kind = details["type"]
    if kind in _SHAPES:
        return f"is not {_SHAPES[kind]}", _SHAPES[kind]
    if kind == "too_short":
        return "is too short" if context["actual_length"] else "is empty", f"at least {context['min_length']} of them"
    if kind == "too_long":
        return "is too long", f"at most {context['max_length']} of them"
    return str(details["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, "), ""


def _suggest_field(field: Field, node: Node) -> str:
    """Where no branch of a mapping could be chosen: the known name nearest to one that is unknown."""
    if not field.values or not isinstance(node.value, dict):
        return ""
    unknown = [name for name in node.value if name not in field.siblings]
    return next((hint for hint in (suggest(name, field.siblings) for name in unknown) if hint), "")


def _merge_choices(found: Iterable[_Found]) -> Iterator[_Found]:
    """A value that fits none of several types is one problem: what all of them expect, or what the nearest says."""
    groups: dict[Path, list[_Found]] = defaultdict(list)
    for item in found:
        if item.choice is None:
            yield item
        else:
            groups[item.choice].append(item)
    for choice, items in groups.items():
        deepest = max(len(item.path) for item in items)
        if deepest > len(choice):
            yield from (item for item in items if len(item.path) == deepest)
        else:
            expected = " or ".join(dict.fromkeys(item.problem.expected for item in items if item.problem.expected))
            yield items[0]._replace(problem=items[0].problem._replace(expected=expected))


def _merge_twins(found: Iterable[_Found], root: Node, base: Path) -> Iterator[Problem]:
    """Problems of one short form become one at its own path: `cpu: x` is neither a request nor a limit."""
    groups: dict[tuple[Path, Problem], list[Problem]] = defaultdict(list)
    for path, problem, _ in found:
        groups[path[:-1], problem._replace(path="")].append(problem)
    for (parent, alike), problems in groups.items():
        holder = reach(root, parent)
        if len(problems) > 1 and (holder.file, holder.line, holder.column) == alike[:3]:
            yield alike._replace(path=show_path((*base, *parent)))
        else:
            yield from problems


PlaceOf = Callable[[Path], Node]


def list_violations(violations: Iterable[Any], node_at: PlaceOf) -> Iterator[Problem]:
    """The problems of broken rules (rules.violation.Violation), each at the node that `node_at` finds for its path."""
    for broken in violations:
        node = node_at(broken.path)
        path = show_path(broken.path)
        yield Problem(
            node.file, node.line, node.column, path, broken.message, broken.found, broken.expected, broken.hint
        )
