"""A newer render follows an older one, and the older one follows it again: the API server takes every step.

Much of what a cluster holds cannot be changed in place (immutable fields), and what the server itself filled in beside
a field may stay when the field is gone, and contradict what is said instead.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hftgen.check.immutable import list_changes
from tests.e2e.cluster import changes
from tests.e2e.cluster.asking import apply, delete
from tests.e2e.cluster.controlplane import ControlPlane
from tests.e2e.cluster.deliveries import Delivery, sort
from tests.tools import manifests

Refusals = dict[manifests.Key, str]

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("changes")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> changes.Objects:
    """What the cluster holds before each change."""
    return changes.compile_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane of their own: no other test touches what they build on."""
    with ControlPlane(tmp_path_factory.mktemp("changes")) as plane:
        yield plane.start()


@pytest.fixture
def held(plane: ControlPlane, base: changes.Objects) -> Iterator[Refusals]:
    """What a test is refused; the cluster holds the base before, and begins anew when something was refused."""
    delivery = Delivery("base", sort(list(base.values())))
    said: Refusals = {}
    if not plane.kubectl("get", "namespace", *_spaces(delivery)).out:
        for objects in (delivery.surroundings(), delivery.objects, delivery.accounts()):
            assert not apply(plane, objects).refusals
    yield said
    if said:
        plane.restart()


@pytest.mark.parametrize("name", changes.list_changes())
def test_a_change_goes_in_and_out(
    tmp_path: Path, plane: ControlPlane, base: changes.Objects, held: Refusals, name: str
) -> None:
    """Nothing of the newer render is refused after the older one, and nothing of the older one on the way back."""
    newer = changes.compile_change(tmp_path, name)
    assert newer != base, f"{name} changes nothing"
    for before, after in ((base, newer), (newer, base)):
        step = changes.find_step(before, after)
        held |= apply(plane, step.applied).refusals
        delete(plane, step.pruned)
    assert not held, "\n".join(held.values())


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("name", changes.list_refused())
def test_what_is_refused_was_told(tmp_path: Path, plane: ControlPlane, base: changes.Objects, name: str) -> None:
    """A change that the server refuses is one that blocks the render (HFT-X20), object by object, and no other is."""
    newer = changes.compile_change(tmp_path, name)
    refused = apply(plane, changes.find_step(base, newer).applied, dry=True).refusals
    told = {key for key, one in newer.items() if key in base and any(list_changes(base[key], one))}
    assert told, f"{name} is told to nobody"
    assert refused.keys() == told, "\n".join(refused.values())


def _spaces(delivery: Delivery) -> list[str]:
    return [one["metadata"]["name"] for one in delivery.objects if one["kind"] == "Namespace"]
