"""Short forms become long ones; what is long, or of a wrong type, stays as it is."""

from typing import Any

import pytest

from hftgen.spec.long_form import FORMS, expand
from hftgen.spec.node import Node
from hftgen.spec.source import parse
from tests.unit.spec.samples import text, tree


def at(node: Node, *path: str | int) -> Node:
    """The node at a path that is there."""
    for part in path:
        value = node.value
        assert not isinstance(value, str)
        node = value[part]  # type: ignore[index]
    return node


def bare(node: Node) -> Any:
    """The tree as dict, list and str."""
    if isinstance(node.value, dict):
        return {key: bare(child) for key, child in node.value.items()}
    return [bare(child) for child in node.value] if isinstance(node.value, list) else node.value


def long(fields: str) -> Any:
    """The long form of a service's fields."""
    root = parse(f"services: {{x: {{{fields}}}}}".encode(), "spec.yaml")
    return bare(expand(root))["services"]["x"]


CASES = [
    ("cpu: 2", {"cpu": {"request": "2", "limit": "2"}}),
    ("cpu: {request: 1}", {"cpu": {"request": "1"}}),
    ("memory: 4Gi", {"memory": {"request": "4Gi", "limit": "4Gi"}}),
    ("ports: {http: 8080}", {"ports": {"http": {"port": "8080"}}}),
    ("ports: {http: {port: 80, target: 8080}}", {"ports": {"http": {"port": "80", "target": "8080"}}}),
    ("probes: {ready: /ready, live: /live}", {"probes": {"ready": {"http": "/ready"}, "live": {"http": "/live"}}}),
    ("probes: {startup: 60s}", {"probes": {"startup": {"budget": "60s"}}}),
    ("probes: {live: {grpc: grpc}}", {"probes": {"live": {"grpc": "grpc"}}}),
    ("files: {a: b}", {"files": {"a": {"content": "b"}}}),
    ("files: {a: {from: b}}", {"files": {"a": {"from": "b"}}}),
    ("calls: [a, {host: b}]", {"calls": [{"service": "a"}, {"host": "b"}]}),
    ("shutdown: 60s", {"shutdown": {"grace": "60s"}}),
    ("history: 3", {"history": {"succeeded": "3", "failed": "3"}}),
    ("concurrency: Forbid", {"concurrency": "forbid"}),
    ("metrics: none", {"metrics": {"enabled": "false"}}),
    ("freeze: none", {"freeze": {"calendars": []}}),
    ("config: {A: none}", {"config": {"A": "none"}}),
    ("release: {steps: [10, 100]}", {"release": {"steps": [{"weight": "10"}, {"weight": "100"}]}}),
    ("release: {analysis: none}", {"release": {"analysis": {"enabled": "false"}}}),
    ("release: {analysis: {pre: none}}", {"release": {"analysis": {"pre": {"enabled": "false"}}}}),
    (
        "release: {steps: [10, {weight: 50, pause: manual}, 100], pause: 5m}",
        {
            "release": {
                "steps": [{"weight": "10", "pause": "5m"}, {"weight": "50", "pause": "manual"}, {"weight": "100"}]
            }
        },
    ),
    ("release: {pause: 5m}", {"release": {"pause": "5m"}}),
    (
        "release: {steps: [10, 100], pause: soon}",
        {"release": {"steps": [{"weight": "10"}, {"weight": "100"}], "pause": "soon"}},
    ),
    (
        "sidecars: {p: {cpu: 1, ports: {a: 1}}}",
        {"sidecars": {"p": {"cpu": {"request": "1", "limit": "1"}, "ports": {"a": {"port": "1"}}}}},
    ),
    ("init: [{name: a, memory: 1Gi}]", {"init": [{"name": "a", "memory": {"request": "1Gi", "limit": "1Gi"}}]}),
    (
        "clusters: {c: {cpu: 1, freeze: none}}",
        {"clusters": {"c": {"cpu": {"request": "1", "limit": "1"}, "freeze": {"calendars": []}}}},
    ),
]


@pytest.mark.parametrize(("short", "expected"), CASES, ids=[short for short, _ in CASES])
def test_a_short_form_becomes_its_long_form(short: str, expected: Any) -> None:
    """Every short form has one long form, in a cluster's overrides, init containers and sidecars too."""
    assert long(short) == expected


@pytest.mark.parametrize(
    "fields",
    [
        "cpu: [1]",
        "ports: 8080",
        "ports: [8080]",
        "probes: /ready",
        "files: text",
        "calls: a",
        "calls: {a: b}",
        "release: canary",
        "release: {steps: 10, pause: 5m}",
        "release: [none]",
        "metrics: None",
        "freeze: [none]",
        "cpu: ~",
        "init: {name: a}",
        "sidecars: [a]",
    ],
)
def test_wrong_types_are_left_to_the_models(fields: str) -> None:
    """What is neither short nor long form passes untouched, the very same nodes."""
    root = parse(f"services: {{x: {{{fields}}}}}".encode(), "spec.yaml")
    assert expand(root) is root


@pytest.mark.parametrize("content", ["services: a", "services: [a]", "services: {x: a}", "gitops: none"])
def test_any_tree_passes(content: str) -> None:
    """A spec that is none at all does not break the expansion."""
    root = parse(content.encode(), "spec.yaml")
    assert expand(root) is root


@pytest.mark.parametrize(
    "names", [("base.yaml", "production.yaml"), ("base.yaml", "production.yaml", "long-forms.yaml")]
)
def test_long_forms_stay(names: tuple[str, ...]) -> None:
    """Expanding twice changes nothing and makes no node anew; the short tree is not changed."""
    root = tree(*map(text, names))
    before = bare(root)
    once = expand(root)
    assert expand(once) is once
    assert bare(root) == before


def test_a_new_node_stands_where_the_short_form_did() -> None:
    """Errors point at what a person wrote: the key and the value of the short form."""
    root = parse(
        b"services:\n  x:\n    release:\n      steps: [10,\n        100]\n      pause: 5m\n    cpu: 2\n", "spec.yaml"
    )
    service = at(expand(root), "services", "x")
    cpu, steps = at(service, "cpu"), at(service, "release", "steps")
    limit = at(cpu, "limit")
    assert (cpu.file, cpu.line, cpu.column, cpu.key_line, cpu.key_column) == ("spec.yaml", 7, 10, 7, 5)
    assert (limit.line, limit.column, limit.plain) == (7, 10, True)
    assert (at(steps, 0, "weight").line, at(steps, 0, "pause").line) == (4, 6)
    assert (steps.key_line, at(steps, 1).line) == (4, 5)


def test_quotes_are_remembered() -> None:
    """A short form in quotes is quoted in long form, so that `ports: {http: "8080"}` stays an error."""
    root = expand(parse(b'services: {x: {ports: {http: "8080"}}}', "spec.yaml"))
    assert not at(root, "services", "x", "ports", "http", "port").plain


def test_the_table_says_what_it_does() -> None:
    """Every short form has words for the documentation and stands once in the table."""
    assert all(form.words for form in FORMS)
    assert len({(form.path, form.words) for form in FORMS}) == len(FORMS)
