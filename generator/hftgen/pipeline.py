"""One environment from its spec to its files: the whole flow, in one direction.

specs → spec.load → Loaded → facts.derive → context → render → artifacts → check → findings
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from hftgen.calendars import Calendars
from hftgen.check.finding import Finding
from hftgen.check.freezes import find_wasteful_freezes
from hftgen.check.run import run as check
from hftgen.facts.derive import derive
from hftgen.render.artifact import Artifact
from hftgen.render.engine import Note
from hftgen.render.run import Renderer
from hftgen.render.templates import TemplateSet
from hftgen.spec.load import Loaded, Sources, load
from hftgen.tree.before import read_before

Context = dict[str, Any]
Files = dict[str, bytes]
"""Content by path, relative to the folder of the environment."""


class Compiled(NamedTuple):
    """An environment as far as memory goes: nothing is written yet.

    `read` are the bytes of every file it was made of, by their names in the repository. What was not asked for is
    empty.
    """

    name: str
    files: Files
    findings: tuple[Finding, ...]
    read: Mapping[str, bytes]
    context: Context


class Demand(NamedTuple):
    """What is asked of an environment: its files with their findings, its context (plain JSON), or both."""

    files: bool = True
    context: bool = False


class Pipeline:
    """Compiles environments of one specs folder with one template tree; keeps parsed files from one to the next.

    `output` is the folder of the rendered tree that the files will replace; None: nothing is compared with it.
    """

    def __init__(
        self, specs: Path, templates: TemplateSet, calendars: Calendars, as_of: date, *, output: Path | None = None
    ) -> None:
        self._specs = specs
        self._output = output
        self._renderer = Renderer(templates)
        self._calendars = calendars
        self._as_of = as_of
        self._sources = Sources()

    def load(self, name: str) -> Loaded:
        """The checked spec of an environment; raises InputError with all that is wrong in it."""
        return load(self._specs, name, self._sources)

    def compile(self, name: str, demand: Demand, *, note: Note | None = None) -> Compiled:
        """An environment's files and findings, its context, or both; raises InputError. `note` as for Renderer."""
        loaded = self.load(name)
        context = derive(loaded, self._calendars)
        artifacts = (
            self._renderer.render_environment(name, context, place=loaded.place, note=note) if demand.files else ()
        )
        before = read_before(self._output, name, "kustomize") if demand.files and self._output else {}
        costs = find_wasteful_freezes(loaded, context)
        findings = check(loaded, artifacts, self._as_of, before=before, others=costs) if demand.files else ()
        return Compiled(name, _pack(artifacts), tuple(findings), loaded.read, context if demand.context else {})

    def compile_repository(self, contexts: Mapping[str, Context], *, note: Note | None = None) -> Files:
        """The files that belong to all environments together, relative to their folder; raises InputError."""
        return _pack(self._renderer.render_repository(contexts, note=note))


def _pack(artifacts: Iterable[Artifact]) -> Files:
    """What is handed from process to process: values that were checked already stay behind."""
    return {artifact.path: artifact.data for artifact in artifacts}
