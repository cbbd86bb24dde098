"""A real API server takes every object that is rendered, and a second apply changes none of them."""

from typing import Any

import pytest

from tests.e2e.cluster.asking import Answer, apply
from tests.e2e.cluster.controlplane import ControlPlane
from tests.e2e.cluster.deliveries import Delivery, deliveries
from tests.e2e.cluster.pods import list_pods
from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay, Tree
from tests.tools import manifests

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("admission")]


@pytest.fixture(scope="session")
def held() -> set[manifests.Key]:
    """What the server holds from one tree to the next."""
    return set()


def test_the_server_takes_every_object(
    api: ControlPlane, held: set[manifests.Key], tree: Tree, built: dict[Overlay, Built]
) -> None:
    """Of each cluster: every object asked about, each pod template as a Pod too, then all applied, and once more."""
    said = []
    for delivery in deliveries(tree, built):
        _make_room(api, held, delivery)
        said += [f"{delivery.name}: {line}" for line in _deliver(api, delivery)]
    assert said == [], "\n".join(said)


def test_what_is_wrong_is_refused(api: ControlPlane) -> None:
    """Fields that nobody knows, values that no controller takes, pods that a namespace does not admit: each is told."""
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "wrong", "labels": _RESTRICTED}}
    container = {"name": "a", "image": "a", "resources": {"limits": {"memory": "8GB"}}}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [container]}}
    meta = {"name": "a", "namespace": "wrong"}
    rollout = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": meta,
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template, "strategy": {"canary": {}}},
    }
    service = {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [{"port": 1, "prot": "TCP"}]}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "wrong"}}
    assert not apply(api, [space, account]).refusals
    objects = apply(api, [rollout, service], dry=True)
    assert [key[1] for key in objects.kept] == ["Rollout"]
    assert "field not declared in schema" in "".join(objects.refusals.values())
    (refusal,) = apply(api, list(list_pods([rollout])), dry=True).refusals.values()
    assert "quantities must match" in refusal
    del container["resources"]
    (refusal,) = apply(api, list(list_pods([rollout])), dry=True).refusals.values()
    assert 'violates PodSecurity "restricted' in refusal


# Google's controller reads the class of an internal Ingress here, and nowhere else.
_KNOWN = 'annotation "kubernetes.io/ingress.class" is deprecated'

_RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


def _make_room(api: ControlPlane, held: set[manifests.Key], delivery: Delivery) -> None:
    """Begin anew where an object is there already: each cluster of an environment is a cluster of its own."""
    keys = {manifests.identify(one) for one in delivery.objects}
    if keys & held:
        api.restart()
        held.clear()
    held |= keys


def _deliver(api: ControlPlane, delivery: Delivery) -> list[str]:
    """All that was not as it should be."""
    pods = list(list_pods(delivery.objects))
    assert pods, delivery.name
    before = apply(api, [*delivery.surroundings(), *delivery.first(), *delivery.accounts()])
    asked = apply(api, delivery.objects, dry=True)
    asked_pods = apply(api, pods, dry=True)
    first = apply(api, delivery.objects)
    second, third = apply(api, delivery.objects), apply(api, delivery.objects)
    return [
        *_read("first of all", before),
        *_read("asked", asked),
        *_read("asked, as a Pod", asked_pods),
        *_read("applied", first),
        *_read("applied again", second),
        *(f"changed by a second apply: {'/'.join(key)}" for key in _changed(first, second)),
        *(f"written by a third apply: {'/'.join(key)}" for key in _written(second, third)),
    ]


def _read(stage: str, answer: Answer) -> list[str]:
    refusals = [f"{'/'.join(key)}: {text}" for key, text in answer.refusals.items()]
    warnings = [text for text in dict.fromkeys(answer.warnings) if not text.startswith(_KNOWN)]
    return [f"{stage}: {text}" for text in (*refusals, *warnings)]


def _changed(before: Answer, after: Answer) -> list[manifests.Key]:
    """What differs; a version is no difference: a status that the server itself begins is settled by the second."""
    return [
        key for key, value in before.kept.items() if key in after.kept and _content(value) != _content(after.kept[key])
    ]


def _written(before: Answer, after: Answer) -> list[manifests.Key]:
    return sorted(key for key in before.kept.keys() & after.kept.keys() if before.kept[key] != after.kept[key])


def _content(value: Any) -> Any:
    metadata = {key: one for key, one in value["metadata"].items() if key != "resourceVersion"}
    return {**value, "metadata": metadata}
