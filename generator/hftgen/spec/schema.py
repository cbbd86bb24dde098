"""The JSON Schema of specs (2020-12), made from the models and the table of short forms.

One file: every field may be missing or null, and `extends` is a field. Resolved: the merged spec, with what is
required. Both describe short and long forms. What needs several fields at once is left to the loader.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from hftgen.spec.environment import Environment
from hftgen.spec.long_form import FORMS, Form
from hftgen.spec.service import OVERRIDES_SCHEMA
from hftgen.spec.service_rules import FIXED

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHORT = "shortForms"
DROPPED = frozenset(("title", "description", "default", "examples", SHORT))
NULL = {"type": "null"}
SCALARS = (str, int, float, bool)

Schema = dict[str, Any]


class Mode(NamedTuple):
    """How strictly models are described: `prefix` of their names; is anything required; may null stand for a value."""

    prefix: str
    required: bool
    null: bool


PART = Mode("Part", required=False, null=True)
ITEM = Mode("Item", required=True, null=True)
WHOLE = Mode("", required=True, null=False)
"""A mapping that is merged; one in a list, which is not merged, but loses its nulls; one after all merging."""
MODES = (PART, ITEM, WHOLE)


class Generator(GenerateJsonSchema):
    """Keeps the grammar of a mapping's keys, whatever form it has."""

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """A mapping with free keys."""
        made = {"type": "object", "propertyNames": self.generate_inner(schema["keys_schema"])}
        made["additionalProperties"] = self.generate_inner(schema["values_schema"])
        return made | ({"minProperties": schema["min_length"]} if "min_length" in schema else {})


def schema(*, resolved: bool) -> Schema:
    """The schema of one spec file, or of the merged spec."""
    source = Environment.model_json_schema(schema_generator=Generator)
    for form in FORMS:
        if form.schema:
            for place in _walk(source, source, form.path.split(".")):
                _add_short(place, form)
    _describe_references(source)
    models = source.pop("$defs")
    unions = _list_unions(source, models)
    made = {
        f"{mode.prefix}{name}": _model(model, unions.get(name), mode)
        for name, model in models.items()
        for mode in MODES
    }
    made["Override"] = _override(made["PartService"])
    if resolved:
        return _head("resolved", "A whole environment: its files merged.", _model(source, None, WHOLE), made)
    root = _model(source, None, PART)
    root["properties"] = {"extends": _extends(), **root["properties"]}
    return _head("environment", "One file of specs/: every field may stand in any file.", root, made)


def _head(name: str, words: str, root: Schema, models: Schema) -> Schema:
    used = _reach(root, models)
    return {
        "$schema": DIALECT,
        "$id": f"urn:hftgen:v1:{name}",
        "title": f"hftgen {name}",
        **root,
        "description": words,
        "$defs": {key: models[key] for key in sorted(used)},
    }


def _extends() -> Schema:
    file = {"type": "string", "minLength": 1}
    return {
        "title": "extends",
        "description": "A file, or a list of files of which the later wins, relative to this one, on which it builds.",
        "examples": ["base.yaml"],
        "anyOf": [file, {"type": "array", "items": file}, NULL],
    }


def _walk(node: Schema, source: Schema, path: list[str]) -> Iterator[Schema]:
    """The places in `source` to which a path of fields leads; `*` is any key, `[]` any entry of a list."""
    if not path:
        yield node
        return
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _walk(branch, source, path)
    if "$ref" in node:
        yield from _walk(source["$defs"][node["$ref"].rpartition("/")[2]], source, path)
    free = {"*": node.get("additionalProperties"), "[]": node.get("items")}
    child = free[path[0]] if path[0] in free else node.get("properties", {}).get(path[0])
    if isinstance(child, dict):
        yield from _walk(child, source, path[1:])


def _add_short(place: Schema, form: Form) -> None:
    said = f" `{form.schema['const']}`" if "const" in form.schema else ""
    short = {"description": f"Short form{said}: {form.words}.", **form.schema}
    if short not in place.setdefault(SHORT, []):
        place[SHORT].append(short)


def _describe_references(source: Schema) -> None:
    """Gives a field without a description that of its model: pydantic leaves out what is the same."""
    for node in list_nodes(source):
        for field in node.get("properties", {}).values():
            if "$ref" in field and "description" not in field:
                field["description"] = source["$defs"][field["$ref"].rpartition("/")[2]].get("description", "")


def _list_unions(root: Schema, models: dict[str, Schema]) -> dict[str, set[str]]:
    """For each model that is a branch of a union: the fields of the other branches, which null may take away."""
    found: dict[str, set[str]] = {}
    for union in list_nodes([root, models]):
        names = [branch["$ref"].rpartition("/")[2] for branch in union.get("oneOf", ()) if "$ref" in branch]
        fields = {field for name in names for field in models[name]["properties"]}
        for name in names:
            found.setdefault(name, set()).update(fields - set(models[name]["properties"]))
    return found


def list_nodes(node: Any) -> Iterator[Schema]:
    """Every mapping in a schema, from the outside in."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from list_nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from list_nodes(child)


def _model(model: Schema, others: set[str] | None, mode: Mode) -> Schema:
    """One model. Where null may stand, it may also take away the fields of another kind."""
    wanted = model.get("required", []) if mode.required else []
    fields = {
        name: _field(name, field, mode, null=mode.null and name not in wanted)
        for name, field in model["properties"].items()
    }
    if mode.null:
        fields |= dict.fromkeys(sorted(others or ()), NULL)
    made = {"title": model["title"], "description": model.get("description", ""), "type": "object"}
    required = {"required": wanted} if wanted else {}
    return {**made, **required, "additionalProperties": False, "properties": fields}


def _field(name: str, field: Schema, mode: Mode, *, null: bool) -> Schema:
    made: Schema = {"title": name}
    made |= {key: field[key] for key in ("description", "examples") if key in field}
    if isinstance(field.get("default"), SCALARS) and field["default"] not in (0, ""):
        made["default"] = field["default"]
    if field.get("additionalProperties", {}) == OVERRIDES_SCHEMA:
        field = {**field, "additionalProperties": {"$ref": "#/$defs/Override"}}
    return {**made, **_choice(_branches(field, mode), null=null)}


def _choice(branches: list[Schema], *, null: bool) -> Schema:
    """One schema of several; null is a type of the only branch where it can be, for editors show each branch."""
    if len(branches) == 1 and null and "type" in branches[0] and "const" not in branches[0]:
        return _or_null(branches[0])
    branches = [*branches, NULL] if null else branches
    return branches[0] if len(branches) == 1 and "$ref" not in branches[0] else {"anyOf": branches}


def _or_null(branch: Schema) -> Schema:
    types = branch["type"] if isinstance(branch["type"], list) else [branch["type"]]
    values = {"enum": [*branch["enum"], None]} if "enum" in branch else {}
    return {**branch, "type": [*types, "null"], **values}


def _branches(node: Schema, mode: Mode) -> list[Schema]:
    """The alternatives of a value: those of the model without null, then the short forms."""
    options = _options(node) or [node]
    long = [_value(option, mode) for option in options if option != NULL]
    return [*long, *node.get(SHORT, ())]


def _options(node: Schema) -> list[Schema]:
    """The branches of a union."""
    return node.get("anyOf") or node.get("oneOf") or []


def _value(node: Schema, mode: Mode) -> Schema:
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return {"$ref": f"#/$defs/{'' if name == 'Override' else mode.prefix}{name}"}
    if _options(node):
        return _choice(_branches(node, mode), null=False)
    if node.get("type") == "object":
        return _mapping(node, mode)
    made = {key: value for key, value in node.items() if key not in DROPPED}
    if "items" in node:
        made["items"] = _choice(_branches(node["items"], ITEM if mode.null else WHOLE), null=False)
    return made


def _mapping(node: Schema, mode: Mode) -> Schema:
    """A mapping with free keys: their grammar as propertyNames, which every editor knows."""
    value = node.get("additionalProperties", True)
    made: Schema = {"type": "object"}
    if "propertyNames" in node:
        made["propertyNames"] = _name(node["propertyNames"])
    if mode.required and "minProperties" in node:
        made["minProperties"] = node["minProperties"]
    if isinstance(value, dict):
        made["additionalProperties"] = _choice(_branches(value, mode), null=mode.null)
    return made


def _name(names: Schema) -> Schema:
    return {key: names[key] for key in ("pattern", "maxLength", "not") if key in names}


def _override(service: Schema) -> Schema:
    """What one cluster may change of a service."""
    fields = {name: field for name, field in service["properties"].items() if name not in FIXED}
    words = (
        "What differs on this cluster; everything but workload, instances, latency, release.strategy and port names."
    )
    return {**service, "title": "Override", "description": words, "properties": fields}


def _reach(root: Schema, models: Schema) -> set[str]:
    """The names of the models that are used."""
    found: set[str] = set()
    queue = [root]
    while queue:
        for node in list_nodes(queue.pop()):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                queue.append(models[name])
    return found
