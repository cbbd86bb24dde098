"""The schema of the chart's values: what objects refer to, and nothing else.

A name that no object refers to would do nothing, so it is refused: a service that is not there, a number of pods that
an autoscaler sets. Texts have the grammar that the spec has for them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hftgen.facts.record import Facts
from hftgen.spec.units import EnvName, Host, Quantity
from hftgen.spec.units.image import DIGEST, REPOSITORY, TAG

_QUANTITY = {"type": ["string", "number"], "pattern": Quantity.pattern}
_AMOUNTS = {"type": "object", "additionalProperties": _QUANTITY}
_FIELDS: Mapping[str, Facts] = {
    "replicas": {"type": "integer", "minimum": 0, "description": "How many pods."},
    "host": {"type": "string", "pattern": Host.pattern, "description": "The name under which it is reached."},
    "image": {
        "type": "object",
        "required": ["repository"],
        "additionalProperties": False,
        "properties": {
            "repository": {"type": "string", "pattern": f"^{REPOSITORY}$"},
            "tag": {"type": "string", "pattern": f"^({TAG})?$"},
            "digest": {"type": "string", "pattern": f"^({DIGEST})?$", "description": "Wins over the tag."},
        },
    },
    "resources": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"requests": _AMOUNTS, "limits": _AMOUNTS},
        "description": "What the container asks for, and may use at most.",
    },
    "config": {
        "type": "object",
        "propertyNames": {"pattern": EnvName.pattern},
        "additionalProperties": {"type": "string"},
        "description": "Environment variables. A change makes new pods.",
    },
}
_NESTED = ("containers", "variants")
"""Fields that hold fields of the same kinds by name."""


def describe_schema(values: Mapping[str, Mapping[str, Any]]) -> Facts:
    """JSON Schema (draft 7, which every Helm reads) of values; `values` are those of each cluster."""
    every = list(values.values())
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "required": ["cluster", "namespace", "services"],
        "additionalProperties": False,
        "properties": {
            "global": {"type": "object"},
            "cluster": {"description": "Whose objects are rendered.", "enum": sorted(values)},
            "namespace": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "create": {
                        "type": "boolean",
                        "description": "Whether the release's namespace is one of its objects.",
                    }
                },
            },
            "services": _describe_named(one.get("services", {}) for one in every),
            "datastores": _describe_named(one.get("datastores", {}) for one in every),
        },
    }


def _describe_named(holders: Iterable[Mapping[str, Any]]) -> Facts:
    """A mapping by name, whose names are those that some cluster has."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for holder in holders:
        for name, fields in holder.items():
            found.setdefault(name, []).append(fields)
    properties = {name: _describe_fields(entries) for name, entries in sorted(found.items())}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _describe_fields(entries: Iterable[Mapping[str, Any]]) -> Facts:
    """Fields that objects of some cluster refer to."""
    kept = list(entries)
    names = sorted({name for entry in kept for name in entry})
    properties = {
        name: _describe_named(entry.get(name, {}) for entry in kept) if name in _NESTED else _FIELDS[name]
        for name in names
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}
