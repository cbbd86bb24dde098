"""What a validation found, remembered while nothing changes: specs, templates, our code, schemas, the tree on disk."""

import json
import os
from typing import Any, NamedTuple

from hftgen.cache import Cache, Entry, Inputs
from hftgen.check.finding import Finding
from hftgen.check.shapes import Survey, unpack
from hftgen.compilation import Outcome
from hftgen.digest import digest
from hftgen.reading import Place, read_file
from hftgen.run import REPOSITORY, Request


class Verdict(NamedTuple):
    """An environment whose tree on disk is what its specs say: its findings, and what was looked at."""

    environment: str
    findings: tuple[Finding, ...]
    survey: Survey


class Verdicts:
    """The verdicts of one output folder. `common` digests what all environments share, `crds` the definitions."""

    def __init__(self, request: Request, root: Place, common: str, crds: str) -> None:
        self._output = request.output
        self._cache = Cache(request.cache, request.output)
        self._inputs = Inputs(root)
        self._common, self._crds = common, crds

    def find(self, environment: str) -> Verdict | None:
        """What is known of an environment; None where something changed, or it was never rendered."""
        entry = self._cache.find(environment, self._common, self._inputs)
        value = self._cache.recall(_name(environment), self._digest(entry)) if entry is not None else None
        if value is None:
            return None
        findings = tuple(Finding(*fields) for fields in value["findings"])
        return Verdict(environment, findings, unpack(value["survey"]))

    def knows_repository(self) -> bool:
        """Whether what belongs to all environments together is what a render would write, or is nothing.

        Where something was found in it, it is looked at again.
        """
        if (entry := self._cache.find(REPOSITORY, self._common, self._inputs)) is not None:
            return not entry.payload
        recorded = self._cache.recall("nothing together", self._common)
        return recorded is not None and self._inputs.agree(recorded)

    def keep(self, outcome: Outcome) -> None:
        """Remember what was found, where the tree on disk is what was looked at."""
        entry = self._cache.find(outcome.name, self._common, self._inputs)
        if entry is not None and outcome.survey is not None:
            value: dict[str, Any] = {"findings": outcome.findings, "survey": outcome.survey.pack()}
            self._cache.remember(_name(outcome.name), self._digest(entry), value)

    def read_files(self, environment: str) -> dict[str, bytes]:
        """The files of an environment of which there is a verdict, from disk."""
        entry = self._cache.load(environment)
        folder = os.path.join(self._output, environment)  # noqa: PTH118 - many files
        return {path: read_file(f"{folder}/{path}") for path in entry.files} if entry is not None else {}

    def _digest(self, entry: Entry) -> str:
        parts = [entry.common, entry.inputs, entry.outputs, self._crds]
        return digest(json.dumps(parts, sort_keys=True).encode())


def _name(environment: str) -> str:
    return f"verdict on {environment}"
