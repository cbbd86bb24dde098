"""Objects against the schemas of Kubernetes and of CustomResourceDefinitions."""

from typing import Any

import pytest

from hftgen.schemas.book import MOST, Fault, SchemaBook
from hftgen.schemas.core import CoreSchemas
from hftgen.schemas.strict import make_strict

THING = make_strict(
    {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {
                    "size": {"type": "integer", "minimum": 1},
                    "port": {"x-kubernetes-int-or-string": True},
                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                    "names": {"type": "object", "additionalProperties": {"type": "string"}},
                    "note": {"type": "string", "nullable": True},
                    "object": {"type": "object", "x-kubernetes-embedded-resource": True},
                },
            }
        },
    }
)
META = {"name": "x"}


@pytest.fixture(scope="module")
def book() -> SchemaBook:
    """Kubernetes 1.36 and one custom resource."""
    return SchemaBook(CoreSchemas("1.36"), {("example.com", "v1", "Thing"): THING})


def judge(book: SchemaBook, kind: str, **fields: Any) -> list[str] | None:
    """The fields with faults."""
    version, _, name = kind.partition(" ")
    faults = book.judge({"apiVersion": version, "kind": name, "metadata": META, **fields})
    return None if faults is None else [fault.field for fault in faults]


def test_a_right_object_has_no_fault(book: SchemaBook) -> None:
    """One of Kubernetes' own, and one of ours."""
    assert judge(book, "v1 ConfigMap", data={"a": "b"}) == []
    spec = {"size": 1, "port": "http", "free": {"a": [1]}, "names": {"any": "x"}, "note": None}
    assert judge(book, "example.com/v1 Thing", spec={**spec, "object": {"kind": "a", "metadata": {}}}) == []


def test_an_unknown_field_is_a_fault(book: SchemaBook) -> None:
    """The API server would drop it without a word, wherever it stands."""
    assert judge(book, "v1 ConfigMap", dta={}) == ["dta"]
    assert judge(book, "example.com/v1 Thing", spec={"sizes": 1}) == ["spec.sizes"]
    ports = [{"port": 80, "target": 80}]
    assert judge(book, "v1 Service", spec={"ports": ports}) == ["spec.ports[0].target"]


def test_a_custom_resource_s_metadata_is_an_object_s(book: SchemaBook) -> None:
    """CustomResourceDefinitions say nothing of it."""
    faults = book.judge(
        {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x", "label": {"a": "b"}}}
    )
    assert [fault.field for fault in faults or ()] == ["metadata.label"]


def test_a_wrong_type_is_a_fault(book: SchemaBook) -> None:
    """With what was found and what it is not."""
    faults = book.judge({"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": "x"}]}})
    assert faults == [Fault("spec.ports[0].port", '"x" is no integer')]


def test_a_quantity_is_read_as_kubernetes_reads_it(book: SchemaBook) -> None:
    """`8GB` is no amount of memory, in a Rollout's pods neither, which its own definition takes for text."""
    spec = {"containers": [{"name": "a", "resources": {"limits": {"memory": "8GB"}}}]}
    field = "spec.containers[0].resources.limits.memory"
    assert judge(book, "v1 Pod", spec=spec) == [field]
    assert judge(book, "argoproj.io/v1alpha1 Rollout", spec={"template": {"spec": spec}}) == [f"spec.template.{field}"]


def test_a_kind_without_a_schema_is_no_verdict(book: SchemaBook) -> None:
    """It is neither right nor wrong."""
    assert judge(book, "example.com/v2 Thing") is None
    assert judge(book, "argoproj.io/v1alpha1 Rollout", spec={}) is None


def test_faults_come_to_an_end(book: SchemaBook) -> None:
    """A file of another kind altogether does not flood the terminal."""
    faults = judge(book, "v1 ConfigMap", **{f"x{number}": 1 for number in range(1000)})
    assert faults is not None
    assert len(faults) == MOST


@pytest.mark.parametrize(("asked", "given"), [("1.34", "1.34"), ("1.99", "1.37"), ("1.2", "1.25")])
def test_a_version_without_schemas_has_its_neighbour_s(asked: str, given: str) -> None:
    """The newest that is not newer; and whoever prints it says so."""
    assert CoreSchemas(asked).kubernetes == given
