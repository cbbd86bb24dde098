"""The JSON Schema: nothing that the loader accepts is refused, and mistakes are refused by both."""

import copy
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from hftgen.spec.environment import Environment
from hftgen.spec.long_form import FORMS, expand
from hftgen.spec.node import Node, to_plain
from hftgen.spec.schema import list_nodes, schema
from tests.unit.spec.samples import PLAIN, environment, text, tree, value

FILE, RESOLVED = schema(resolved=False), schema(resolved=True)
ONE_FILE, MERGED = Draft202012Validator(FILE), Draft202012Validator(RESOLVED)
REFERENCE = (text("base.yaml"), text("production.yaml"), text("long-forms.yaml"))

PLACES: list[Any] = [
    0, 1, 2, 100, -1, 0.5, 70000, 2**60, True, False, "", "a", "A b", "none", "manual", "5m", "1Gi", "50%", "/a",
    "8080", "10.0.0.0/8", "0 2 * * *", "istio", "true", [], ["a"], [1], {}, {"a": "b"}, {"a": {}}, {"service": "a"},
    {"tcp": "http"},
]  # fmt: skip
STEP = int(os.environ.get("HFTGEN_STEP", "29"))
"""Of the changes of the reference spec one in so many is tried: 1 tries all."""
KEYS = ["a", "A", "1", "a.b", "a/b", "", "-a", "platform", "x" * 60, "LOG_LEVEL"]


def node(given: Any) -> Node:
    """The tree that the YAML of a JSON value has."""
    if isinstance(given, dict):
        return Node({key: node(child) for key, child in given.items()}, "f", 1, 1)
    if isinstance(given, list):
        return Node([node(child) for child in given], "f", 1, 1)
    written = given if isinstance(given, str) else json.dumps(given)
    return Node(written, "f", 1, 1, plain=not isinstance(given, str))


def is_valid(given: Any) -> bool:
    """Whether the models take a merged spec."""
    try:
        Environment.model_validate(to_plain(expand(node(given))))
    except ValidationError:
        return False
    return True


def resolved(*texts: str) -> Any:
    """The merged spec as an editor would read it, short forms and all."""
    return _read(tree(*texts))


def _read(tree_: Node) -> Any:
    if isinstance(tree_.value, dict):
        return {key: _read(child) for key, child in tree_.value.items()}
    if isinstance(tree_.value, list):
        return [_read(child) for child in tree_.value]
    return value(tree_.value) if tree_.plain else tree_.value


def variants(given: Any) -> Iterator[None]:
    """Changes a tree in one place after the other: another value, another key, a field less. It is whole at the end.

    Not below `clusters` of a service, which the loader checks once it is merged.
    """
    for key in list(given) if isinstance(given, dict) else range(len(given)):
        if key == "clusters" and "image" in given:
            continue
        kept = copy.copy(given)
        for other in PLACES:
            given[key] = copy.deepcopy(other)
            yield
        given[key] = kept[key]
        if isinstance(given, dict):
            yield from _other_keys(given, key, kept)
        if isinstance(kept[key], (dict, list)):
            yield from variants(kept[key])


def _other_keys(given: dict[str, Any], key: Any, kept: dict[str, Any]) -> Iterator[None]:
    for name in KEYS:
        _restore(given, {name if each == key else each: child for each, child in kept.items()})
        yield
    _restore(given, {each: child for each, child in kept.items() if each != key})
    yield
    _restore(given, kept)


def _restore(given: dict[str, Any], fields: dict[str, Any]) -> None:
    given.clear()
    given.update(fields)


def _parts() -> list[tuple[str, Any]]:
    """The reference spec in parts, each an environment of its own that is small enough to be tried often."""
    whole = resolved(*REFERENCE)
    least = value(PLAIN)
    example = {"environment": least, "service": {**least, "services": {"example": whole["services"]["example"]}}}
    for name in (
        "clusters",
        "gitops",
        "observability",
        "secrets",
        "recovery",
        "datastores",
        "build",
        "addons",
        "ci",
        "cost",
    ):
        example[name] = {**least, name: whole[name]}
    stateful = {name: whole["services"][name] for name in ("trading-engine", "risk-gateway")}
    example["stateful"] = {**least, "services": stateful}
    return list(example.items())


PARTS = _parts()


@pytest.mark.parametrize(("name", "part"), PARTS, ids=[name for name, _ in PARTS])
def test_nothing_accepted_is_refused(name: str, part: Any) -> None:
    """Whatever one changes in the reference spec: where the models take it, both schemas do. A part is tried."""
    assert is_valid(part), name
    accepted = 0
    for number, _ in enumerate(variants(part)):
        if (number < 100 or number % STEP == 0) and is_valid(part):
            accepted += 1
            assert [error.message for error in MERGED.iter_errors(part)] == []
            assert ONE_FILE.is_valid(part)
    assert accepted > 0


@pytest.mark.parametrize("name", ["base.yaml", "production.yaml", "long-forms.yaml"])
def test_one_file_is_described(name: str) -> None:
    """Each file of the reference spec is valid by itself, though it is no whole environment."""
    assert [error.message for error in ONE_FILE.iter_errors(value(text(name)))] == []
    assert not MERGED.is_valid(value(text(name)))


def test_a_merged_spec_is_described() -> None:
    """The resolved schema takes the merged spec in short form, in long form, and as the models dump it."""
    whole = tree(*REFERENCE)
    dump = environment(*REFERENCE).model_dump(mode="json", exclude_none=True)
    for given in (_read(whole), _read(expand(whole)), dump, value(PLAIN)):
        assert [error.message for error in MERGED.iter_errors(given)] == []


@pytest.mark.parametrize(
    "content",
    [
        "services: {web: ~}",
        "services: {web: {replicas: ~, cpu: ~, clusters: {main: {replicas: ~}}}}",
        "services: {web: {ports: {http: {target: ~}}, config: {A: ~}}}",
        "services: {web: {release: {strategy: rolling, steps: ~, pause: ~}}}",
        "services: {web: {probes: {ready: {tcp: http, http: ~}}}}",
        "services: {web: {init: [{name: a, image: b, cpu: ~}]}}",
        "services: {web: {release: {partition: 1}, volumes: {data: {size: 5Gi}}, autoscale: {min: 4}}}",
        "datastores: {db: {storage: 5Gi}}",
        "services: {}\nclusters: {}\ngitops: ~",
        "extends: [a.yaml, b.yaml]",
        "extends: a.yaml\nproject: true\nowner: {team: 1.5, contact: yes}",
    ],
)
def test_a_part_of_a_spec_is_described(content: str) -> None:
    """A file may say a part of anything, and null wherever a key may be removed."""
    assert [error.message for error in ONE_FILE.iter_errors(value(content))] == []


MISTAKES = [
    "servces: {}",
    "tier: prod",
    "apiVersion: hftgen/v2",
    "project: HFT",
    "environment: repository",
    "kubernetes: {version: v1.36}",
    "kubernetes: {version: 1.36.2}",
    "gitops: {repoURL: not-a-repository}",
    "gitops: {autoSync: 'yes'}",
    "gitops: {freeze: {calendars: XNYS}}",
    "gitops: {freeze: {calendars: [], before: 60}}",
    "clusters: {main: {cloud: ovh}}",
    "clusters: {main: {role: secondary}}",
    "clusters: {main: {network: {vpc: 10.0.0.0}}}",
    "clusters: {main: {pools: {p: {machine: m, min: 1, max: 0}}}}",
    "clusters: {main: {pools: {p: {machine: m, min: 1, max: 2, hugepages: {4Mi: 1Gi}}}}}",
    "services: {Web: {image: a}}",
    "services: {platform: {image: a}}",
    "services: {web: {image: 'a b'}}",
    "services: {web: {imag: a}}",
    "services: {web: {replicas: '2'}}",
    "services: {web: {replicas: -1}}",
    "services: {web: {replicas: two}}",
    "services: {web: {cpu: 2 cores}}",
    "services: {web: {memory: 8GB}}",
    "services: {web: {memory: 64}}",
    "services: {web: {ports: {http: 0}}}",
    "services: {web: {ports: {http: {port: 80, protocol: tcp}}}}",
    "services: {web: {ports: {this-name-is-too-long: 80}}}",
    "services: {web: {config: [A, B]}}",
    "services: {web: {config: {1A: b}}}",
    "services: {web: {config: {A: {feild: status.podIP}}}}",
    "services: {web: {files: {a/b: c}}}",
    "services: {web: {volumes: {data: {path: data, size: 1Gi}}}}",
    "services: {web: {probes: {ready: ready}}}",
    "services: {web: {probes: {startup: soon}}}",
    "services: {web: {probes: {live: {http: /live, tpc: a}}}}",
    "services: {web: {calls: [{service: a, prot: b}]}}",
    "services: {web: {calls: web}}",
    "services: {web: {slo: {latencyP99: 5}}}",
    "services: {web: {slo: {errors: 1}}}",
    "services: {web: {release: {strategy: canary, steps: [10, 200]}}}",
    "services: {web: {release: {strategy: canary, steps: [100], maxSurge: 1}}}",
    "services: {web: {release: {strategy: green}}}",
    "services: {web: {schedule: daily}}",
    "services: {web: {labels: {a b: c}}}",
    "services: {web: {clusters: {main: {latency: low}}}}",
    "services: {web: {patches: [{target: {kind: service}, merge: {}}]}}",
    "waivers: [{rule: S08, object: a, reason: b, owner: c, expires: 2027-12-31}]",
    "waivers: [{rule: HFT-S08, object: a, reason: b, owner: c, expires: 31.12.2027}]",
    "datastores: {db: {engine: mysql, version: 8, placement: cluster}}",
    "recovery: {rto: 0s, rpo: 1m, replication: continuous}",
    "cost: {currency: Euro, monthlyBudget: 5}",
    "prices: {m: free}",
    "ci: {systems: [travis]}",
    "build: {standard: 21, compiler: {name: gcc, version: 13}}",
]

LATE = [
    "services: {web: {workload: stateful}}",
    "services: {web: {release: {strategy: canary, steps: [50, 10, 100]}}}",
    "services: {web: {probes: {ready: {tcp: http}}}}",
    "services: {web: {cpu: {request: 2, limit: 1}}}",
    "clusters: {main: {account: 1, cloud: aws}}",
    "clusters: {main: {network: {vpc: 10.0.0.1/8}}}",
    "gitops: {freeze: {calendars: [], horizon: {start: 2027-01-01, end: 2026-01-01}}}",
]


@pytest.mark.parametrize("content", MISTAKES)
def test_mistakes_are_refused_by_both(content: str) -> None:
    """Unknown keys, wrong types, enums, patterns and ranges are refused by the loader and by the editor."""
    assert not is_valid(resolved(PLAIN, content))
    assert not MERGED.is_valid(resolved(PLAIN, content))
    assert not ONE_FILE.is_valid(value(content))


@pytest.mark.parametrize("content", LATE)
def test_rules_over_several_fields_are_the_loaders(content: str) -> None:
    """What no schema can see is refused by the loader alone."""
    assert not is_valid(resolved(PLAIN, content))
    assert ONE_FILE.is_valid(value(content))


@pytest.mark.parametrize("given", [FILE, RESOLVED], ids=["file", "resolved"])
def test_the_schemas_are_complete(given: dict[str, Any]) -> None:
    """Both are JSON Schema 2020-12 with an id; every field has a title, words and an example that is valid."""
    Draft202012Validator.check_schema(given)
    whole = Draft202012Validator(given)
    assert given["$schema"].endswith("2020-12/schema")
    assert given["$id"].startswith("urn:hftgen:v1:")
    for model in list_nodes(given):
        for name, field in model.get("properties", {}).items() if model.get("additionalProperties") is False else ():
            if field == {"type": "null"}:
                continue
            assert field["title"] == name
            assert field["description"].endswith(".")
            for example in field.get("examples", ()):
                assert whole.evolve(schema=field).is_valid(example), (model["title"], name, example)


def test_the_order_is_stable() -> None:
    """The same bytes each time; fields stand in the order of the models."""
    assert json.dumps(schema(resolved=False)) == json.dumps(FILE)
    assert list(FILE["properties"])[:4] == ["extends", "apiVersion", "project", "environment"]


def test_each_short_form_is_described() -> None:
    """The schema of a file has every short form of the table."""
    said = {node.get("description") for node in list_nodes(FILE)}
    for form in FORMS:
        if form.schema:
            assert any(
                str(words).startswith("Short form") and str(words).endswith(f": {form.words}.") for words in said
            )


@pytest.mark.parametrize("model", [name for name in FILE["$defs"] if name.startswith(("Part", "Item"))])
def test_editors_may_follow_each_model(model: str) -> None:
    """No model is open: an unknown field is refused."""
    assert FILE["$defs"][model]["additionalProperties"] is False
