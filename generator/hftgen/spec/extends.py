"""A spec file with all that it extends, merged."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

from hftgen.errors import InputError, Problem
from hftgen.spec.merge import merge
from hftgen.spec.node import Node
from hftgen.spec.repository import RefusedFileError, resolve_name
from hftgen.spec.sources import Sources
from hftgen.spec.visible import describe_value

MAX_FILES = 100
"""How many files one environment may extend, all levels together."""

_EXPECTED = "the name of a file, or a list of names; a later one wins"


class Extended(NamedTuple):
    """The merged tree, its nulls still marks, without `extends`; and the names of all files that made it, sorted."""

    root: Node
    files: tuple[str, ...]


class _Edge(NamedTuple):
    parent: str
    entry: Node


def extend(root: Path, name: str, sources: Sources) -> Extended:
    """The tree of the repository's file `name`; raises InputError with the problems of all files that it reaches."""
    graph = _Graph(root, sources)
    graph.walk(name)
    order = graph.order()
    for file in order:
        if (root, file) not in sources.merged:
            sources.merged[root, file] = _merge_file(root, file, graph.edges[file], sources)
    return Extended(sources.merged[root, name], tuple(sorted(order)))


def _merge_file(root: Path, file: str, edges: tuple[_Edge, ...], sources: Sources) -> Node:
    own = _without_extends(sources.parse(root, file))
    if not edges:
        return own
    parents = [sources.merged[root, edge.parent] for edge in edges]
    base = parents[0]
    for parent in parents[1:]:
        base = merge(base, parent)
    return merge(base, own)


class _Graph:
    """Which file extends which, found without recursion."""

    def __init__(self, root: Path, sources: Sources) -> None:
        self.edges: dict[str, tuple[_Edge, ...]] = {}
        self._root = root
        self._sources = sources
        self._problems: list[Problem] = []

    def walk(self, name: str) -> None:
        """Finds all files that `name` reaches, and their problems."""
        waiting: list[tuple[str, Node | None]] = [(name, None)]
        while waiting:
            file, entry = waiting.pop()
            if file in self.edges:
                continue
            if len(self.edges) > MAX_FILES:
                self._refuse(
                    entry, RefusedFileError("reaches too many files", "", f"at most {MAX_FILES} in all levels")
                )
                return
            self.edges[file] = tuple(self._edges_of(file, entry))
            waiting.extend((edge.parent, edge.entry) for edge in self.edges[file])

    def order(self) -> list[str]:
        """The files, parents first; raises InputError where there are problems or a cycle."""
        if not self._problems:
            try:
                return list(
                    TopologicalSorter({file: [edge.parent for edge in edges] for file, edges in self.edges.items()})
                    .static_order()
                )  # fmt: skip
            except CycleError as error:
                self._problems.append(self._cycle(list(reversed(error.args[1]))[:-1]))
        raise InputError(self._problems)

    def _edges_of(self, file: str, entry: Node | None) -> Iterator[_Edge]:
        try:
            tree = self._sources.parse(self._root, file)
        except InputError as error:
            self._problems.extend(error.problems)
            return
        except RefusedFileError as error:
            self._refuse(entry, error, file)
            return
        for named in self._entries(tree):
            try:
                yield _Edge(resolve_name(file, str(named.value)), named)
            except RefusedFileError as error:
                self._refuse(named, error)

    def _entries(self, tree: Node) -> Iterator[Node]:
        node = tree.value["extends"] if isinstance(tree.value, dict) and "extends" in tree.value else None
        if node is None or node.is_null():
            return
        for entry in node.value if isinstance(node.value, list) else [node]:
            if isinstance(entry.value, str) and not entry.is_null():
                yield entry
            else:
                self._problems.append(_problem(entry, "not a file's name", describe_value(entry), _EXPECTED))

    def _cycle(self, files: list[str]) -> Problem:
        """One problem for a cycle, whichever file it was entered by."""
        start = files.index(min(files))
        ring = files[start:] + files[:start]
        following = ring[1 % len(ring)]
        entry = next(edge.entry for edge in self.edges[ring[0]] if edge.parent == following)
        chain = " → ".join([*ring, ring[0]])
        return _problem(
            entry,
            "files extend each other in a circle",
            chain,
            "files that extend others in one direction",
            "take one of these entries out",
        )

    def _refuse(self, entry: Node | None, error: RefusedFileError, file: str = "") -> None:
        if entry is None:
            self._problems.append(Problem(file, 0, 0, "", error.message, error.found, error.expected, error.hint))
        else:
            self._problems.append(_problem(entry, error.message, error.found, error.expected, error.hint))


def _problem(entry: Node, message: str, found: str, expected: str, hint: str = "") -> Problem:
    return Problem(entry.file, entry.line, entry.column, "extends", message, found, expected, hint)


def _without_extends(tree: Node) -> Node:
    value = tree.value
    if not isinstance(value, dict) or "extends" not in value:
        return tree
    kept = {key: node for key, node in value.items() if key != "extends"}
    return Node(kept, tree.file, tree.line, tree.column)
