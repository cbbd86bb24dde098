"""The model of Argo CD's ignored differences does what Argo CD documents and its issues tell."""

from typing import Any

import pytest

from tests.e2e.cluster.ignoring import cut, read_ignored, respect

_HASH = read_ignored({"kind": "Service", "name": "a", "jqPathExpressions": ['.spec.selector["pod-hash"]']})
_WEIGHT = read_ignored({"group": "example.com", "kind": "Route", "jqPathExpressions": [".spec.http[].weight"]})


def _service(name: str = "a", **selector: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"selector": selector}}


def _route(*routes: dict[str, Any], **spec: Any) -> dict[str, Any]:
    metadata = {"name": "a"}
    return {
        "apiVersion": "example.com/v1",
        "kind": "Route",
        "metadata": metadata,
        "spec": {"http": list(routes), **spec},
    }


def test_an_ignored_field_is_cut_where_it_is_meant() -> None:
    """Of the kind and name that are said, in each item of a list; what is not there is no matter."""
    assert cut(_service(app="a", **{"pod-hash": "1"}), (_HASH,)) == _service(app="a")
    assert cut(_service("b", **{"pod-hash": "1"}), (_HASH,)) == _service("b", **{"pod-hash": "1"})
    assert cut(_route({"to": "a", "weight": 1}, {"to": "b"}), (_WEIGHT,)) == _route({"to": "a"}, {"to": "b"})


def test_a_respected_field_stays_as_it_lives() -> None:
    """What is wanted beside it arrives all the same."""
    live, wanted = _service(app="a", **{"pod-hash": "1"}), _service(app="a", tier="x")
    assert respect(wanted, live, (_HASH,)) == _service(app="a", tier="x", **{"pod-hash": "1"})


def test_a_respected_field_in_a_list_keeps_the_whole_list() -> None:
    """argo-cd#23283: the merge patch knows no list but a whole one, so that changes inside it do not arrive."""
    live, wanted = _route({"to": "a", "weight": 9}), _route({"to": "b", "weight": 1}, hosts=["new"])
    assert respect(wanted, live, (_WEIGHT,)) == _route({"to": "a", "weight": 9}, hosts=["new"])


def test_pointers_are_read_as_rfc_6901_says() -> None:
    """A slash in a key is written ~1."""
    item = read_ignored({"kind": "Service", "jsonPointers": ["/metadata/annotations/example.com~1at"]})
    assert item.paths == (("metadata", "annotations", "example.com/at"),)


@pytest.mark.parametrize(
    "item", [{"jqPathExpressions": [".spec.http[] | select(.name)"]}, {"managedFieldsManagers": ["kubectl"]}]
)
def test_what_the_model_does_not_know_is_refused(item: dict[str, Any]) -> None:
    """A field that is passed over in silence would make the play prove what is not so."""
    with pytest.raises(LookupError, match="the model of Argo CD"):
        read_ignored({"kind": "Route", **item})
