"""docs/spec.md: every field of the spec with its unit, default, example and meaning, and all rules, from the code.

`python -m hftgen.spec.reference` writes it to stdout.
"""

import json
import sys
from collections.abc import Callable, Iterator
from inspect import getdoc
from typing import Any

from hftgen.spec.schema import Schema, schema
from hftgen.spec.section import RuledSection
from hftgen.spec.service_rules import RULES as SERVICE_RULES
from hftgen.spec.units.number import LARGEST

INTRODUCTION = """\
# The spec

<!-- Written by `make docs`. -->

One YAML file an environment, in `specs/`; `extends` names files that several share. This page is made from the models:
each section with its fields, then the rules. A field in **bold** must be there once all files are merged. A short form
is written in place of the long one and means the same. Durations are written `30d`, `1h30m`, `5m`, `30s`, `500ms`;
amounts of bytes and CPUs as Kubernetes writes them. Numbers, true and false stand without quotes; text may.
"""
RULES_INTRODUCTION = """\
## Rules over several sections

The loader checks them after every field is right; a JSON Schema cannot.
"""


def reference() -> str:
    """The page."""
    described = schema(resolved=True)
    models = described["$defs"]
    parts = [INTRODUCTION, *_section("", described, models)]
    for path, name in _order(described, models):
        parts += _section(path, models[name], models)
    return "\n".join([*parts, *_cross_rules()]).rstrip() + "\n"


def _order(root: Schema, models: dict[str, Schema]) -> Iterator[tuple[str, str]]:
    """Each model once, below the path at which it is first met, depth first."""
    seen: set[str] = set()

    def visit(path: str, model: Schema) -> Iterator[tuple[str, str]]:
        for field, node in model["properties"].items():
            below = f"{path}.{field}".strip(".")
            for name, steps in _references(node, ""):
                if name not in seen and not name.startswith(("Part", "Item")) and name != "Override":
                    seen.add(name)
                    yield below + steps, name
                    yield from visit(below + steps, models[name])

    yield from visit("", root)


def _references(node: Any, steps: str) -> Iterator[tuple[str, str]]:
    if "$ref" in node:
        yield node["$ref"].rpartition("/")[2], steps
    for branch in node.get("anyOf", ()):
        yield from _references(branch, steps)
    if "items" in node:
        yield from _references(node["items"], f"{steps}[]")
    if isinstance(node.get("additionalProperties"), dict):
        yield from _references(node["additionalProperties"], f"{steps}.*")


def _section(path: str, model: Schema, models: dict[str, Schema]) -> list[str]:
    heading = f"## `{path}`: {_title(model)}" if path else f"## {_title(model)}"
    required = model.get("required", [])
    rows = [_row(name, field, models, wanted=name in required) for name, field in model["properties"].items()]
    table = ["| field | takes | default | example | meaning |", "| --- | --- | --- | --- | --- |", *rows]
    return [heading, "", model["description"], "", *table, "", *_own_rules(model["title"])]


def _title(model: Schema) -> str:
    return "the whole environment" if model["title"].startswith("hftgen") else str(model["title"])


def _row(name: str, field: Schema, models: dict[str, Schema], *, wanted: bool) -> str:
    default = f"`{_inline(field['default'])}`" if "default" in field else ""
    example = f"`{_inline(field['examples'][0])}`" if field.get("examples") else ""
    shorts = [node["description"] for node in field.get("anyOf", ()) if "description" in node]
    meaning = " ".join([field.get("description", ""), *shorts])
    cells = [f"**{name}**" if wanted else name, _takes(field, models), default, example, meaning]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _inline(value: Any) -> str:
    """A value as YAML's flow style writes it, near enough to read."""
    return value if isinstance(value, str) and "\n" not in value else json.dumps(value, ensure_ascii=False)


def _takes(node: Schema, models: dict[str, Schema]) -> str:
    """In words what a field takes."""
    if "$comment" in node:
        return str(node["$comment"])
    for key, write in WORDS.items():
        if key in node:
            return write(node, models)
    value = node.get("additionalProperties")
    return (
        f"a mapping: {_takes(value, models)}"
        if isinstance(value, dict)
        else TYPES.get(str(node.get("type")), "anything")
    )


def _choices(node: Schema, models: dict[str, Schema]) -> str:
    options = [option for option in node["anyOf"] if not option.get("description", "").startswith("Short form")]
    return " or ".join(dict.fromkeys(_takes(option, models) for option in options))


def _model_name(node: Schema, models: dict[str, Schema]) -> str:
    name = node["$ref"].rpartition("/")[2]
    return "fields of a service" if name == "Override" else str(models[name]["title"])


def _range(node: Schema, _: dict[str, Schema]) -> str:
    kind = "a whole number" if node["type"] == "integer" else "a number"
    return f"{kind}, {node['minimum']} " + ("or more" if node["maximum"] == LARGEST else f"to {node['maximum']}")


WORDS: dict[str, Callable[[Schema, dict[str, Schema]], str]] = {
    "$ref": _model_name,
    "anyOf": _choices,
    "enum": lambda node, _: ", ".join(f"`{value}`" for value in node["enum"]),
    "const": lambda node, _: f"`{node['const']}`",
    "minimum": _range,
    "items": lambda node, models: f"a list: {_takes(node['items'], models)}",
}
TYPES = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "object": "a mapping",
}


def _own_rules(title: str) -> list[str]:
    """The rules inside one section."""
    rules = [
        getdoc(cls.breaches) or ""
        for cls in _subclasses(RuledSection)
        if cls.__name__ == title and "breaches" in vars(cls)
    ]
    if title == "Service":
        rules = [getdoc(rule) or "" for rule in SERVICE_RULES]
    return [*(f"- {' '.join(rule.split())}" for rule in rules), ""] if rules else []


def _subclasses(cls: type[RuledSection]) -> Iterator[type[RuledSection]]:
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


def _cross_rules() -> Iterator[str]:
    from hftgen.spec.rules import RULES

    yield RULES_INTRODUCTION
    for rule in RULES:
        yield f"- {' '.join((getdoc(rule) or '').split())}"


if __name__ == "__main__":
    sys.stdout.write(reference())
