"""What a node leaves to pods."""

import pytest

from hftgen.spec.rules.nodes import GI, MI, Kept, Shape, keep, offer_rooms
from hftgen.spec.rules.packing import Rooms


@pytest.mark.parametrize(
    ("shape", "kept"),
    [
        # m7i.4xlarge: 234 pods; 60 + 10 + 2*5 + 12*2.5 thousandths.
        (Shape("aws", 16, 64 * GI, pods=234), Kept(110, (255 + 11 * 234 + 100) * MI)),
        # GKE's own example of 16 CPUs and 64 GiB: 25 % of 4, 20 % of 4, 10 % of 8, 6 % of the rest.
        (Shape("gcp", 16, 64 * GI), Kept(110, int((1 + 0.8 + 0.8 + 2.88) * GI) + 100 * MI)),
        # AKS: 180 thousandths for 8 CPUs; 20 MB for each of 250 pods and 50 MB.
        (Shape("azure", 8, 32 * GI), Kept(180, 5050 * 10**6 + 100 * MI)),
        # AKS keeps a quarter at most.
        (Shape("azure", 2, 8 * GI), Kept(100, 2 * GI + 100 * MI)),
        (Shape("kind", 8, 16 * GI), Kept(0, 100 * MI)),
    ],
)
def test_kubelets_keep_what_their_clouds_document(shape: Shape, kept: Kept) -> None:
    """Each cloud has its own formula."""
    found = keep(shape)
    assert found.cpu == kept.cpu
    assert abs(found.memory - kept.memory) < MI


def test_reserved_cpus_stand_in_place_of_the_formula() -> None:
    """What the spec reserves is what the kubelet keeps."""
    shape = Shape("aws", 16, 64 * GI, reserved=frozenset({0, 8}))
    assert offer_rooms(shape)[0].space["cpu"] == 14_000


def test_hugepages_are_taken_from_memory() -> None:
    """They are set apart before the kubelet starts."""
    plain, pages = (offer_rooms(Shape("metal", 8, 64 * GI, hugepages=huge))[0].space for huge in ({}, {"1Gi": 32 * GI}))
    assert plain["memory"] - pages["memory"] == 32 * GI
    assert pages["hugepages-1Gi"] == 32 * GI


def test_a_pinned_node_is_split_by_numa_node() -> None:
    """CPUs, memory and hugepages halve; reserved CPUs are taken where they lie, siblings half apart."""
    shape = Shape(
        "metal", 16, 64 * GI, numa=2, threads=2, hugepages={"1Gi": 8 * GI}, reserved=frozenset({0, 8}), pinned=True
    )
    first, second = offer_rooms(shape)
    assert (first.space["cpu"], second.space["cpu"]) == (6000, 8000)
    assert first.space["memory"] == second.space["memory"] < 28 * GI
    assert first.space["hugepages-1Gi"] == 4 * GI


def test_a_kubelet_without_reserved_cpus_takes_whole_cores() -> None:
    """0.11 CPUs of the formula cost both threads of a core, of the first NUMA node."""
    rooms = offer_rooms(Shape("gcp", 16, 64 * GI, numa=2, threads=2, pinned=True))
    assert [room.space["cpu"] for room in rooms] == [6000, 8000]
    assert all(isinstance(room, Rooms) for room in rooms)
