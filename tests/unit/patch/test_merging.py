"""Merge patches: RFC 7386, and lists of Kubernetes objects by their keys."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hftgen.patch.apply import Verdict, apply
from hftgen.patch.error import PatchError
from hftgen.patch.merging import Merge
from hftgen.patch.tree import take_values

PATH: list[str | int] = ["services", "web", "patches", 0]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=1), inner),
    max_leaves=10,
)
MAPPING = st.dictionaries(st.text("abc", min_size=1, max_size=1), JSON)


def merge(target: dict[str, Any], patch: dict[str, Any], kind: str = "Deployment") -> Any:
    """What a merge gives, without the comments that say so."""
    tree = copy.deepcopy(target)
    Merge(kind, "a note").into(tree, patch)
    return take_values(tree, comments=False)


def make_pod(**fields: Any) -> dict[str, Any]:
    """A Deployment with these fields in its pod."""
    return {"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": {"spec": fields}}}


def reference(target: Any, patch: Any) -> Any:
    """RFC 7386, section 2, line by line."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = reference(result.get(name), value)
    return result


@given(MAPPING, MAPPING)
def test_mappings_merge_as_the_standard_says(target: dict[str, Any], patch: dict[str, Any]) -> None:
    """Any mapping with any patch, as the pseudo-code of RFC 7386 has it."""
    assert merge(target, patch) == reference(target, patch)


@given(MAPPING, MAPPING)
def test_merging_twice_is_merging_once(target: dict[str, Any], patch: dict[str, Any]) -> None:
    """A merge says how things are, not what to do."""
    once = merge(target, patch)
    assert merge(once, patch) == once


def test_containers_merge_by_name() -> None:
    """The one that is named changes, the others stay, a new one comes last."""
    target = make_pod(containers=[{"name": "a", "args": ["x"]}, {"name": "b", "tty": True}])
    patch = make_pod(containers=[{"name": "c"}, {"name": "b", "tty": None, "stdin": True}])
    assert merge(target, patch) == make_pod(
        containers=[{"name": "a", "args": ["x"]}, {"name": "b", "stdin": True}, {"name": "c"}]
    )


def test_what_containers_hold_merges_by_its_own_keys() -> None:
    """Variables by name, mounts by path, ports by number and protocol, where TCP need not be said."""
    inside = {
        "env": [{"name": "A", "value": "1"}],
        "volumeMounts": [{"mountPath": "/a", "name": "a"}],
        "ports": [{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "TCP"}],
    }
    change = {
        "env": [{"name": "A", "value": "2"}],
        "volumeMounts": [{"mountPath": "/a", "readOnly": True}],
        "ports": [{"containerPort": 53, "name": "dns"}],
    }
    target = make_pod(containers=[{"name": "a", **inside}])
    assert merge(target, make_pod(containers=[{"name": "a", **change}])) == make_pod(
        containers=[
            {
                "name": "a",
                "env": [{"name": "A", "value": "2"}],
                "volumeMounts": [{"mountPath": "/a", "name": "a", "readOnly": True}],
                "ports": [
                    {"containerPort": 53, "protocol": "UDP"},
                    {"containerPort": 53, "protocol": "TCP", "name": "dns"},
                ],
            }
        ]
    )


@pytest.mark.parametrize("field", ["tolerations", "volumeClaimTemplates"])
def test_other_lists_are_replaced(field: str) -> None:
    """As the API server replaces what has no keys."""
    assert merge(make_pod(**{field: [{"key": "a"}]}), make_pod(**{field: [{"key": "b"}]})) == make_pod(
        **{field: [{"key": "b"}]}
    )


def test_ports_of_a_network_policy_have_no_key() -> None:
    """A list of the same name in another kind is another list."""
    target = {"spec": {"egress": [{"ports": [{"port": 53}]}], "ports": [{"port": 1}]}}
    patch = {"spec": {"egress": [{"ports": [{"port": 54}]}], "ports": [{"port": 2}]}}
    assert merge(target, patch, "NetworkPolicy") == patch
    assert merge(target, patch, "Service")["spec"]["ports"] == [{"port": 1}, {"port": 2}]


def test_an_item_without_its_key_is_refused() -> None:
    """It would mean nobody, or everybody."""
    with pytest.raises(PatchError) as caught:
        merge(make_pod(containers=[{"name": "a"}]), make_pod(containers=[{"tty": True}]))
    assert caught.value.path == ("merge", "spec", "template", "spec", "containers", 0)


def test_what_is_set_says_who_set_it() -> None:
    """The comment of the old value goes; what was equal keeps its own."""
    target = {"kind": "Job", "metadata": {"name": "j"}, "spec": {"#a": "old", "a": 1, "#b": "kept", "b": 2}}
    patch = {"path": PATH, "merge": {"spec": {"a": 3, "b": 2, "c": {"d": None, "e": 5}}}}
    patched, verdicts = apply(target, None, [patch])
    note = "Patched: services.web.patches[0]."
    assert patched["spec"] == {"#a": note, "a": 3, "#b": "kept", "b": 2, "#c": note, "c": {"e": 5}}
    assert verdicts == [Verdict(tuple(PATH), changed=True)]


def test_true_is_not_one() -> None:
    """JSON knows them apart, even if Python does not."""
    target = {"kind": "Job", "metadata": {"name": "j"}, "spec": {"a": 1}}
    patched, verdicts = apply(target, None, [{"path": PATH, "merge": {"spec": {"a": True}}}])
    assert patched["spec"]["a"] is True
    assert verdicts[0].changed
