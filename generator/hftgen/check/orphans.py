"""HFT-X25: objects that a render leaves behind in a cluster, the last of their kind there.

An AppProject permits the kinds that are rendered, and Argo CD neither shows nor prunes an object of another kind
(controller/appcontroller.go, getResourceTree). So a cluster's last Rollout would run on beside the Deployment that
replaces it, and the Application would read Synced.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hftgen.check.finding import Finding
from hftgen.check.manifests import UnreadableError, is_object, read_objects
from hftgen.render.artifact import Artifact
from hftgen.spec.load import Loaded

RULE = "HFT-X25"
BASES, OVERLAYS = "kustomize/base/", "kustomize/overlays/"

Kind = tuple[str, str]


def find_orphans(loaded: Loaded, before: Mapping[str, bytes], artifacts: Sequence[Artifact]) -> Iterator[Finding]:
    """One finding for each object of a part that goes on, on clusters where nothing of its kind is rendered any more.

    `before` are the files that the artifacts replace. A part that goes as a whole loses its Application, which is told
    by the environment's README.
    """
    if not before:
        return
    wanted = {one.path: one for one in artifacts if one.path.startswith((BASES, OVERLAYS)) and one.documents}
    old, new = _list_parts(before), _list_parts(wanted)
    kinds = {cluster: _list_kinds(wanted.values(), cluster, parts) for cluster, parts in new.items()}
    found: dict[tuple[str, str], tuple[dict[str, Any], list[str]]] = {}
    for path, item in _read_gone(before, wanted):
        part = path.split("/")[-2]
        for cluster in _list_clusters(path, old, part):
            if part in new.get(cluster, ()) and _find_kind(item) not in kinds[cluster]:
                found.setdefault((path, _name(item)), (item, []))[1].append(cluster)
    for (path, _), (item, clusters) in sorted(found.items(), key=lambda entry: entry[0]):
        yield _describe(loaded, path, item, clusters)


def _list_parts(paths: Iterable[str]) -> dict[str, set[str]]:
    """Parts by the cluster that has an overlay of them."""
    parts: dict[str, set[str]] = {}
    for path in paths:
        if path.startswith(OVERLAYS) and path.count("/") > 3:
            cluster, part = path.split("/")[2:4]
            parts.setdefault(cluster, set()).add(part)
    return parts


def _list_kinds(artifacts: Iterable[Artifact], cluster: str, parts: set[str]) -> set[Kind]:
    """What a cluster is sent: its overlays, and the bases under them."""
    return {
        _find_kind(item)
        for artifact in artifacts
        if artifact.path.startswith(f"{OVERLAYS}{cluster}/")
        or (artifact.path.startswith(BASES) and artifact.path.split("/")[2] in parts)
        for item in artifact.values()
        if is_object(item)
    }


def _read_gone(before: Mapping[str, bytes], wanted: Mapping[str, Artifact]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of files that go or change; what cannot be read is told by another finding."""
    for path, data in sorted(before.items()):
        if path.startswith((BASES, OVERLAYS)) and (path not in wanted or wanted[path].data != data):
            try:
                yield from ((path, item) for item in read_objects(data))
            except UnreadableError:
                continue


def _list_clusters(path: str, old: Mapping[str, set[str]], part: str) -> list[str]:
    if path.startswith(OVERLAYS):
        return [path.split("/")[2]]
    return sorted(cluster for cluster, parts in old.items() if part in parts)


def _find_kind(item: Mapping[str, Any]) -> Kind:
    return str(item.get("apiVersion", "")).rpartition("/")[0], str(item["kind"])


def _name(item: Mapping[str, Any]) -> str:
    return f"{item['kind']}/{item['metadata']['name']}"


def _describe(loaded: Loaded, path: str, item: Mapping[str, Any], clusters: Sequence[str]) -> Finding:
    environment, part = str(loaded.environment.environment), path.split("/")[-2]
    place = loaded.place(("services", part) if part in loaded.environment.services else ("clusters",))
    group, kind = _find_kind(item)
    resource = f"{kind.lower()}.{group}" if group else kind.lower()
    namespace = item["metadata"].get("namespace")
    space = f" --namespace {namespace}" if namespace else ""
    there = f"{'clusters' if len(clusters) > 1 else 'cluster'} {', '.join(clusters)}"
    message = (
        f"it is the last of its kind on {there}: Argo CD's project no longer permits the kind, and does not prune it"
    )
    hint = f"after the sync, there: kubectl delete {resource} {item['metadata']['name']}{space}"
    return Finding(RULE, "warning", environment, _name(item), message, hint, *place, path=f"{environment}/{path}")
