"""One environment from its spec to its files: the whole flow, in one direction.

specs → spec.load → Loaded → facts.derive → context → render → artifacts → check → findings
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hftgen.calendars import Calendars
from hftgen.check.accounts import find_shared_accounts
from hftgen.check.builds import find_unheard_builds
from hftgen.check.finding import Finding
from hftgen.check.freezes import find_cramped_clouds, find_wasteful_freezes
from hftgen.check.run import run as check
from hftgen.facts.derive import derive
from hftgen.facts.pipelines.derive import add_pipelines
from hftgen.facts.repository import derive_repository
from hftgen.render.artifact import Artifact
from hftgen.render.engine import Note
from hftgen.render.run import Renderer
from hftgen.render.templates import TemplateSet
from hftgen.spec.load import Loaded, Sources, load
from hftgen.tree.before import read_before

if TYPE_CHECKING:
    from hftgen.check.shapes import Survey
    from hftgen.schemas.book import SchemaBook
    from hftgen.schemas.core import Identity
    from hftgen.schemas.strict import Schema

Context = dict[str, Any]
Files = dict[str, bytes]
"""Content by path, relative to the folder of the environment."""


class Compiled(NamedTuple):
    """An environment as far as memory goes: nothing is written yet.

    `read` are the bytes of every file it was made of, by their names in the repository. What was not asked for is
    empty, or None.
    """

    name: str
    files: Files
    findings: tuple[Finding, ...]
    read: Mapping[str, bytes]
    context: Context
    survey: "Survey | None"


class Demand(NamedTuple):
    """What is asked of an environment: its files with their findings, its context (plain JSON), or both.

    `shapes`: whether each object is held against its schema too.
    """

    files: bool = True
    context: bool = False
    shapes: bool = False


class Pipeline:
    """Compiles environments of one specs folder with one template tree; keeps parsed files from one to the next.

    `output` is the folder of the rendered tree that the files will replace; None: nothing is compared with it.
    `crds` are schemas of custom resources, for those who demand that shapes are looked at.
    """

    def __init__(
        self,
        specs: Path,
        templates: TemplateSet,
        calendars: Calendars,
        as_of: date,
        *,
        output: Path | None = None,
        crds: "Mapping[Identity, Schema] | None" = None,
    ) -> None:
        self._specs = specs
        self._output = output
        self._crds = crds or {}
        self._books: dict[str, SchemaBook] = {}
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
        kept = context if demand.context else {}
        if not demand.files:
            return Compiled(name, {}, (), loaded.read, kept, None)
        artifacts = self._renderer.render_environment(name, context, place=loaded.place, note=note)
        misshapen, survey = self._judge(loaded, artifacts) if demand.shapes else ([], None)
        costs = [*find_wasteful_freezes(loaded, context), *find_cramped_clouds(loaded, context)]
        before = read_before(self._output, name, "kustomize") if self._output else {}
        findings = check(loaded, artifacts, self._as_of, before=before, others=[*costs, *misshapen])
        return Compiled(name, _pack(artifacts), tuple(findings), loaded.read, kept, survey)

    def compile_repository(self, contexts: Mapping[str, Context], *, note: Note | None = None) -> Compiled:
        """What belongs to all environments together, and where they are at odds; raises InputError."""
        files = _pack(self._renderer.render_repository(add_pipelines(derive_repository(contexts)), note=note))
        found = [*find_shared_accounts(contexts, self.load), *find_unheard_builds(contexts, self.load)]
        return Compiled("", files, tuple(found), {}, {}, None)

    def _judge(self, loaded: Loaded, artifacts: Iterable[Artifact]) -> "tuple[list[Finding], Survey]":
        """What the schemas of the environment's Kubernetes say."""
        from hftgen.check.shapes import find_misshapen
        from hftgen.schemas.book import SchemaBook
        from hftgen.schemas.core import CoreSchemas

        version = str(loaded.environment.kubernetes.version)
        if version not in self._books:
            self._books[version] = SchemaBook(CoreSchemas(version), self._crds)
        return find_misshapen(loaded, artifacts, self._books[version])


def _pack(artifacts: Iterable[Artifact]) -> Files:
    """What is handed from process to process: values that were checked already stay behind."""
    return {artifact.path: artifact.data for artifact in artifacts}
