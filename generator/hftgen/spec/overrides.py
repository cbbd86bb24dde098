"""What differs on one cluster: `services.X.clusters.C`, merged last onto the service."""

from collections.abc import Iterator
from typing import NamedTuple

from hftgen.errors import Problem
from hftgen.spec.kinds import SERVICE
from hftgen.spec.merge import merge, prune
from hftgen.spec.nearest import suggest
from hftgen.spec.node import Node
from hftgen.spec.problems import reach, show_path
from hftgen.spec.service_rules import FIXED
from hftgen.spec.visible import one_of, visible


class Override(NamedTuple):
    """A service with one cluster's overrides, still in short form.

    `own` is what stands below `clusters`, `base` the service without `clusters`, `merged` the one over the other.
    """

    service: str
    cluster: str
    own: Node
    base: Node
    merged: Node

    @property
    def path(self) -> tuple[str, ...]:
        """Where the override stands in the spec."""
        return ("services", self.service, "clusters", self.cluster)


def list_overrides(root: Node) -> Iterator[Override]:
    """The overrides of a merged tree whose nulls are still marks; those that change nothing are left out."""
    for name, service in _mapping(_mapping(root).get("services")).items():
        clusters = _mapping(_mapping(service).get("clusters"))
        if not any(_mapping(own) for own in clusters.values()):
            continue
        base = _without(service, "clusters")
        for cluster, own in clusters.items():
            if _mapping(own):
                merged = prune(merge(base, _without(own, "clusters"), SERVICE), ("services", name))
                yield Override(name, cluster, own, base, merged)


def refuse_removals(override: Override) -> Iterator[Problem]:
    """A null below `clusters` cannot remove what belongs to the service wherever it runs.

    Other values in the place of these fields are the model's to refuse; a null would be gone before it looks.
    """
    own = _mapping(override.own)
    named: list[tuple[str, ...]] = [(name,) for name in (*FIXED, "ports") if name in own]
    named += [("release",)] if "strategy" in _mapping(_mapping(override.base).get("release")) else []
    named += [("release", "strategy"), *(("ports", name) for name in _mapping(own.get("ports")))]
    for path in named:
        node = reach(override.own, path)
        if node.is_null() and _stands_at(override.own, path):
            hint = "say it for the service, or make it a service of its own"
            shown = show_path((*override.path, *path))
            yield Problem(node.file, node.line, node.column, shown, "is the same on every cluster", "null", "", hint)


def refuse_unknown_clusters(root: Node) -> Iterator[Problem]:
    """A service runs on clusters of the environment, and on one at least."""
    known = _mapping(_mapping(root).get("clusters"))
    for name, service in _mapping(_mapping(root).get("services")).items():
        node = _mapping(service).get("clusters")
        path = ("services", name, "clusters")
        if node is not None and node.value == {}:
            yield Problem(
                node.file, node.line, node.column, show_path(path), "names no cluster", "an empty mapping",
                one_of(known), "leave it out to run on every cluster; null removes a service",
            )  # fmt: skip
        for cluster, own in _mapping(node).items():
            if cluster not in known and known:
                yield Problem(
                    own.file, own.key_line, own.key_column, show_path((*path, cluster)), "is no cluster of this "
                    "environment", visible(cluster), one_of(known), suggest(cluster, known),
                )  # fmt: skip


def _stands_at(node: Node, path: tuple[str, ...]) -> bool:
    fields = _mapping(node)
    return path[0] in fields and (len(path) == 1 or _stands_at(fields[path[0]], path[1:]))


def _mapping(node: Node | None) -> dict[str, Node]:
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _without(node: Node, name: str) -> Node:
    kept = {key: child for key, child in _mapping(node).items() if key != name}
    return Node(kept, node.file, node.line, node.column, key=(node.key_line, node.key_column))
