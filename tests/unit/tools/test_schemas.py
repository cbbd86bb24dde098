"""CustomResourceDefinitions become schemas that refuse what the API server would drop."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hftgen.schemas.strict import make_strict
from tests.tools import schemas

_SCHEMA = {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"}}}}
_CRD: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "spec": {
        "group": "example.com",
        "names": {"kind": "Thing"},
        "versions": [
            {"name": "v1", "served": True, "schema": _SCHEMA},
            {"name": "v1beta1", "served": False, "schema": _SCHEMA},
        ],
    },
}


def _accepts(schema: dict[str, Any], value: Any) -> bool:
    return jsonschema.Draft202012Validator(make_strict(schema)).is_valid(value)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("schema", "value", "accepted"),
    [
        (_object(a={"type": "string"}), {"a": "x"}, True),
        (_object(a={"type": "string"}), {"b": "x"}, False),
        ({"type": "object"}, {}, True),
        ({"type": "object"}, {"b": 1}, False),
        ({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, {"b": 1}, True),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"b": 1}, True),
        ({"type": "object", "additionalProperties": _object(a={"type": "integer"})}, {"b": {"c": 1}}, False),
        ({"type": "array", "items": _object(a={"type": "integer"})}, [{"b": 1}], False),
        ({"type": "string", "x-kubernetes-int-or-string": True}, 5, True),
        ({"x-kubernetes-int-or-string": True}, "5%", True),
        ({"x-kubernetes-int-or-string": True}, 5.5, False),
        ({"type": "string", "nullable": True}, None, True),
        ({"type": "string"}, None, False),
        ({**_object(spec={"type": "object"}), "x-kubernetes-embedded-resource": True}, {"kind": "A", "spec": {}}, True),
        ({**_object(a={}, b={}), "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1}, True),
        ({**_object(a={}), "anyOf": [{"properties": {"a": {"enum": [1]}}}]}, {"a": 2}, False),
    ],
)
def test_a_field_counts_only_where_the_server_keeps_it(schema: dict[str, Any], value: Any, *, accepted: bool) -> None:
    """Fields without a place are refused, free-form places take anything, Kubernetes' own words keep their meaning."""
    assert _accepts(schema, value) is accepted


def test_only_served_versions_have_a_schema() -> None:
    """A version that the server does not serve is a kind that it does not know."""
    made = dict(schemas.crd_schemas(yaml.safe_dump(_CRD)))
    assert list(made) == [Path("crds/example.com/thing_v1.json")]


def test_metadata_is_kubernetes_own() -> None:
    """A CustomResourceDefinition leaves metadata out, yet the server knows its fields, and so does the schema."""
    path, metadata = schemas.object_metadata(next(schemas.core_schemas("1.36"))[1])
    assert path == Path("crds/_metadata.json")
    validator = jsonschema.Draft202012Validator(metadata)
    assert validator.is_valid({"name": "a", "labels": {"x": "y"}})
    assert not validator.is_valid({"name": "a", "label": {"x": "y"}})


def test_a_lone_equals_sign_is_text() -> None:
    """YAML 1.1 has a tag for `=`, which an enum of the Prometheus operator holds as plain text."""
    text = yaml.safe_dump(_CRD).replace("kind: CustomResourceDefinition", "kind: CustomResourceDefinition\nx: =")
    assert dict(schemas.crd_schemas(text))


def test_an_unknown_kubernetes_is_named() -> None:
    """Asked for a version without schemas it says so."""
    with pytest.raises(LookupError, match=r"1\.99"):
        next(schemas.core_schemas("1.99"))
