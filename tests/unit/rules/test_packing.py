"""Packing pods into nodes."""

from hypothesis import given
from hypothesis import strategies as st

from hftgen.spec.rules.packing import Crowd, Rooms, count_nodes, multiply, pack

NODE = [Rooms(1, {"cpu": 4000, "memory": 8})]


def _crowd(owner: str, many: int, cpu: int, memory: int = 1) -> Crowd:
    return Crowd(owner, many, {"cpu": cpu, "memory": memory})


def test_pods_share_a_node() -> None:
    """Pods fill a node until one resource is used up."""
    assert pack([_crowd("a", 4, 1000)], NODE) == ()
    assert pack([_crowd("a", 5, 1000)], NODE) == (_crowd("a", 1, 1000),)
    assert pack([_crowd("a", 3, 1000, 3)], NODE) == (_crowd("a", 1, 1000, 3),)


def test_a_pod_is_not_split_over_nodes() -> None:
    """Two nodes of 4 CPUs hold no pod of 5, though 8 CPUs are there."""
    assert pack([_crowd("a", 1, 5000)], multiply(NODE, 2)) == (_crowd("a", 1, 5000),)


def test_the_largest_go_first() -> None:
    """Small pods fill what large ones leave: the other way round, the large ones would find no room."""
    assert pack([_crowd("small", 4, 1000), _crowd("large", 2, 2500)], multiply(NODE, 3)) == ()


def test_a_resource_that_a_node_lacks_fits_nowhere() -> None:
    """Hugepages on nodes without any."""
    crowd = Crowd("a", 1, {"hugepages-1Gi": 1})
    assert pack([crowd], NODE) == (crowd,)


def test_nodes_are_counted() -> None:
    """The fewest nodes that do; None where a pod is larger than a node."""
    assert count_nodes([_crowd("a", 9, 1000)], NODE) == 3
    assert count_nodes([_crowd("a", 1, 9000)], NODE) is None
    assert count_nodes([], NODE) == 0


def test_no_rooms_leave_everybody_outside() -> None:
    """A pinned pool of one node has none left when it fails."""
    assert pack([_crowd("a", 2, 1)], multiply(NODE, 0)) == (_crowd("a", 2, 1),)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 5000), st.integers(1, 10)), max_size=6),
    st.integers(0, 10**9),
)
def test_packing_invents_no_room(crowds: list[tuple[int, int, int]], nodes: int) -> None:
    """What is packed never exceeds what the nodes have together, whatever the numbers, and costs no time."""
    asked = [_crowd(f"s{index}", *crowd) for index, crowd in enumerate(crowds)]
    left = {crowd.owner: crowd.many for crowd in pack(asked, multiply(NODE, nodes))}
    packed = [(crowd, crowd.many - left.get(crowd.owner, 0)) for crowd in asked]
    for name, amount in NODE[0].space.items():
        assert sum(crowd.needs[name] * many for crowd, many in packed) <= amount * nodes
    assert all(0 <= many <= crowd.many for crowd, many in packed)
