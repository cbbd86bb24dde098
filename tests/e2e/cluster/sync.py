"""What Argo CD does when it syncs an Application: what reaches the cluster, and what is taken away.

Modelled after Argo CD 3.5: server-side apply by `argocd-controller` that takes fields from others; server-side diff
(the live object against a dry run of the wanted one); ApplyOutOfSyncOnly; RespectIgnoreDifferences; tracking by
annotation; pruning, which passes over what says Prune=false and asks a person about Prune=confirm. The project permits
kinds: a wanted object of another is refused, a live one of another is not seen, so that nobody prunes it. No hooks, no
waves: an object with one is refused here, so that this model is extended before it is wrong.
"""

import copy
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tests.e2e.cluster.client import Client, Manifest
from tests.e2e.cluster.ignoring import Ignored, cut, read_ignored, respect
from tests.tools import manifests

MANAGER = "argocd-controller"
TRACKING = "argocd.argoproj.io/tracking-id"
OPTIONS = "argocd.argoproj.io/sync-options"
_UNKNOWN = ("argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave", "helm.sh/hook")
# gitops-engine's order of kinds; those that are not named come last.
_ORDER = (
    "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodDisruptionBudget", "ServiceAccount", "Secret",
    "ConfigMap", "StorageClass", "PersistentVolumeClaim", "Role", "RoleBinding", "Service", "Deployment",
    "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "Ingress",
)  # fmt: skip
# What the API server writes into every object.
_BOOKKEEPING = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp")


class Application(NamedTuple):
    """What an Application says, and the kinds that its project permits: (group, kind)."""

    name: str
    namespace: str
    options: frozenset[str]
    ignored: tuple[Ignored, ...]
    permitted: frozenset[tuple[str, str]]


class Outcome(NamedTuple):
    """What a sync did, as `Kind/name`."""

    applied: tuple[str, ...]
    pruned: tuple[str, ...]
    unconfirmed: tuple[str, ...]


class SyncError(Exception):
    """Argo CD would fail this sync."""


def read_application(objects: Iterable[Manifest], path: str) -> Application:
    """The Application that delivers a folder, of those among a cluster's Argo CD objects."""
    by_kind: dict[str, list[Manifest]] = {}
    for one in objects:
        by_kind.setdefault(one["kind"], []).append(one)
    (found,) = (one for one in by_kind["Application"] if one["spec"].get("source", {}).get("path") == path)
    projects = {one["metadata"]["name"]: one["spec"] for one in by_kind["AppProject"]}
    return _read(found, _list_permitted(projects[found["spec"]["project"]]))


def sync(client: Client, application: Application, wanted: list[Manifest], *, confirm: bool = False) -> Outcome:
    """Bring the cluster to what is wanted, pruning as `argocd app sync --prune` does; `confirm` as a person would."""
    targets = [_place(client, application, one) for one in wanted]
    kept = {_identify(one) for one in targets}
    pruned, unconfirmed = [], []
    for one in _list_tracked(client, application):
        options = _read_options(one) | application.options
        if _identify(one) in kept or "Prune=false" in options:
            continue
        if "Prune=confirm" in options and not confirm:
            unconfirmed.append(_name(one))
            continue
        client.delete(one)
        pruned.append(_name(one))
    applied = [_name(one) for one in sorted(targets, key=_rank) if _apply(client, application, one)]
    return Outcome(tuple(applied), tuple(pruned), tuple(unconfirmed))


def list_out_of_sync(client: Client, application: Application, wanted: list[Manifest]) -> list[str]:
    """What Argo CD would show as OutOfSync: absent, different, or there without being wanted."""
    targets = [_place(client, application, one) for one in wanted]
    kept = {_identify(one) for one in targets}
    differing = [_name(one) for one in targets if _differs(client, application, one, _get(client, one))]
    extra = [one for one in _list_tracked(client, application) if _identify(one) not in kept]
    return differing + [_name(one) for one in extra if not _is_extraneous(one)]


def _read(manifest: Manifest, permitted: frozenset[tuple[str, str]]) -> Application:
    spec = manifest["spec"]
    return Application(
        manifest["metadata"]["name"],
        spec["destination"].get("namespace", ""),
        frozenset(spec.get("syncPolicy", {}).get("syncOptions", [])),
        tuple(read_ignored(item) for item in spec.get("ignoreDifferences", [])),
        permitted,
    )


def _list_permitted(project: Manifest) -> frozenset[tuple[str, str]]:
    """Left out, no kind of the cluster's is permitted, and every kind in a namespace; ours always names them."""
    lists = [project.get("clusterResourceWhitelist", []), project["namespaceResourceWhitelist"]]
    return frozenset((item["group"], item["kind"]) for items in lists for item in items)


def _place(client: Client, application: Application, manifest: Manifest) -> Manifest:
    """The object as it is applied: in its namespace, and known to be this Application's."""
    placed = copy.deepcopy(manifest)
    metadata, version, kind = placed["metadata"], placed["apiVersion"], placed["kind"]
    if found := [key for key in _UNKNOWN if key in metadata.get("annotations", {})]:
        message = f"the model of Argo CD knows no {', '.join(found)}: {_name(placed)}"
        raise LookupError(message)
    group = version.rpartition("/")[0]
    if (group, kind) not in application.permitted:
        message = f"resource {group}:{kind} is not permitted in the project of {application.name}"
        raise SyncError(message)
    shape = client.find(version, kind)
    if shape is not None and shape.namespaced:
        metadata.setdefault("namespace", application.namespace)
    identity = f"{application.name}:{group}/{kind}:{metadata.get('namespace', '')}/{metadata['name']}"
    metadata["annotations"] = {**(metadata.get("annotations") or {}), TRACKING: identity}
    return placed


def _list_tracked(client: Client, application: Application) -> Iterator[Manifest]:
    """What lives and was applied by this Application, of the kinds that it may see; what others made is not."""
    for group, kind in sorted(application.permitted):
        shape = client.prefer(group, kind)
        for one in client.objects(shape.version, kind) if shape else ():
            metadata = one["metadata"]
            identity = metadata.get("annotations", {}).get(TRACKING, "")
            namespace = metadata.get("namespace", "")
            own = identity == f"{application.name}:{group}/{kind}:{namespace}/{metadata['name']}"
            if own and "deletionTimestamp" not in metadata:
                yield one


def _apply(client: Client, application: Application, target: Manifest) -> bool:
    """Whether it was applied: with ApplyOutOfSyncOnly only what differs is."""
    live = _get(client, target)
    _refuse_shared(application, live)
    if "ApplyOutOfSyncOnly=true" in application.options and not _differs(client, application, target, live):
        return False
    if live is not None and "RespectIgnoreDifferences=true" in application.options:
        target = respect(target, live, application.ignored)
    client.apply(target, MANAGER)
    return True


def _differs(client: Client, application: Application, target: Manifest, live: Manifest | None) -> bool:
    """Server-side diff: what an apply would make of the live object, without what is ignored."""
    if live is None:
        return True
    predicted = client.apply(target, MANAGER, dry_run=True)
    sides = [cut(side, application.ignored) for side in (live, predicted)]
    for side in sides:
        _strip(side)
    return bool(sides[0] != sides[1])


def _refuse_shared(application: Application, live: Manifest | None) -> None:
    owner = (live or {"metadata": {}})["metadata"].get("annotations", {}).get(TRACKING, "").partition(":")[0]
    if owner not in ("", application.name) and "FailOnSharedResource=true" in application.options:
        message = f"{application.name}: {_name(live or {})} is part of {owner}"
        raise SyncError(message)


def _strip(manifest: Manifest) -> None:
    manifest.pop("status", None)
    for field in _BOOKKEEPING:
        manifest["metadata"].pop(field, None)


def _get(client: Client, target: Manifest) -> Manifest | None:
    version, kind, namespace, name = manifests.identify(target)
    return client.get(version, kind, name, namespace)


def _identify(manifest: Manifest) -> tuple[str, ...]:
    """Without the version: an object is the same at each of them."""
    version, *rest = manifests.identify(manifest)
    return (version.rpartition("/")[0], *rest)


def _read_options(manifest: Manifest) -> set[str]:
    text = manifest["metadata"].get("annotations", {}).get(OPTIONS, "")
    return {option.strip() for option in text.split(",")}


def _is_extraneous(manifest: Manifest) -> bool:
    options: str = manifest["metadata"].get("annotations", {}).get("argocd.argoproj.io/compare-options", "")
    return "IgnoreExtraneous" in options


def _rank(manifest: Any) -> tuple[int, str, str]:
    kind = manifest["kind"]
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), kind, manifest["metadata"]["name"])


def _name(manifest: Manifest) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"
