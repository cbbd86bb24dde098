"""The Helm chart's templates and values know each other. Equality of the objects is proved with Helm itself."""

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from tests.unit.templates import trees

REFERENCE = re.compile(r'\(index \.Values\.(\w+)((?: "[^"]+")+)\)\.(\w+)')

GUARD = re.compile(r"^\{\{- if .*\.Values\.cluster .*$", re.MULTILINE)


def read_chart(name: str) -> dict[str, str]:
    """The chart's files as text, by path below the chart's folder."""
    files = trees.render_texts(name)
    return {path.split("/", 2)[2]: text for path, text in files.items() if path.startswith("helm/")}


def merge(values: Any, difference: Any) -> Any:
    """As Helm merges a values file onto the chart's values."""
    if not isinstance(values, dict) or not isinstance(difference, dict):
        return difference
    kept = {key: value for key, value in values.items() if key not in difference}
    changed = {key: merge(values.get(key), value) for key, value in difference.items() if value is not None}
    return kept | changed


def list_values(chart: dict[str, str]) -> dict[str, Any]:
    """The values of each cluster."""
    own = yaml.safe_load(chart["values.yaml"])
    return {
        path.removeprefix("values-").removesuffix(".yaml"): merge(own, yaml.safe_load(text))
        for path, text in chart.items()
        if path.startswith("values-")
    }


def show(text: str, cluster: str) -> str:
    """The documents of a template that this cluster is shown: a guard's line names those that it is for."""
    guards = [GUARD.search(document) for document in text.split("\n---\n")]
    documents = zip(text.split("\n---\n"), guards, strict=True)
    return "\n".join(document for document, guard in documents if guard is None or f'"{cluster}"' in guard[0])


@pytest.mark.parametrize("name", trees.ENVIRONMENTS)
def test_every_value_that_is_referred_to_exists(name: str) -> None:
    """Where its part runs: a missing one would be Helm's `nil pointer`."""
    chart = read_chart(name)
    for cluster, values in list_values(chart).items():
        assert values["cluster"] == cluster
        for path, text in chart.items():
            for root, keys, last in REFERENCE.findall(show(text, cluster)):
                place = values[root]
                for key in re.findall(r'"([^"]+)"', keys):
                    place = place[key]
                assert last in place or f'hasKey (index .Values.{root}{keys}) "{last}"' in text, (path, keys, last)


@pytest.mark.parametrize("name", trees.ENVIRONMENTS)
def test_values_meet_their_schema(name: str) -> None:
    """Those of every cluster, and no word more than the schema knows."""
    chart = read_chart(name)
    schema = json.loads(chart["values.schema.json"])
    jsonschema.Draft7Validator.check_schema(schema)
    for values in list_values(chart).values():
        jsonschema.validate(values, schema, jsonschema.Draft7Validator)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(values | {"clustre": "x"}, schema, jsonschema.Draft7Validator)


def test_helm_leaves_text_of_the_spec_alone() -> None:
    """Braces of a configuration file are no template."""
    assert "{{ `{{` }}c}}" in read_chart("long")["templates/example.yaml"]


def test_a_release_knows_its_own_namespace_alone() -> None:
    """Installed elsewhere, the gateway takes routes from there, and an analysis measures the pods of there."""
    chart = read_chart("production")
    text = chart["templates/platform.yaml"] + chart["templates/order-gateway.yaml"]
    assert 'namespace="{{ .Release.Namespace }}"' in text
    assert 'namespace="hft-trading-production"' not in text
    assert "kubernetes.io/metadata.name: {{ .Release.Namespace | quote }}" in text
    assert "kubernetes.io/metadata.name: hft-trading-production" not in text
