"""Compile many environments in worker processes, and gather what they say."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from hftgen.calendars import Calendars
from hftgen.check.finding import Finding
from hftgen.errors import InputError, Problem
from hftgen.pipeline import Compiled, Demand, Pipeline
from hftgen.render.engine import Note
from hftgen.render.pool import Future, Pool
from hftgen.render.templates import discover
from hftgen.spec.discovery import discover as discover_environments
from hftgen.spec.discovery import find_environment
from hftgen.spec.sources import Sources

if TYPE_CHECKING:
    from hftgen.check.shapes import Survey
    from hftgen.run import Listener, Request
    from hftgen.schemas.core import Identity
    from hftgen.schemas.strict import Schema


class Outcome(NamedTuple):
    """One folder of the output: its files, what was read for it, what was found, and the seconds it took.

    `survey`: what was looked at besides, where that was asked for.
    """

    name: str
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    read: Mapping[str, bytes]
    seconds: float
    survey: "Survey | None" = None


class Shapes(NamedTuple):
    """Whether each object is held against its schema, and the schemas of custom resources."""

    wanted: bool = False
    crds: "Mapping[Identity, Schema]" = MappingProxyType({})


NONE = Shapes()


class _Task:
    """What a worker does: one step of the pipeline, by name; it keeps what it parsed for the next."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def __call__(self, step: str, *arguments: Any, note: Note | None = None) -> tuple[Any, float]:
        """The step's value, and its seconds."""
        start = time.perf_counter()
        value = getattr(self._pipeline, step)(*arguments, note=note)
        return value, time.perf_counter() - start


def list_environments(specs: Path, asked: Sequence[str]) -> tuple[str, ...]:
    """The environments that were asked for, or all, sorted; raises InputError for names that no spec has."""
    sources = Sources()
    known = discover_environments(specs, sources)
    problems: list[Problem] = []
    for name in asked:
        if name not in known:
            try:
                find_environment(specs, name, sources)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(asked or sorted(known))


def compile_all(
    request: "Request", root: Path, names: Sequence[str], listener: "Listener", *, shapes: Shapes = NONE
) -> list[Outcome]:
    """Compile environments, each for itself. Raises InputError with the problems of all."""
    task = _prepare(request, root, shapes)
    with Pool(request.jobs, echo=listener.say) as pool:
        results = _run(pool, task, dict.fromkeys(names, Demand(shapes=shapes.wanted)), listener)
    return [_conclude(*results[name]) for name in names]


def compile_together(
    request: "Request",
    root: Path,
    names: Sequence[str],
    every: Sequence[str],
    listener: "Listener",
    *,
    shapes: Shapes = NONE,
) -> tuple[list[Outcome], Outcome]:
    """Compile `names`, and what belongs to `every` environment together; raises as compile_all."""
    task = _prepare(request, root, shapes)
    demands = {name: Demand(files=name in names, context=True, shapes=shapes.wanted) for name in every}
    with Pool(request.jobs, echo=listener.say) as pool:
        results = _run(pool, task, demands, listener)
        contexts = {name: result.context for name, (result, _) in results.items()}
        shared, seconds = pool.submit(task, "compile_repository", contexts).result()
    read = {name: data for result, _ in results.values() for name, data in result.read.items()}
    return [_conclude(*results[name]) for name in names], Outcome("", shared.files, shared.findings, read, seconds)


def _prepare(request: "Request", root: Path, shapes: Shapes) -> _Task:
    calendars = Calendars(Path(request.calendars) if request.calendars else None)
    templates = discover(request.templates, root)
    output, crds = request.output, shapes.crds
    return _Task(Pipeline(request.specs, templates, calendars, request.as_of, output=output, crds=crds))


def _run(
    pool: Pool, task: _Task, demands: Mapping[str, Demand], listener: "Listener"
) -> dict[str, tuple[Compiled, float]]:
    futures = {name: pool.submit(task, "compile", name, demand) for name, demand in demands.items()}
    for done, _ in enumerate(pool.completed(futures.values()), start=1):
        listener.advance(done, len(futures))
    _raise_errors(futures.values())
    return {name: future.result() for name, future in futures.items()}


def _raise_errors(futures: Iterable[Future]) -> None:
    """One InputError with the problems of all, unless something worse happened."""
    errors = [error for future in futures if (error := future.exception()) is not None]
    for error in errors:
        if not isinstance(error, InputError):
            raise error
    problems = [problem for error in errors if isinstance(error, InputError) for problem in error.problems]
    if problems:
        raise InputError(problems)


def _conclude(result: Compiled, seconds: float) -> Outcome:
    return Outcome(result.name, result.files, result.findings, result.read, seconds, result.survey)
