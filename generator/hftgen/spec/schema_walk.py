"""From an error's location in pydantic to the field that a person wrote.

A location names branches of unions besides fields, and `[key]` where a key itself is wrong. Walking the model's own
core schema tells them apart, whatever the keys are called, and knows the fields of the model where the walk ends.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

_WRAPPERS = frozenset(
    ("default", "nullable", "model", "function-before", "function-after", "function-wrap", "definitions")
)  # fmt: skip


class Field(NamedTuple):
    """Where a location leads: the path, the names of all fields beside the last one, whether a key itself is meant.

    `choice` is the path of a value that may be of several types without saying which; pydantic then reports each.
    """

    path: tuple[str | int, ...]
    siblings: tuple[str, ...] = ()
    is_key: bool = False
    choice: tuple[str | int, ...] | None = None


def locate(model: type[BaseModel], location: Sequence[str | int]) -> Field:
    """The field at a location of a validation error of `model`."""
    definitions: dict[str, Any] = {}
    schema: Any = _peel(model.__pydantic_core_schema__, definitions)
    path: list[str | int] = []
    siblings: tuple[str, ...] = ()
    choice = None
    for part in location:
        if part == "[key]" and not _fields(schema):
            return Field(tuple(path), siblings, is_key=True)
        kind = schema.get("type")
        if kind in ("tagged-union", "union"):
            choice = tuple(path) if kind == "union" else choice
            schema = _branch(schema, part, definitions)
            continue
        siblings = tuple(_fields(schema))
        path.append(part)
        schema = _inside(schema, part, definitions)
    return Field(tuple(path), siblings, choice=choice)


def _inside(schema: Any, part: str | int, definitions: dict[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "model-fields":
        return _peel(_fields(schema).get(str(part), {}).get("schema", {}), definitions)
    if kind == "dict":
        return _peel(schema.get("values_schema", {}), definitions)
    if kind == "tuple":
        return _peel(schema["items_schema"][0], definitions)
    return _peel(schema.get("items_schema", {}), definitions)


def _fields(schema: Any) -> Mapping[str, Any]:
    if schema.get("type") != "model-fields":
        return {}
    return {str(field.get("validation_alias", name)): field for name, field in schema["fields"].items()}


def _branch(schema: Any, label: str | int, definitions: dict[str, Any]) -> Any:
    choices = schema["choices"]
    if isinstance(choices, Mapping):
        return _peel(choices.get(label, {}), definitions)
    for choice in choices:
        inner, name = choice if isinstance(choice, tuple) else (choice, "")
        peeled = _peel(inner, definitions)
        if label in (name, peeled.get("type"), peeled.get("model_name")):
            return peeled
    return {}


def _peel(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema without what adds nothing to a location."""
    while True:
        kind = schema.get("type")
        if kind == "definitions":
            definitions.update((inner["ref"], inner) for inner in schema["definitions"])
        if kind == "definition-ref":
            schema = definitions.get(schema["schema_ref"], {})
        elif kind in _WRAPPERS:
            schema = schema["schema"]
        else:
            return schema
