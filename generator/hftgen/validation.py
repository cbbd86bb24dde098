"""A validation: everything that can be said of what the specs compile to, without a cluster. Nothing is written.

compile → schemas → findings; the tree on disk; outside tools. What was found is remembered while nothing changes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hftgen.check.finding import Finding
from hftgen.check.shapes import Survey
from hftgen.check.tools.bench import ToolReport, find_tools, run_tools
from hftgen.compilation import Outcome, Shapes, compile_all, compile_together, list_environments
from hftgen.outside import Copied, ask_tools
from hftgen.reading import find_repository
from hftgen.run import REPOSITORY, Listener, Request, read_common, refuse_folders
from hftgen.schemas.crds import Definitions
from hftgen.tree.changes import compare
from hftgen.tree.target import check_target, list_strangers
from hftgen.verdicts import Verdict, Verdicts

STALE = "HFT-X23"


class ValidationRequest(NamedTuple):
    """What a person asked for: a render that only checks, and beside it where things are.

    `crds` are folders of CustomResourceDefinitions; `schemas` keeps what was read of them, None keeps nothing. `search`
    is where outside tools are, folders as in PATH. `folders` are those that the person named, by their options:
    they must exist.
    """

    render: Request
    crds: tuple[Path, ...]
    schemas: Path | None
    search: str
    folders: tuple[tuple[str, Path], ...] = ()


class Looked(NamedTuple):
    """What was held against schemas in an environment, and the kinds for which there are none, with their numbers.

    `kubernetes` is the version that was asked for, `schemas` the one whose schemas there are.
    """

    environment: str
    kubernetes: str
    schemas: str
    objects: int
    unknown: tuple[tuple[str, int], ...]


class Validation(NamedTuple):
    """All findings by place, what was looked at, and which tools took part."""

    environments: tuple[Looked, ...]
    tools: tuple[ToolReport, ...]
    findings: tuple[Finding, ...]

    def is_passed(self) -> bool:
        """Whether nothing blocks, and no day has passed that somebody set."""
        return not any(finding.severity == "blocking" or finding.dated for finding in self.findings)


def validate(request: ValidationRequest, listener: Listener) -> Validation:
    """Compile and check the environments; raises InputError with the problems of all, MachineError."""
    run = _Run(request, listener)
    known = run.find_verdicts()
    outcomes = run.compile(known)
    surveys = {outcome.name: outcome.survey for outcome in outcomes if outcome.survey is not None}
    surveys |= {verdict.environment: verdict.survey for verdict in known}
    tools, refused = run.ask_tools(known, outcomes)
    findings = [finding for verdict in known for finding in verdict.findings]
    findings += [finding for outcome in outcomes for finding in outcome.findings]
    findings += [*run.list_stale(known, outcomes), *refused]
    ordered = sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column, finding))
    looked = [_describe(name, survey) for name, survey in sorted(surveys.items())]
    return Validation(tuple(looked), tuple(tools), tuple(ordered))


class _Run:
    """One validation; its steps in the order of `validate`."""

    def __init__(self, request: ValidationRequest, listener: Listener) -> None:
        self._request, self._render, self._listener = request, request.render, listener
        self._root = Path(find_repository(request.render.specs))
        refuse_folders(self._render, str(self._root), request.folders)
        self._crds = Definitions(request.crds, request.schemas)
        self._names = list_environments(self._render.specs, sorted(set(self._render.environments)))
        self._common = read_common(self._render)
        sources = (self._render.specs, *self._render.templates, *self._render.policies)
        check_target(self._render.output, self._names, sources=sources, root=self._root)
        self._verdicts = Verdicts(self._render, self._root, self._common.digest, self._crds.digest)

    def find_verdicts(self) -> list[Verdict]:
        """Those of the environments in which nothing changed."""
        return [verdict for name in self._names if (verdict := self._verdicts.find(name)) is not None]

    def compile(self, known: Sequence[Verdict]) -> list[Outcome]:
        """Every other environment; with all of them, what belongs to them together."""
        names = [name for name in self._names if name not in {verdict.environment for verdict in known}]
        together = self._common.shares and not self._render.environments and not self._verdicts.knows_repository()
        if not names and not together:
            return []
        shapes = Shapes(wanted=True, crds=self._crds.schemas)
        if together:
            every = self._names
            outcomes, shared = compile_together(self._render, self._root, names, every, self._listener, shapes=shapes)
            outcomes = [*outcomes, shared._replace(name=REPOSITORY)]
        else:
            outcomes = compile_all(self._render, self._root, names, self._listener, shapes=shapes)
        for outcome in outcomes:
            self._verdicts.keep(outcome)
        return outcomes

    def ask_tools(
        self, known: Sequence[Verdict], outcomes: Sequence[Outcome]
    ) -> tuple[list[ToolReport], list[Finding]]:
        """What outside tools say."""
        found = find_tools(self._request.search)
        if not any(tool.path for tool in found):
            return run_tools(found, (), 1)[0], []
        copies = [Copied(one.name, one.files, one.survey) for one in outcomes if one.survey is not None]
        copies += [Copied(one.environment, self._verdicts.read_files(one.environment), one.survey) for one in known]
        return ask_tools(found, copies, self._crds.schemas, self._render.jobs)

    def list_stale(self, known: Sequence[Verdict], outcomes: Sequence[Outcome]) -> Iterator[Finding]:
        """HFT-X23: what stands in the tree on disk is not what was looked at here."""
        output = self._render.output
        wanted = {outcome.name: outcome.files for outcome in outcomes if outcome.files}
        ours = {*wanted, *(verdict.environment for verdict in known), REPOSITORY}
        strangers = [] if self._render.environments else list_strangers(output, ours)
        for name, folder in compare(output, wanted, strangers).folders.items():
            if folder:
                place = str(output / name)
                message = "is not what the specs say; what is validated here is what they say"
                hint = "hftgen render; --check shows what differs"
                yield Finding(STALE, "warning", name, place, message, hint, place, 0, 0)


def _describe(name: str, survey: Survey) -> Looked:
    asked, schemas = survey.kubernetes
    return Looked(name, asked, schemas, survey.objects, survey.unknown)
