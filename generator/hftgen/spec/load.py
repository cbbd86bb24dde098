"""From a specs folder and an environment's name to a checked environment.

Read, extend, merge, short forms to long, models, each cluster's overrides, files named by `from`, rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hftgen.errors import InputError, Problem
from hftgen.spec.attached import read_attached
from hftgen.spec.discovery import discover, find_environment
from hftgen.spec.environment import Environment
from hftgen.spec.extends import Extended, extend
from hftgen.spec.long_form import expand
from hftgen.spec.merge import prune, stray_nulls
from hftgen.spec.node import Node, to_plain
from hftgen.spec.overrides import list_overrides, refuse_removals, refuse_unknown_clusters
from hftgen.spec.own_tables import load_tables, name_own
from hftgen.spec.problems import list_problems, list_violations, reach, show_path
from hftgen.spec.repository import find_repository, name_inside
from hftgen.spec.rules import RULES
from hftgen.spec.service import Service
from hftgen.spec.sources import Sources
from hftgen.tables import Tables, read_tables

__all__ = ["Loaded", "Sources", "discover", "load", "load_all"]

SpecPath = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

MAX_PROBLEMS = 500
"""How many problems of one environment are said."""


@dataclass(frozen=True)
class Loaded:
    """One environment, checked, with the places of all its values.

    `services` are by cluster and by service, with that cluster's overrides, only where the service runs; sorted.
    `root` is the resolved tree in long form. `files` are the contents of files named by `from`, by the path as written.
    `read` are the bytes of all files that this environment was made of, by their names in the repository.
    `overridden` are the long-form trees of the services that a cluster changes, by the path of the override.
    """

    environment: Environment
    services: dict[str, dict[str, Service]]
    root: Node
    files: dict[str, str]
    read: dict[str, bytes] = field(default_factory=dict)
    overridden: dict[SpecPath, Node] = field(default_factory=dict)
    tables: Tables = field(default_factory=read_tables)

    def node(self, path: SpecPath) -> Node:
        """The node of a field, or its deepest ancestor that is there.

        Below a cluster's override it is also found what the override leaves as the service says it.
        """
        tree = self.overridden.get(path[:4])
        return reach(self.root, path) if tree is None else reach(tree, path[4:])

    def place(self, path: SpecPath) -> tuple[str, int, int]:
        """File, line and column of a field, or of its deepest ancestor that is there."""
        node = self.node(path)
        return node.file, node.line, node.column


def load(specs: Path, name: str, sources: Sources) -> Loaded:
    """The environment `name` of a specs folder; raises InputError with all its problems, MachineError."""
    file = find_environment(specs, name, sources)
    root = find_repository(specs)
    extended = extend(root, name_inside(root, file), sources)
    return _Loading(root, specs, extended, sources).run()


def load_all(specs: Path, names: Iterable[str], sources: Sources) -> dict[str, Loaded]:
    """Several environments; raises InputError with the problems of all, one in a shared file once."""
    loaded: dict[str, Loaded] = {}
    problems: list[Problem] = []
    for name in sorted(set(names)):
        try:
            loaded[name] = load(specs, name, sources)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return loaded


class _Loading:
    """The steps from a merged tree to Loaded; problems are collected on the way."""

    def __init__(self, folder: Path, specs: Path, extended: Extended, sources: Sources) -> None:
        self._folder = folder
        self._specs = specs
        self._extended = extended
        self._sources = sources
        self._root = expand(prune(extended.root))
        self._problems = [_stray_null(path, node) for path, node in stray_nulls(extended.root)]
        self._settled = {problem[:3] for problem in self._problems}
        self._problems.extend(refuse_unknown_clusters(self._root))

    def run(self) -> Loaded:
        """Models, overrides and attached files are checked together; rules only where all of that is right."""
        environment = self._validate(Environment, self._root, ())
        changed, trees = self._change()
        services = _mapping(_mapping(self._root).get("services", Node({}, "", 0, 0)))
        named = [*((("services", name), node) for name, node in services.items()), *trees.items()]
        attached = read_attached(self._folder, named, self._sources)
        self._add_unsettled(attached.problems)
        tables = self._read_tables()
        if environment is None or tables is None or self._problems:
            raise InputError(_shorten(self._problems))
        files = sorted({*self._extended.files, *attached.names, *name_own(self._folder, self._specs)})
        loaded = Loaded(
            environment,
            _assign(environment, changed),
            self._root,
            attached.contents,
            {name: self._sources.read(self._folder, name) for name in files},
            trees,
            tables,
        )
        problems = list(list_violations((broken for rule in RULES for broken in rule(loaded)), loaded.node))
        if problems:
            raise InputError(_shorten(problems))
        return loaded

    def _validate(self, model: type[M], tree: Node, base: SpecPath) -> M | None:
        try:
            return model.model_validate(to_plain(tree))
        except ValidationError as error:
            known = {_essence(problem, show_path(base), show_path(base[:2])) for problem in self._problems}
            for problem in list_problems(error, model, tree, base):
                if (
                    problem[:3] not in self._settled
                    and _essence(problem, show_path(base), show_path(base[:2])) not in known
                ):
                    self._problems.append(problem)
            return None

    def _add_unsettled(self, problems: Iterable[Problem]) -> None:
        """Adds what is said of places of which nothing was said yet."""
        settled = {problem[:3] for problem in self._problems}
        for problem in problems:
            if problem[:3] not in settled:
                settled.add(problem[:3])
                self._problems.append(problem)

    def _read_tables(self) -> Tables | None:
        try:
            return load_tables(self._folder, self._specs, self._sources)
        except InputError as error:
            self._problems.extend(error.problems)
            return None

    def _change(self) -> tuple[dict[tuple[str, str], Service], dict[SpecPath, Node]]:
        """The services that clusters change, by cluster and service; and their trees, by path."""
        changed: dict[tuple[str, str], Service] = {}
        trees: dict[SpecPath, Node] = {}
        for override in list_overrides(self._extended.root):
            self._problems.extend(refuse_removals(override))
            tree = trees[override.path] = expand_service(override.service, override.merged)
            service = self._validate(Service, tree, override.path)
            if service is not None:
                changed[override.cluster, override.service] = service
        return changed, trees


def _shorten(problems: list[Problem]) -> list[Problem]:
    """The first problems by place; a spec that is wrong in thousands of places does not flood the terminal."""
    ordered = sorted(set(problems))
    if len(ordered) <= MAX_PROBLEMS:
        return ordered
    note = ordered[MAX_PROBLEMS]._replace(message="the problems from here on are not shown: there are too many")
    return [*ordered[:MAX_PROBLEMS], note._replace(found="", expected="", hint="")]


def _essence(problem: Problem, override: str, service: str) -> tuple[str, str, str]:
    """What makes a problem of an override the same as one of the service itself."""
    path = problem.path.replace(override, service, 1) if override else problem.path
    return path, problem.message, problem.found


def _stray_null(path: SpecPath, node: Node) -> Problem:
    return Problem(
        node.file, node.line, node.column, show_path(path), "is null in a list", "null", "a value",
        "null removes a field of a mapping and means nothing else; delete the item, or write '' for an empty text",
    )  # fmt: skip


def expand_service(name: str, service: Node) -> Node:
    """The long form of one service, as it would be in a whole spec."""
    whole = expand(_standing_at(service, {"services": _standing_at(service, {name: service})}))
    return _mapping(_mapping(whole)["services"])[name]


def _mapping(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _standing_at(place: Node, value: dict[str, Node]) -> Node:
    return Node(value, place.file, place.line, place.column, key=(place.key_line, place.key_column))


def _assign(environment: Environment, changed: Mapping[tuple[str, str], Service]) -> dict[str, dict[str, Service]]:
    """Each cluster's services, sorted; a service that says no clusters runs on all."""
    return {
        cluster: {
            name: changed.get((cluster, name), service)
            for name, service in sorted(environment.services.items())
            if not service.clusters or cluster in service.clusters
        }
        for cluster in sorted(environment.clusters)
    }
