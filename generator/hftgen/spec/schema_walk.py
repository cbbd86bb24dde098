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
    """Where a location leads: its path, and what the models know about it.

    `siblings` are the names of all fields beside the last one, or of all branches where a branch could not be chosen;
    `switch` is then the field that chooses it, if one does, and `values` what it may be. `is_key`: a key itself is
    wrong. `choice` is the path of a value that may be of several types without saying which; pydantic reports each.
    `description` and `examples` are the field's own.
    """

    path: tuple[str | int, ...]
    siblings: tuple[str, ...] = ()
    is_key: bool = False
    choice: tuple[str | int, ...] | None = None
    switch: str = ""
    values: tuple[str, ...] = ()
    description: str = ""
    examples: tuple[Any, ...] = ()


class Walk:
    """Locates the errors of one model."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._definitions: dict[str, Any] = {}
        self._top = _peel(model.__pydantic_core_schema__, self._definitions)

    def locate(self, location: Sequence[str | int], kind_of_error: str = "") -> Field:
        """The field at a location of a validation error."""
        schema = self._top
        path: list[str | int] = []
        field, choice, in_dict = Field(()), None, False
        for part in location:
            if part == "[key]" and in_dict and kind_of_error != "extra_forbidden":
                return field._replace(path=tuple(path), is_key=True)
            kind = schema.get("type")
            if kind in ("tagged-union", "union"):
                choice = tuple(path) if kind == "union" else choice
                schema = _branch(schema, part, self._definitions)
                continue
            path.append(part)
            in_dict = kind == "dict"
            field = _describe(schema, str(part))
            schema = _inside(schema, part, self._definitions)
        if schema.get("type") == "tagged-union":
            field = _add_branches(field, schema, self._definitions)
        return field._replace(path=tuple(path), choice=choice)


def _describe(schema: Any, name: str) -> Field:
    fields = _fields(schema)
    known = fields.get(name, {}).get("metadata", {}).get("pydantic_js_updates", {})
    return Field((), tuple(fields), description=known.get("description", ""), examples=tuple(known.get("examples", ())))


def _add_branches(field: Field, schema: Any, definitions: dict[str, Any]) -> Field:
    branches = [_fields(_peel(branch, definitions)) for branch in schema["choices"].values()]
    names = dict.fromkeys(name for branch in branches for name in branch)
    literal = [name for name in names if all(_is_literal(branch.get(name, {}), definitions) for branch in branches)]
    values = tuple(str(tag).strip("()") for tag in schema["choices"])
    switch = next((name for name in literal if _allowed(branches, name, definitions) == set(values)), "")
    return field._replace(siblings=tuple(names), switch=switch, values=values)


def _is_literal(field: Any, definitions: dict[str, Any]) -> bool:
    return bool(_peel(field.get("schema", {}), definitions).get("type") == "literal")


def _allowed(branches: list[Mapping[str, Any]], name: str, definitions: dict[str, Any]) -> set[str]:
    return {str(value) for branch in branches for value in _peel(branch[name]["schema"], definitions)["expected"]}


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
