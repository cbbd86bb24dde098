"""The stage between templates and files in which the spec's patches are applied.

A template says of an object what is to be done to it: `{"{{patch}}": patches, "then": object}`, and in the Helm chart
`plain`, the same object without references to values (templates/_lib/objects.libsonnet). Without patches it says
nothing, and this stage costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hftgen.errors import Problem, format_path
from hftgen.patch.apply import Verdict, apply
from hftgen.patch.error import PatchError
from hftgen.render.engine import Path, Place
from hftgen.render.layout import IF, THEN

PATCH, PLAIN = "{{patch}}", "plain"


class Patching:
    """Applies patches to the values of one environment's templates, and knows what came of each."""

    def __init__(self) -> None:
        self._changed: set[Path] = set()
        self._same: dict[Path, set[str]] = {}
        self._errors: dict[tuple[Path, str], PatchError] = {}

    def patch(self, value: Any) -> Any:
        """A template's value with the patches that it asks for."""
        if isinstance(value, list):
            return [self._patch_document(document) for document in value]
        return self._patch_document(value)

    def list_problems(self, asked: Sequence[Mapping[str, Any]], place: Place) -> Iterator[Problem]:
        """What is wrong with the patches that were `asked` for: `{path, target, objects}` of each."""
        for (path, item), error in self._errors.items():
            where = (*path, *error.path)
            message = f"{error.message} ({item})"
            yield Problem(*place(where), format_path(where), message, "", error.expected, error.hint)
        failed = {path for path, _ in self._errors}
        for patch in asked:
            path = tuple(patch["path"])
            if path in self._same and path not in self._changed | failed:
                yield _describe_same(path, self._same[path], place)
            elif path not in self._same and path not in self._changed | failed:
                yield _describe_idle(path, patch, place)

    def _patch_document(self, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        if IF in document and THEN in document:
            return {**document, THEN: self._patch_document(document[THEN])}
        if PATCH not in document:
            return document
        item, plain = document[THEN], document.get(PLAIN)
        patched, verdicts = apply(plain or item, item if plain else None, document[PATCH])
        self._note(f"{patched['kind']}/{(plain or item)['metadata']['name']}", verdicts)
        return patched

    def _note(self, item: str, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.error is not None:
                self._errors.setdefault((verdict.path, item), verdict.error)
            elif verdict.changed:
                self._changed.add(verdict.path)
            else:
                self._same.setdefault(verdict.path, set()).add(item)


def _describe_same(path: Path, items: Iterable[str], place: Place) -> Problem:
    message = f"changes nothing in {', '.join(sorted(items))}"
    return Problem(*place(path), format_path(path), message, hint="remove the patch")


def _describe_idle(path: Path, patch: Mapping[str, Any], place: Place) -> Problem:
    where = (*path, "target")
    message, expected = "means no object of this service", f"one of {', '.join(patch['objects'])}"
    return Problem(*place(where), format_path(where), message, patch["target"], expected)
