"""A validation: everything that can be said of what the specs compile to, without a cluster. Nothing is written.

compile → schemas → findings; the tree on disk; outside tools, on a copy that is gone afterwards
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hftgen.check.finding import Finding
from hftgen.check.shapes import Survey
from hftgen.check.tools.bench import ToolReport, find_tools, run_tools
from hftgen.check.tools.tool import Refusal, Tool, Tree
from hftgen.compilation import Outcome, Shapes, compile_all, compile_together, list_environments
from hftgen.reading import find_repository
from hftgen.run import REPOSITORY, Listener, Request, read_common, refuse_folders
from hftgen.schemas.book import SchemaBook
from hftgen.schemas.core import CoreSchemas, Identity
from hftgen.schemas.crds import read_crds
from hftgen.schemas.strict import Schema
from hftgen.tree.changes import compare
from hftgen.tree.target import check_target, list_strangers

STALE, REFUSED = "HFT-X23", "HFT-X24"


class ValidationRequest(NamedTuple):
    """What a person asked for: a render that only checks, and beside it where things are.

    `crds` are folders of CustomResourceDefinitions; `schemas` keeps what was read of them, None keeps nothing. `search`
    is where outside tools are, folders as in PATH.
    """

    render: Request
    crds: tuple[Path, ...]
    schemas: Path | None
    search: str


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
    root = Path(find_repository(request.render.specs))
    refuse_folders(request.render, str(root))
    crds = read_crds(request.crds, request.schemas)
    outcomes = _compile(request.render, root, Shapes(wanted=True, crds=crds), listener)
    surveyed = [(outcome, outcome.survey) for outcome in outcomes if outcome.survey is not None]
    tools, refused = _run_tools(request, surveyed, crds)
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    findings += [*_list_stale(request.render, root, outcomes), *refused]
    looked = [_describe(outcome.name, survey) for outcome, survey in surveyed]
    ordered = sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column, finding))
    return Validation(tuple(looked), tuple(tools), tuple(ordered))


def _compile(request: Request, root: Path, shapes: Shapes, listener: Listener) -> list[Outcome]:
    """Every environment that was asked for; with all of them, what belongs to them together."""
    names = list_environments(request.specs, sorted(set(request.environments)))
    if request.environments or not read_common(request).shares:
        return compile_all(request, root, names, listener, shapes=shapes)
    outcomes, shared = compile_together(request, root, names, names, listener, shapes=shapes)
    return [*outcomes, shared._replace(name=REPOSITORY)]


def _describe(name: str, survey: Survey) -> Looked:
    asked, schemas = survey.kubernetes
    return Looked(name, asked, schemas, survey.objects, survey.unknown)


def _list_stale(request: Request, root: Path, outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    """HFT-X23: what stands in the tree on disk is not what was looked at here."""
    wanted = {outcome.name: outcome.files for outcome in outcomes if outcome.files}
    sources = (request.specs, *request.templates, *request.policies)
    check_target(request.output, wanted, sources=sources, root=root)
    strangers = [] if request.environments else list_strangers(request.output, wanted)
    for name, folder in compare(request.output, wanted, strangers).folders.items():
        if folder:
            yield _describe_stale(request, name)


def _describe_stale(request: Request, name: str) -> Finding:
    place = str(request.output / name)
    message = "is not what the specs say; what is validated here is what they say"
    return Finding(STALE, "warning", name, place, message, "hftgen render; --check shows what differs", place, 0, 0)


def _run_tools(
    request: ValidationRequest, surveyed: Sequence[tuple[Outcome, Survey]], crds: Mapping[Identity, Schema]
) -> tuple[list[ToolReport], list[Finding]]:
    """What outside tools say of a copy of the trees."""
    found = find_tools(request.search)
    if not any(tool.path for tool in found):
        return run_tools(found, (), 1)[0], []
    with tempfile.TemporaryDirectory(prefix="hftgen-validate-") as folder:
        trees = [_write(Path(folder), outcome, survey, crds) for outcome, survey in surveyed]
        reports, refusals = run_tools(found, trees, request.render.jobs)
    findings = [_describe_refusal(tool, tree, refusal) for tool, tree, refusal in refusals]
    waived = {tree.environment: tree.survey.waived for tree in trees}
    kept = dict.fromkeys(one for one in findings if (one.rule, one.subject) not in waived[one.environment])
    return reports, list(kept)


def _write(folder: Path, outcome: Outcome, survey: Survey, crds: Mapping[Identity, Schema]) -> Tree:
    """The files of an environment, and the schemas that they need, below a folder that is nobody's."""
    import json

    for path, data in outcome.files.items():
        file = folder / outcome.name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    schemas = folder / "schemas" / survey.kubernetes[1]
    book = SchemaBook(CoreSchemas(survey.kubernetes[1]), crds)
    for group, version, kind in survey.kinds:
        file = schemas / (group or version) / f"{kind.lower()}_{version}.json"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(book.find((group, version, kind))), encoding="utf-8")
    return Tree(outcome.name, folder / outcome.name, tuple(sorted(outcome.files)), survey, schemas)


def _describe_refusal(tool: Tool, tree: Tree, refusal: Refusal) -> Finding:
    path = f"{tree.environment}/{refusal.path}" if refusal.path else tree.environment
    owners = (tree.survey.owners.get(part.removesuffix(".yaml")) for part in reversed(refusal.path.split("/")))
    place = next((owner for owner in owners if owner is not None), (f"specs/{tree.environment}.yaml", 0, 0))
    message = f"{tool.name} refuses it: {refusal.message}"
    return Finding(
        REFUSED, "blocking", tree.environment, refusal.subject or refusal.path, message, "", *place, path=path
    )
