"""One object and the patches that are meant for it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from hftgen.errors import format_path
from hftgen.patch.error import PatchError
from hftgen.patch.merging import Merge, is_same
from hftgen.patch.operations import operate
from hftgen.patch.owned import find_touched
from hftgen.patch.tree import join, take_expressions, take_values

Patch = dict[str, Any]
"""`path` (in the spec: services, its name, ..., patches, its index) and `merge` or `json`."""


class Verdict(NamedTuple):
    """What came of one patch at one object: whether it changed it, or why it could not."""

    path: tuple[str | int, ...]
    changed: bool
    error: PatchError | None = None


def apply(item: dict[str, Any], chart: dict[str, Any] | None, patches: Iterable[Patch]) -> tuple[Any, list[Verdict]]:
    """The object with all patches, in its Kustomize form, or in its Helm form where that is given; and the verdicts.

    A patch that fails leaves the object as it was.
    """
    tree = join(item, item if chart is None else chart)
    verdicts = []
    for patch in patches:
        patched, verdict = _apply(tree, patch)
        tree = patched if verdict.changed else tree
        verdicts.append(verdict)
    return (take_values(tree) if chart is None else take_expressions(tree)), verdicts


def _apply(tree: dict[str, Any], patch: Patch) -> tuple[dict[str, Any], Verdict]:
    path = tuple(patch["path"])
    before = take_values(tree, comments=False)
    patched = join(take_values(tree), take_expressions(tree))
    try:
        _change(patched, patch, f"Patched: {format_path(path)}.")
        after = take_values(patched, comments=False)
        _refuse_touched(before, after, path)
    except PatchError as error:
        return tree, Verdict(path, changed=False, error=error)
    return patched, Verdict(path, changed=not is_same(before, after))


def _change(tree: dict[str, Any], patch: Patch, note: str) -> None:
    if "merge" in patch:
        Merge(tree["kind"], note).into(tree, patch["merge"])
    else:
        operate(tree, patch["json"], note)


def _refuse_touched(before: dict[str, Any], after: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """Overlays and charts set some fields of their own: a patch of them would be lost, or would break the other."""
    touched = find_touched(before, after, str(path[1]))
    if touched is not None:
        raise PatchError(
            (), f"changes {touched.field}, which is not a patch's to change", hint=f"use {touched.instead}"
        )
