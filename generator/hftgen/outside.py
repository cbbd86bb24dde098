"""Outside tools at work: on a copy of the trees in a temporary folder, which is gone afterwards."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hftgen.check.finding import Finding
from hftgen.check.shapes import Survey
from hftgen.check.tools.bench import Found, ToolReport, run_tools
from hftgen.check.tools.tool import Refusal, Tool, Tree
from hftgen.schemas.book import SchemaBook
from hftgen.schemas.core import CoreSchemas, Identity
from hftgen.schemas.strict import Schema

REFUSED = "HFT-X24"


class Copied(NamedTuple):
    """An environment to look at: its files, and what is known of them."""

    environment: str
    files: Mapping[str, bytes]
    survey: Survey


def ask_tools(
    found: Sequence[Found], copies: Sequence[Copied], crds: Mapping[Identity, Schema], jobs: int
) -> tuple[list[ToolReport], list[Finding]]:
    """What each tool is, and HFT-X24: what they refuse and nobody waived. `jobs` run at once."""
    with tempfile.TemporaryDirectory(prefix="hftgen-validate-") as folder:
        trees = [_write(Path(folder), copied, crds) for copied in copies]
        reports, refusals = run_tools(found, trees, jobs)
    findings = [_describe(tool, tree, refusal) for tool, tree, refusal in refusals]
    waived = {tree.environment: tree.survey.waived for tree in trees}
    kept = dict.fromkeys(one for one in findings if (one.rule, one.subject) not in waived[one.environment])
    return reports, list(kept)


def _write(folder: Path, copied: Copied, crds: Mapping[Identity, Schema]) -> Tree:
    """The files of an environment, and the schemas that they need."""
    for path, data in copied.files.items():
        file = folder / copied.environment / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    survey = copied.survey
    schemas = folder / "schemas" / survey.kubernetes[1]
    schemas.mkdir(parents=True, exist_ok=True)
    book = SchemaBook(CoreSchemas(survey.kubernetes[1]), crds)
    for group, version, kind in survey.kinds:
        file = schemas / (group or version) / f"{kind.lower()}_{version}.json"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(book.find((group, version, kind))), encoding="utf-8")
    place = folder / copied.environment
    return Tree(copied.environment, place, tuple(sorted(copied.files)), survey, schemas)


def _describe(tool: Tool, tree: Tree, refusal: Refusal) -> Finding:
    path = f"{tree.environment}/{refusal.path}" if refusal.path else tree.environment
    owners = (tree.survey.owners.get(part.removesuffix(".yaml")) for part in reversed(refusal.path.split("/")))
    place = next((owner for owner in owners if owner is not None), (f"specs/{tree.environment}.yaml", 0, 0))
    message = f"{tool.name} refuses it: {refusal.message}"
    return Finding(
        REFUSED, "blocking", tree.environment, refusal.subject or refusal.path, message, "", *place, path=path
    )
