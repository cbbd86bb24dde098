"""What pydantic says about a tree, as problems: the place that was written, what stands there, what would be right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from hftgen.errors import Problem, format_path
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.node import Node
from hftgen.spec.schema_walk import Field, locate
from hftgen.spec.visible import describe_value, visible_path

Path = tuple[str | int, ...]
Details = Mapping[str, Any]

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
    for details in error.errors(include_url=False, include_input=False):
        field = locate(model, details["loc"])
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
    path = field.path
    kind = details["type"]
    if kind == "missing":
        return _missing(field, root, base)
    node = reach(root, path)
    if kind == "extra_forbidden" or field.is_key:
        line, column = node.key_line, node.key_column
    else:
        line, column = node.line, node.column
    shown = describe_at(node, (*base, *path))
    message, found, expected, hint = _words(details, field, shown)
    if (
        is_secret((*base, *path))
        and isinstance(node.value, str)
        and len(node.value) > 1
        and node.value in hint + message
    ):
        message, hint = "is not allowed here", ""
    return Problem(node.file, line, column, show_path((*base, *path)), message, found, expected, hint)


def _missing(field: Field, root: Node, base: Path) -> Problem:
    """A field that is not there is missed at the name of the mapping that lacks it."""
    holder = reach(root, field.path[:-1])
    line, column = (holder.key_line, holder.key_column) if holder is not root else (holder.line, holder.column)
    return Problem(
        holder.file,
        line,
        column,
        show_path((*base, *field.path)),
        "is missing",
        "",
        "",
        f"write `{field.path[-1]}: ...`",
    )


def _words(details: Details, field: Field, shown: str) -> tuple[str, str, str, str]:
    """Message, found, expected, hint."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "unit":
        return context["message"], context.get("found") or shown, context.get("expected", ""), context.get("hint", "")
    if kind == "extra_forbidden":
        name = str(field.path[-1])
        return "is not a known field", shown, f"one of {list_names(field.siblings)}", suggest(name, field.siblings)
    if kind in _SHAPES:
        return f"is not {_SHAPES[kind]}", shown, _SHAPES[kind], ""
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace("'", "")
        known = expected.replace(" or ", ", ").split(", ")
        prefix = "one of " if len(known) > 1 else ""
        return "is not one of the allowed values", shown, prefix + expected, suggest(shown, known)
    if kind in ("too_short", "too_long"):
        limit = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return f"has {context['actual_length']} entries", shown, limit, ""
    message = str(details["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message, shown, "", ""


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
