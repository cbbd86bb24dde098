"""JSON patches: RFC 6902, with the examples of its appendix."""

import copy
from typing import Any

import pytest

from hftgen.patch.error import PatchError
from hftgen.patch.operations import operate
from hftgen.patch.tree import take_values

# Appendix A of RFC 6902: document, operations, result.
EXAMPLES: dict[str, tuple[Any, list[dict[str, Any]], Any]] = {
    "A.1": ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    "A.2": (
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    "A.3": ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    "A.4": ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    "A.5": (
        {"baz": "qux", "foo": "bar"},
        [{"op": "replace", "path": "/baz", "value": "boo"}],
        {"baz": "boo", "foo": "bar"},
    ),
    "A.6": (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    "A.7": (
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    "A.8": (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    "A.10": (
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
    "A.14": (
        {"/": 9, "~1": 10},
        [{"op": "test", "path": "/~01", "value": 10}],
        {"/": 9, "~1": 10},
    ),
    "A.16": (
        {"foo": ["bar"]},
        [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
        {"foo": ["bar", ["abc", "def"]]},
    ),
    "copy": ({"a": {"b": 1}}, [{"op": "copy", "from": "/a", "path": "/c"}], {"a": {"b": 1}, "c": {"b": 1}}),
}
REFUSED: dict[str, tuple[Any, dict[str, Any]]] = {
    "A.9": ({"baz": "qux"}, {"op": "test", "path": "/baz", "value": "bar"}),
    "A.12": ({"foo": "bar"}, {"op": "add", "path": "/baz/bat", "value": "qux"}),
    "A.15": ({"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": "10"}),
    "a leading zero": ({"a": [1, 2]}, {"op": "remove", "path": "/a/01"}),
    "a sign": ({"a": [1, 2]}, {"op": "remove", "path": "/a/-1"}),
    "past the end": ({"a": [1]}, {"op": "add", "path": "/a/2", "value": 1}),
    "the end is no item": ({"a": [1]}, {"op": "remove", "path": "/a/-"}),
    "digits of another script": ({"a": [1, 2]}, {"op": "remove", "path": "/a/\N{ARABIC-INDIC DIGIT ONE}"}),
    "replace of nothing": ({"a": 1}, {"op": "replace", "path": "/b", "value": 1}),
    "into itself": ({"a": {"b": 1}}, {"op": "move", "from": "/a", "path": "/a/b"}),
    "into a number": ({"a": 1}, {"op": "add", "path": "/a/b", "value": 1}),
    "true is not one": ({"a": 1}, {"op": "test", "path": "/a", "value": True}),
    "the whole": ({"a": 1}, {"op": "remove", "path": ""}),
    "a comment": ({"#a": "why", "a": 1}, {"op": "remove", "path": "/#a"}),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_standard(name: str) -> None:
    """Each does what the appendix says."""
    document, operations, expected = EXAMPLES[name]
    tree = copy.deepcopy(document)
    operate(tree, operations, "a note")
    assert take_values(tree, comments=False) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused(name: str) -> None:
    """With the place in the patch that says it."""
    document, operation = REFUSED[name]
    with pytest.raises(PatchError) as caught:
        operate(copy.deepcopy(document), [operation], "a note")
    assert caught.value.path[:2] == ("json", 0)
