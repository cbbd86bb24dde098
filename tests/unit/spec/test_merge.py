"""The raw merge: what a child says wins, kinds displace, null removes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hftgen.spec.kinds import SERVICE
from hftgen.spec.merge import merge, prune, stray_nulls
from hftgen.spec.node import Node
from hftgen.spec.source import parse


def read(text: str, file: str = "f") -> Node:
    """The tree of a spec's text."""
    return parse(text.encode(), file)


def plain(node: Node) -> Any:
    """The tree as dict, list and str; a null is None."""
    value = node.value
    if isinstance(value, dict):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [plain(child) for child in value]
    return None if node.is_null() else value


def merged(*texts: str) -> Any:
    """The resolved value of texts that extend each other, the first the parent of all."""
    root = read(texts[0], "0.yaml")
    for number, text in enumerate(texts[1:], 1):
        root = merge(root, read(text, f"{number}.yaml"))
    return plain(prune(root))


def service(*texts: str) -> Any:
    """As merged, of the fields of one service."""
    return merged(*(f"services: {{x: {text}}}" for text in texts))["services"]["x"]


def node(value: Any) -> Node:
    """A tree of plain values; None is a null."""
    if isinstance(value, dict):
        return Node({key: node(child) for key, child in value.items()}, "f", 1, 1)
    if isinstance(value, list):
        return Node([node(child) for child in value], "f", 1, 1)
    return Node("~" if value is None else value, "f", 1, 1, plain=value is None)


@pytest.mark.parametrize(
    ("parent", "child", "result"),
    [
        ("{a: 1, b: 2}", "{b: 3, c: 4}", {"a": "1", "b": "3", "c": "4"}),
        ("{a: {b: {c: 1, d: 2}}}", "{a: {b: {d: 3}}}", {"a": {"b": {"c": "1", "d": "3"}}}),
        ("{a: [1, 2]}", "{a: [3]}", {"a": ["3"]}),
        ("{a: [1]}", "{a: []}", {"a": []}),
        ("{a: {b: 1}}", "{a: 2}", {"a": "2"}),
        ("{a: 2}", "{a: {b: 1}}", {"a": {"b": "1"}}),
        ("{a: {b: 1}}", "{a: [1]}", {"a": ["1"]}),
        ("{a: {b: 1}}", "{a: {}}", {"a": {"b": "1"}}),
        ("{a: 1, b: 2}", "{a: null}", {"b": "2"}),
        ("{a: {b: 1}}", "{a: {b: ~}}", {"a": {}}),
        ("{a: {b: 1}, c: 1}", "{a: }", {"c": "1"}),
        ("{a: 1}", "{b: null}", {"a": "1"}),
        ("{a: 1}", "{a: 'null'}", {"a": "null"}),
        ("{a: 1}", "{a: ''}", {"a": ""}),
        ("{a: null}", "{a: {b: 1}}", {"a": {"b": "1"}}),
    ],
)
def test_merge(parent: str, child: str, result: Any) -> None:
    """Mappings merge key by key, lists and scalars replace, a scalar and a mapping replace each other, null removes."""
    assert merged(parent, child) == result


def test_null_removes_over_several_files() -> None:
    """A key that one file removes may come back in the next, without what was removed."""
    assert merged("{a: {b: 1}}", "{a: null}", "{a: {c: 2}}") == {"a": {"c": "2"}}


def test_null_stays_a_mark_until_the_end() -> None:
    """The second file of a list of `extends` removes what the first one says."""
    second = merge(read("{c: 1}"), read("{a: null}"))
    assert plain(prune(merge(read("{a: 1, b: 2}"), second))) == {"b": "2", "c": "1"}


def test_null_inside_lists_of_mappings() -> None:
    """A mapping inside a list loses its null fields too; a null item is stray, with its path."""
    root = read("{a: [{b: 1, c: null}, null, [~]], services: {x: {patches: [null, {a: [null]}]}}}")
    assert plain(prune(root))["a"][0] == {"b": "1"}
    assert [path for path, _ in stray_nulls(root)] == [("a", 1), ("a", 2, 0)]


@pytest.mark.parametrize("at", ["services: {x: {patches: %s}}", "services: {x: {clusters: {c: {patches: %s}}}}"])
def test_patches_keep_their_nulls(at: str) -> None:
    """In patches a null is what is written: RFC 7386 removes by it."""
    patches = "[{merge: {spec: {paused: null}}}]"
    assert "'paused': None" in str(merged(at % patches))
    assert "patches" not in str(merged(at % patches, at % "null"))


def test_a_service_called_patches_is_a_service() -> None:
    """Only a service's own field `patches` is kept as written."""
    assert merged("services: {patches: {replicas: null, cpu: 1}}") == {"services": {"patches": {"cpu": "1"}}}


@pytest.mark.parametrize(
    ("parent", "child", "result"),
    [
        # release.strategy
        ("{release: {strategy: canary, steps: [1]}}", "{release: {strategy: rolling}}", {"strategy": "rolling"}),
        (
            "{release: {strategy: canary, pause: 5m}}",
            "{release: {pause: 9m}}",
            {"strategy": "canary", "pause": "9m"},
        ),
        (
            "{release: {strategy: canary, pause: 5m}}",
            "{release: {strategy: canary, steps: [1]}}",
            {"strategy": "canary", "pause": "5m", "steps": ["1"]},
        ),
        ("{release: {pause: 5m}}", "{release: {strategy: canary}}", {"strategy": "canary", "pause": "5m"}),
        ("{release: {strategy: canary, pause: 5m}}", "{release: {strategy: null}}", {"pause": "5m"}),
        # a probe
        ("{probes: {ready: {http: /a, port: p}}}", "{probes: {ready: {grpc: p}}}", {"ready": {"grpc": "p"}}),
        (
            "{probes: {ready: {http: /a, port: p}}}",
            "{probes: {ready: {delay: 1s}}}",
            {"ready": {"http": "/a", "port": "p", "delay": "1s"}},
        ),
        (
            "{probes: {live: {http: /a, delay: 1s}}}",
            "{probes: {live: {http: /b}}}",
            {"live": {"http": "/b", "delay": "1s"}},
        ),
        ("{probes: {live: {exec: [a], delay: 1s}}}", "{probes: {live: {tcp: p, exec: null}}}", {"live": {"tcp": "p"}}),
        ("{probes: {startup: 60s}}", "{probes: {startup: {tcp: p}}}", {"startup": {"tcp": "p"}}),
        ("{probes: {startup: {budget: 60s}}}", "{probes: {startup: {tcp: p}}}", {"startup": {"tcp": "p"}}),
        # a volume
        (
            "{volumes: {d: {path: /d, size: 1Gi, class: fast}}}",
            "{volumes: {d: {size: 2Gi}}}",
            {"d": {"path": "/d", "size": "2Gi", "class": "fast"}},
        ),
        (
            "{volumes: {d: {path: /d, size: 1Gi}}}",
            "{volumes: {d: {path: /d, emptyDir: disk}}}",
            {"d": {"path": "/d", "emptyDir": "disk"}},
        ),
        (
            "{volumes: {d: {path: /d, emptyDir: memory, size: 1Mi}}}",
            "{volumes: {d: {path: /e, class: fast, size: 1Gi}}}",
            {"d": {"path": "/e", "class": "fast", "size": "1Gi"}},
        ),
        (
            "{volumes: {d: {path: /d, emptyDir: memory, size: 1Mi}}}",
            "{volumes: {d: {size: 2Mi}}}",
            {"d": {"path": "/d", "emptyDir": "memory", "size": "2Mi"}},
        ),
        # disruption
        ("{disruption: {minAvailable: 1}}", "{disruption: {maxUnavailable: 1}}", {"maxUnavailable": "1"}),
        # a config value's source
        ("{config: {A: {field: x}}}", "{config: {A: {resource: y}}}", {"A": {"resource": "y"}}),
        ("{config: {A: {field: x}}}", "{config: {A: text}}", {"A": "text"}),
        ("{config: {A: text}}", "{config: {A: {field: x}}}", {"A": {"field": "x"}}),
        # a file's
        ("{files: {a: {path: /a, from: b}}}", "{files: {a: {content: c}}}", {"a": {"content": "c"}}),
        # a sidecar's
        (
            "{sidecars: {p: {image: i, probes: {live: {http: /a}}}}}",
            "{sidecars: {p: {probes: {live: {tcp: p}}}}}",
            {"p": {"image": "i", "probes": {"live": {"tcp": "p"}}}},
        ),
    ],
)
def test_another_kind_replaces(parent: str, child: str, result: Any) -> None:
    """A mapping whose child names another kind is replaced; one that names the same or none is merged."""
    (value,) = service(parent, child).values()
    assert value == result


def test_kinds_on_a_cluster() -> None:
    """The kinds are the same below `services.X.clusters.C`, in both ways an override meets its service."""
    parent = "{clusters: {c: {probes: {live: {http: /a}}, autoscale: {min: 1}}}}"
    child = "{clusters: {c: {probes: {live: {tcp: p}}, replicas: 0}}}"
    expected = {"probes": {"live": {"tcp": "p"}}, "replicas": "0"}
    assert service(parent, child) == {"clusters": {"c": expected}}
    base, override = (
        read("{autoscale: {min: 2}, probes: {live: {http: /a}}}"),
        read("{replicas: 0, probes: {live: {tcp: p}}}"),
    )
    assert plain(merge(base, override, SERVICE)) == expected


def test_datastore_placement() -> None:
    """A datastore placed elsewhere is written anew; one that stays is merged."""
    parent = "datastores: {d: {engine: postgres, placement: cluster, cpu: 2}}"
    assert merged(parent, "datastores: {d: {placement: external, address: a}}")["datastores"]["d"] == {
        "placement": "external",
        "address": "a",
    }
    assert merged(parent, "datastores: {d: {cpu: 3}}")["datastores"]["d"]["engine"] == "postgres"


def test_kinds_hold_only_in_their_place() -> None:
    """The same words elsewhere are ordinary fields: a config variable may be called http."""
    assert service("{config: {http: a}}", "{config: {grpc: b}}") == {"config": {"http": "a", "grpc": "b"}}
    assert merged("{release: {strategy: a, x: 1}}", "{release: {strategy: b}}") == {
        "release": {"strategy": "b", "x": "1"}
    }


@pytest.mark.parametrize(
    ("parent", "child", "result"),
    [
        ("{replicas: 2, cpu: 1}", "{autoscale: {min: 2}}", {"autoscale": {"min": "2"}, "cpu": "1"}),
        ("{autoscale: {min: 2}}", "{replicas: 1}", {"replicas": "1"}),
        ("{autoscale: {min: 2, max: 6}}", "{autoscale: {max: 9}}", {"autoscale": {"min": "2", "max": "9"}}),
        ("{autoscale: {min: 2}}", "{replicas: null}", {"autoscale": {"min": "2"}}),
        ("{replicas: 2}", "{replicas: null, autoscale: {min: 1}}", {"autoscale": {"min": "1"}}),
        ("{cpu: 1}", "{replicas: 1, autoscale: {min: 1}}", {"cpu": "1", "replicas": "1", "autoscale": {"min": "1"}}),
    ],
)
def test_replicas_and_autoscale_displace_each_other(parent: str, child: str, result: Any) -> None:
    """Whichever the child says is the one; both in one file are the models' to refuse."""
    assert service(parent, child) == result


def test_weight_and_header_displace_each_other() -> None:
    """A variant is reached by weight or by header; the rest of it stays."""
    parent = "{release: {strategy: abTest, variants: {b: {image: i, weight: 50}}}}"
    child = "{release: {variants: {b: {header: {name: h}}}}}"
    assert service(parent, child)["release"]["variants"] == {"b": {"image": "i", "header": {"name": "h"}}}


def test_places_of_what_won() -> None:
    """A scalar stands where it was said last, a merged mapping where the child's stands."""
    root = merge(read("a: {b: 1, c: 2}\n", "base.yaml"), read("\na:\n  c: 3\n", "child.yaml"))
    assert isinstance(root.value, dict)
    inner = root.value["a"].value
    assert isinstance(inner, dict)
    places = [(each.file, each.line, each.column) for each in (root.value["a"], inner["b"], inner["c"])]
    assert places == [("child.yaml", 3, 3), ("base.yaml", 1, 8), ("child.yaml", 3, 6)]
    assert (root.value["a"].key_line, root.value["a"].key_column) == (2, 1)


def test_nothing_is_changed_in_place() -> None:
    """Parents are shared by environments: merging and pruning leave them as they were."""
    parent, child = read("a: {b: 1, c: null}\nd: [{e: null}]\n"), read("a: {b: 2}\n")
    before = plain(parent), plain(child)
    prune(merge(parent, child))
    assert (plain(parent), plain(child)) == before


keys = st.sampled_from(["a", "b", "replicas", "autoscale", "release", "strategy", "services"])
scalars = st.sampled_from(["x", "y", "rolling", "canary"])
filled = st.recursive(scalars | st.lists(scalars, max_size=2), lambda inner: st.dictionaries(keys, inner, max_size=3))
values = st.recursive(
    st.none() | scalars | st.lists(scalars, max_size=2), lambda inner: st.dictionaries(keys, inner, max_size=3)
)
mappings = st.dictionaries(keys, values, max_size=4)
no_nulls = st.dictionaries(keys, filled, max_size=4)


@given(mappings)
def test_merging_with_nothing_changes_nothing(value: dict[str, Any]) -> None:
    """The empty mapping is the identity, on both sides."""
    assert plain(merge(node(value), node({}))) == value
    assert plain(merge(node({}), node(value))) == value


@given(mappings, mappings)
def test_child_wins(parent: dict[str, Any], child: dict[str, Any]) -> None:
    """Every scalar, list and null of the child is in the result; every key was in one of the two."""
    result = plain(merge(node(parent), node(child)))
    assert all(result[key] == value for key, value in child.items() if not isinstance(value, dict))
    assert set(child) <= set(result) <= set(parent) | set(child)


@given(mappings, mappings)
def test_null_removes(parent: dict[str, Any], child: dict[str, Any]) -> None:
    """No null is left after pruning, and no key that the child removed."""
    result = plain(prune(merge(node(parent), node(child))))
    assert "None" not in str(result)
    assert not {key for key, value in child.items() if value is None} & set(result)


@given(mappings)
def test_merging_with_itself_changes_nothing(value: dict[str, Any]) -> None:
    """A file named twice in extends is as good as once."""
    assert plain(merge(node(value), node(value))) == value


@given(st.lists(no_nulls, min_size=3, max_size=3))
def test_associative_without_nulls_and_kinds(trees: list[dict[str, Any]]) -> None:
    """Outside the places with kinds, and without nulls or changes of shape, grouping does not matter."""
    one, two, three = (node(_only_mappings(tree)) for tree in trees)
    assert plain(merge(merge(one, two), three)) == plain(merge(one, merge(two, three)))


def _only_mappings(value: Any, depth: int = 0) -> Any:
    """The same tree with all leaves at one depth, and no key that has a meaning to kinds."""
    if depth == 3:
        return "leaf" if isinstance(value, dict) else value
    inner = value if isinstance(value, dict) else {"a": value}
    return {key.replace("services", "b"): _only_mappings(child, depth + 1) for key, child in inner.items()}
