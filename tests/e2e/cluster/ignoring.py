"""Argo CD's `ignoreDifferences`, and what RespectIgnoreDifferences makes of an object before it is applied.

Modelled after Argo CD's controller (util/argo/normalizers, controller/sync.go): ignored fields are cut out of what is
compared; before an apply, what was cut out of the live object is put into the wanted one by a merge patch. Such a patch
replaces lists whole, so that an ignored field inside a list keeps that list as it lives, whatever else changed in it.
"""

import copy
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

_STEP = re.compile(r"""\.?\["(?P<quoted>[^"]+)"\]|(?P<each>\[\])|\.(?P<plain>[A-Za-z_][A-Za-z0-9_-]*)""")


class Ignored(NamedTuple):
    """One item of an Application's ignoreDifferences: names are exact, group and kind are globs."""

    group: str
    kind: str
    name: str
    namespace: str
    paths: tuple[tuple[str, ...], ...]

    def matches(self, manifest: Any) -> bool:
        """Whether it is about this object."""
        metadata = manifest["metadata"]
        group = manifest["apiVersion"].rpartition("/")[0]
        return (
            fnmatchcase(group, self.group)
            and fnmatchcase(manifest["kind"], self.kind)
            and self.name in ("", metadata["name"])
            and self.namespace in ("", metadata.get("namespace", ""))
        )


def read_ignored(item: dict[str, Any]) -> Ignored:
    """An item as Argo CD reads it. LookupError for a field that this model does not know: better than to ignore it."""
    known = {"group", "kind", "name", "namespace", "jqPathExpressions", "jsonPointers"}
    if unknown := set(item) - known:
        message = f"the model of Argo CD knows no ignoreDifferences by {', '.join(sorted(unknown))}"
        raise LookupError(message)
    paths = [_read_expression(text) for text in item.get("jqPathExpressions", [])]
    paths += [_read_pointer(text) for text in item.get("jsonPointers", [])]
    name, namespace = item.get("name", ""), item.get("namespace", "")
    return Ignored(item.get("group", ""), item["kind"], name, namespace, tuple(paths))


def cut(manifest: Any, ignored: tuple[Ignored, ...]) -> Any:
    """The object without its ignored fields."""
    left = copy.deepcopy(manifest)
    for path in _list_paths(manifest, ignored):
        _remove(left, path)
    return left


def respect(wanted: Any, live: Any, ignored: tuple[Ignored, ...]) -> Any:
    """What is applied: the wanted object with the ignored fields as they live."""
    return merge(cut(wanted, ignored), _compare(cut(live, ignored), live))


def merge(value: Any, change: Any) -> Any:
    """A JSON merge patch (RFC 7386)."""
    if not isinstance(change, dict):
        return change
    merged = dict(value) if isinstance(value, dict) else {}
    for key, inner in change.items():
        if inner is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), inner)
    return merged


def _compare(before: Any, after: dict[str, Any]) -> dict[str, Any]:
    """The merge patch that adds to `before` what only `after` has; nothing is ever taken away."""
    change: dict[str, Any] = {}
    for key, value in after.items():
        if key not in before:
            change[key] = value
        elif before[key] != value:
            nested = isinstance(value, dict) and isinstance(before[key], dict)
            change[key] = _compare(before[key], value) if nested else value
    return change


def _list_paths(manifest: Any, ignored: tuple[Ignored, ...]) -> Iterator[tuple[str, ...]]:
    return (path for item in ignored if item.matches(manifest) for path in item.paths)


def _read_expression(text: str) -> tuple[str, ...]:
    """The part of jq that names one place, or one place in each item of a list."""
    steps, at = [], 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            message = f"the model of Argo CD cannot read the jq path {text!r}"
            raise LookupError(message)
        steps.append(step["quoted"] or step["plain"] or "[]")
        at = step.end()
    return tuple(steps)


def _read_pointer(text: str) -> tuple[str, ...]:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])


def _remove(value: Any, path: tuple[str, ...]) -> None:
    step, rest = path[0], path[1:]
    if step == "[]":
        for item in value if isinstance(value, list) else []:
            _remove(item, rest)
    elif isinstance(value, dict) and step in value:
        if rest:
            _remove(value[step], rest)
        else:
            del value[step]
