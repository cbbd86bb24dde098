"""The merge of raw specs: what a child says wins over what it extends.

Mappings merge key by key; lists and scalars replace; a scalar and a mapping replace each other; a mapping of another
kind replaces (see kinds.py). `null` removes: it stays in the merged tree as a mark, so that it also removes what an
earlier file of a list of `extends` says, and `prune` takes it out at the end. Nodes are never changed, only shared.
"""

from collections.abc import Iterator

from hftgen.spec.kinds import SPEC, Shape
from hftgen.spec.node import Node

Path = tuple[str | int, ...]


def merge(parent: Node, child: Node, shape: Shape | None = SPEC) -> Node:
    """The child over its parent; nulls stay as marks. A merged mapping stands where the child's stands.

    `shape` is that of the two mappings: a whole spec, or kinds.SERVICE for a cluster's overrides over their service.
    """
    above, below = parent.value, child.value
    if not isinstance(above, dict) or not isinstance(below, dict):
        return child
    if shape is not None and shape.displaces(above, below):
        return child
    lost = shape.rivals_of(below) if shape is not None else frozenset()
    merged = {key: node for key, node in above.items() if key not in lost} if lost else dict(above)
    for key, node in below.items():
        old = merged.get(key)
        merged[key] = node if old is None else merge(old, node, shape.inside(key) if shape is not None else None)
    return _standing_at(child, merged)


def prune(node: Node, path: Path = ()) -> Node:
    """The tree without its nulls; a mapping that loses its last field stays, empty. `patches` are left as written."""
    value = node.value
    if isinstance(value, list):
        return _prune_list(node, value, path)
    if not isinstance(value, dict):
        return node
    kept: dict[str, Node] = {}
    changed = False
    for key, child in value.items():
        if child.is_null():
            changed = True
            continue
        inside = (*path, key)
        kept[key] = child if _as_written(inside) else prune(child, inside)
        changed = changed or kept[key] is not child
    return _standing_at(node, kept) if changed else node


def _prune_list(node: Node, value: list[Node], path: Path) -> Node:
    kept = [prune(child, (*path, index)) for index, child in enumerate(value)]
    if all(new is old for new, old in zip(kept, value, strict=True)):
        return node
    return Node(kept, node.file, node.line, node.column, key=(node.key_line, node.key_column))


def stray_nulls(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """The nulls inside lists, where they have nothing to remove, with their paths."""
    value = node.value
    if isinstance(value, dict):
        for key, child in value.items():
            if not _as_written((*path, key)):
                yield from stray_nulls(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            if child.is_null():
                yield (*path, index), child
            elif not isinstance(child.value, str):
                yield from stray_nulls(child, (*path, index))


def _as_written(path: Path) -> bool:
    """Whether a service's patches stand here: services.X.patches, services.X.clusters.C.patches."""
    if path[-1] != "patches" or path[0] != "services":
        return False
    return len(path) == 3 or (len(path) == 5 and path[2] == "clusters")


def _standing_at(place: Node, value: dict[str, Node]) -> Node:
    return Node(value, place.file, place.line, place.column, key=(place.key_line, place.key_column))
