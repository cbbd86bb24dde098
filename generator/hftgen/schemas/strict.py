"""A CustomResourceDefinition's schema as JSON Schema that allows no other fields than the API server keeps.

Rules of x-kubernetes-validations (CEL) are not translated: an API server alone applies them.
"""

from typing import Any

Schema = dict[str, Any]

EMBEDDED: Schema = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}


def make_strict(schema: Schema) -> Schema:
    """The structural schema of a version, closed where the API server would drop what it does not know."""
    made = {key: value for key, value in schema.items() if not key.startswith("x-kubernetes-") and key != "description"}
    if "properties" in made:
        made["properties"] = {name: make_strict(child) for name, child in made["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            made[key] = make_strict(made[key])
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
        made.setdefault("anyOf", [{"type": "integer"}, {"type": "string"}])
    if schema.get("x-kubernetes-embedded-resource"):
        made["properties"] = {**EMBEDDED, **made.get("properties", {})}
    if _is_closed(schema):
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if made.pop("nullable", False) else made


def _is_closed(schema: Schema) -> bool:
    """Whether the API server drops what the schema does not name; inside allOf, anyOf, oneOf and not it never does."""
    is_object = schema.get("type") == "object" or "properties" in schema
    return is_object and not schema.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in schema
