"""HFT-X20: what a render replaces, against what an API server lets nobody change.

Bytes never depend on it: it compares the tree on disk, which is what Argo CD was given last, with the one that replaces
it. Where there is none, nothing is known, and nothing found.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hftgen.check.finding import Finding
from hftgen.check.immutable import Change, list_changes
from hftgen.check.manifests import UnreadableError, identify, is_object, read_objects
from hftgen.errors import format_path
from hftgen.facts.names import LABEL_NAME
from hftgen.render.artifact import Artifact
from hftgen.spec.load import Loaded, SpecPath

RULE, UNREADABLE = "HFT-X20", "HFT-X21"
FOLDER = "kustomize"
LONGEST = 100

# The fields of a service that a field of an object comes from, the first that fits.
_ORIGINS: tuple[tuple[str, SpecPath], ...] = (
    ("volumeClaimTemplates", ("volumes",)),
    ("storage", ("volumes",)),
    ("storageClassName", ("volumes",)),
    ("podManagementPolicy", ("instances",)),
    ("clusterIP", ("ports",)),
    ("data", ("config",)),
)


class Placed(NamedTuple):
    """An object, its file, and the cluster that gets it: empty for a base, which all get."""

    item: dict[str, Any]
    path: str
    cluster: str


def find_refused(loaded: Loaded, before: Mapping[str, bytes], artifacts: Sequence[Artifact]) -> Iterator[Finding]:
    """The changes that an API server refuses, one finding an object and way; and files that cannot be compared."""
    if not before:
        return
    wanted = {one.path: one for one in artifacts if one.path.startswith(f"{FOLDER}/") and one.documents}
    changed = {path: data for path, data in before.items() if path not in wanted or wanted[path].data != data}
    old: list[Placed] = []
    for path, data in sorted(changed.items()):
        try:
            old += [_place(item, path) for item in read_objects(data)]
        except UnreadableError as error:
            yield _describe_unreadable(loaded, path, error)
    new = [
        _place(item, path)
        for path, artifact in sorted(wanted.items())
        if before.get(path) != artifact.data
        for item in artifact.values()
        if is_object(item)
    ]
    yield from _compare(loaded, old, new)


def _place(item: dict[str, Any], path: str) -> Placed:
    parts = path.split("/")
    return Placed(item, path, parts[2] if parts[1] == "overlays" and len(parts) > 3 else "")


def _compare(loaded: Loaded, old: Iterable[Placed], new: Iterable[Placed]) -> Iterator[Finding]:
    known: dict[tuple[str, ...], list[Placed]] = {}
    for placed in old:
        known.setdefault(identify(placed.item), []).append(placed)
    found: dict[tuple[str, str], tuple[Placed, dict[str, Change]]] = {}
    for placed in new:
        for other in known.get(identify(placed.item), ()):
            if placed.cluster and other.cluster and placed.cluster != other.cluster:
                continue
            for change in list_changes(other.item, placed.item):
                key = (f"{placed.item['kind']}/{placed.item['metadata']['name']}", change.way)
                found.setdefault(key, (placed, {}))[1].setdefault(_show_change(change), change)
    for (subject, way), (placed, changes) in sorted(found.items(), key=lambda entry: entry[0]):
        yield _describe(loaded, subject, placed, way, changes)


def _describe(loaded: Loaded, subject: str, placed: Placed, way: str, changes: Mapping[str, Change]) -> Finding:
    place = loaded.place(_find_origin(loaded, placed, next(iter(changes.values())).field))
    environment = str(loaded.environment.environment)
    message = f"an API server refuses this change: {'; '.join(changes)}"
    waiver = f"waivers: [{{rule: {RULE}, object: {subject}, reason: ..., owner: ..., expires: ...}}]"
    hint = f"take it back, or {way}. To render it, accept it in the same commit: {waiver}"
    return Finding(RULE, "blocking", environment, subject, message, hint, *place, path=f"{environment}/{placed.path}")


def _show_change(change: Change) -> str:
    return f"{format_path(change.field)}: {_show(change.old)} → {_show(change.new)}"


def _show(value: Any) -> str:
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."


def _find_origin(loaded: Loaded, placed: Placed, field: tuple[str | int, ...]) -> SpecPath:
    """The field of the spec that says it, as far as that can be told."""
    environment, part = loaded.environment, placed.path.split("/")[-2]
    labels = placed.item["metadata"].get("labels")
    owner = str(labels.get(LABEL_NAME, "")) if isinstance(labels, dict) else ""
    if part in environment.services:
        ending = next((path for name, path in _ORIGINS if name in field), ())
        return ("services", part, *ending)
    if owner in environment.datastores:
        return ("datastores", owner)
    return ("clusters", placed.cluster) if placed.cluster else ("clusters",)


def _describe_unreadable(loaded: Loaded, path: str, error: UnreadableError) -> Finding:
    environment = str(loaded.environment.environment)
    reason = str(error).splitlines()[0] if str(error) else "it is no YAML"
    message = f"it cannot be read, so that what it says could not be compared: {reason}"
    hint = "compare by hand: what an API server lets nobody change may have changed"
    return Finding(
        UNREADABLE, "warning", environment, path, message, hint, *loaded.place(()), path=f"{environment}/{path}"
    )
