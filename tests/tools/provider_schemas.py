"""Schemas of Terraform providers, in the form of `terraform providers schema -json`, from `cdktn-provider-*` wheels.

Two things stand nowhere in a wheel, and are concluded: which arguments are blocks (they come after the attributes, in a
second run of the alphabet), and which are write-only (those whose names end in `_wo`).
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools.provider_source import Argument, Form, Source, read_sources

Block = dict[str, Any]
Type = Any
"""A type as Terraform writes it in JSON: `"string"`, `["list", "string"]`, `["object", {...}]`."""

_KINDS = {
    "TerraformResource": "resource_schemas",
    "TerraformDataSource": "data_source_schemas",
    "TerraformEphemeralResource": "ephemeral_resource_schemas",
}
_PROVIDER = "TerraformProvider"
_DATA = "TerraformDataSource"
_NONE = Form("", is_block=False, kind="", store="")
# By what the getter calls; the first that fits counts.
_GETTERS: tuple[tuple[str, Type], ...] = (
    ("new cdktn.StringMapList(", ["list", ["map", "string"]]),
    ("new cdktn.StringMap(", ["map", "string"]),
    ("new cdktn.NumberMap(", ["map", "number"]),
    ("new cdktn.BooleanMap(", ["map", "bool"]),
    ("getStringMapAttribute(", ["map", "string"]),
    ("getNumberMapAttribute(", ["map", "number"]),
    ("getBooleanMapAttribute(", ["map", "bool"]),
    ("getAnyMapAttribute(", "dynamic"),
    ("getNumberListAttribute(", ["list", "number"]),
    ("getListAttribute(", ["list", "string"]),
    ("getStringAttribute(", "string"),
    ("getNumberAttribute(", "number"),
    ("getBooleanAttribute(", "bool"),
)
_PLAIN_LISTS = ("getNumberListAttribute(", "getListAttribute(")
# By how the argument is kept: what no getter tells.
_STORES: dict[str, Type] = {
    "stringMapMap": ["map", ["map", "string"]],
    "stringListMap": ["map", ["list", "string"]],
    "stringMapList": ["list", ["map", "string"]],
    "stringListList": ["list", ["list", "string"]],
    "numberListList": ["list", ["list", "number"]],
    "any": "dynamic",
    "anyMap": "dynamic",
}
# The same for the provider's own arguments, which have no getters.
_OWN_STORES: dict[str, Type] = {
    "string": "string",
    "number": "number",
    "boolean": "bool",
    "stringList": ["list", "string"],
    "numberList": ["list", "number"],
    "stringMap": ["map", "string"],
    "booleanMap": ["map", "bool"],
}


class Provider(NamedTuple):
    """A provider: its name, its release, and its schemas."""

    name: str
    version: str
    schemas: dict[str, Any]


def convert(wheel: Path) -> Provider:
    """What a wheel says of its provider."""
    schemas: dict[str, Any] = {kind: {} for kind in _KINDS.values()}
    name = version = ""
    for source in read_sources(wheel):
        for title, (parent, body) in source.classes.items():
            if parent != _PROVIDER and parent not in _KINDS:
                continue
            terraform = _find(r'static tfResourceType = "([\w-]+)"', body)
            block = read_block(source, title)
            if parent == _PROVIDER:
                name, version = terraform, _find(r"providerVersion: '([^']+)'", body)
                block["attributes"].pop("alias", None)
                schemas["provider"] = {"version": 0, "block": block}
            else:
                schemas[_KINDS[parent]][terraform] = {"version": 0, "block": block}
    return Provider(name, version, schemas)


def read_block(source: Source, title: str, above: tuple[str, ...] = ()) -> Block:
    """The schema of a class; `above` are the classes that it is nested in."""
    forms = source.find_forms(title)
    arguments = source.list_arguments(title)
    first = _find_first_block(arguments, forms)
    block: Block = {"attributes": {}, "block_types": {}}
    for number, argument in enumerate(arguments):
        form = forms.get(argument.name, _NONE)
        if argument.nested is not None:
            _add_nested(source, block, argument, form, _Place(title, above, is_late=number >= first))
        elif form.is_block and not form.store.startswith("any"):
            # A block of the provider itself.
            block["block_types"][argument.name] = {"nesting_mode": _name_mode(form), "block": _read_own(source, form)}
        else:
            block["attributes"][argument.name] = _describe_attribute(source.classes[title][0], argument, form)
    return {key: value for key, value in block.items() if value}


class _Place(NamedTuple):
    """Where a nested argument stands: its class, the ones above, and whether it comes after the attributes."""

    title: str
    above: tuple[str, ...]
    is_late: bool


def _find_first_block(arguments: list[Argument], forms: dict[str, Form]) -> int:
    """Attributes come first, then blocks, each by the alphabet: where the second run starts."""
    simple = [
        number for number, argument in enumerate(arguments) if argument.nested is None or not _is_settable(argument)
    ]
    start = simple[-1] + 1 if simple else 0
    for number in range(max(start, 1), len(arguments)):
        if arguments[number].name < arguments[number - 1].name:
            return number
    while start < len(arguments) and _is_attribute(forms.get(arguments[start].name, _NONE)):
        start += 1
    return start


def _is_attribute(form: Form) -> bool:
    return re.search(r"listMapperHcl\(\w+, false\)", form.value) is not None


def _is_settable(argument: Argument) -> bool:
    return bool(argument.flags.get("optional") or argument.flags.get("required"))


def _add_nested(source: Source, block: Block, argument: Argument, form: Form, place: _Place) -> None:
    """Adds an argument that holds objects: as a block, or as an attribute of an object's type."""
    title = argument.nested or ""
    single = title.endswith("OutputReference")
    nested = title if single else re.sub("(List|Map)$", "OutputReference", title)
    if nested not in source.classes:
        block["attributes"][argument.name] = {"type": "dynamic", **argument.flags}
    elif place.above.count(nested) < 2:  # repeated levels (wafv2 statements) are unfolded three times
        mode = _find_mode(source, argument, form, single=single)
        inner = read_block(source, nested, (*place.above, place.title))
        if place.is_late and form != _NONE:
            block["block_types"][argument.name] = _describe_block(argument, inner, mode, single=single)
        else:
            block["attributes"][argument.name] = {"type": _wrap(mode, _describe_object(inner)), **argument.flags}


def _find_mode(source: Source, argument: Argument, form: Form, *, single: bool) -> str:
    if form.kind in ("list", "set", "map"):
        return form.kind
    if single:
        return "single"
    if source.classes[argument.nested or ""][0] == "ComplexMap":
        return "map"
    return "set" if argument.is_set else "list"


def _describe_block(argument: Argument, inner: Block, mode: str, *, single: bool) -> Block:
    # A set of blocks may hold nothing of an open type.
    mode = "list" if mode == "set" and '"dynamic"' in json.dumps(inner) else mode
    block: Block = {"nesting_mode": mode, "block": inner}
    if single and mode in ("list", "set"):
        block["max_items"] = 1
    if argument.flags.get("required") and mode in ("list", "set"):
        block["min_items"] = 1
    return block


def _describe_attribute(parent: str, argument: Argument, form: Form) -> Block:
    attribute: Block = {"type": _find_type(parent, argument, form), **argument.flags}
    if argument.name.endswith("_wo") and not argument.flags.get("computed") and parent != _DATA:
        attribute["write_only"] = True
    return attribute


def _find_type(parent: str, argument: Argument, form: Form) -> Type:
    stored = _STORES.get(form.store) or (_OWN_STORES.get(form.store) if parent == _PROVIDER else None)
    if stored is not None:
        return ["set", *stored[1:]] if form.kind == "set" and isinstance(stored, list) else stored
    getter, found = next((row for row in _GETTERS if row[0] in argument.code), ("", "dynamic"))
    if getter in _PLAIN_LISTS and ("Fn.tolist(" in argument.code or form.kind == "set"):
        return ["set", found[1]]
    return found


def _read_own(source: Source, form: Form) -> Block:
    """A block of the provider itself: only the function that writes it names its parts, so that all are optional."""
    block: Block = {"attributes": {}, "block_types": {}}
    for name, inner in source.find_function(form.function).items():
        if inner.is_block:
            block["block_types"][name] = {"nesting_mode": _name_mode(inner), "block": _read_own(source, inner)}
        else:
            found: Type = _OWN_STORES.get(inner.store) or _STORES.get(inner.store, "dynamic")
            is_set = inner.kind == "set" and isinstance(found, list)
            block["attributes"][name] = {"type": ["set", *found[1:]] if is_set else found, "optional": True}
    return block


def _name_mode(form: Form) -> str:
    return "single" if form.kind == "struct" else form.kind


def _describe_object(block: Block) -> Type:
    """The type of an object with the arguments of a block."""
    fields = {name: attribute["type"] for name, attribute in block.get("attributes", {}).items()}
    for name, inner in block.get("block_types", {}).items():
        fields[name] = _wrap(inner["nesting_mode"], _describe_object(inner["block"]))
    return ["object", fields]


def _wrap(mode: str, inner: Type) -> Type:
    return inner if mode == "single" else [mode, inner]


def _find(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else ""
