"""Fields that an API server lets nobody change, kind by kind, and the way through where one must change.

From Kubernetes' own validation of updates (pkg/apis/*/validation, 1.36); a Rollout's selector is not validated, and a
change would leave its pods behind unseen. Fields that have a default are compared with it.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hftgen.spec.units import Quantity
from hftgen.spec.units.quantity import count_nano

Field = tuple[str | int, ...]


class Change(NamedTuple):
    """A field that may not change, its two values (None: it is not there), and what to do by hand."""

    field: Field
    old: Any
    new: Any
    way: str


Object = dict[str, Any]

_STATEFUL_SET = frozenset(
    (
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    )
)
_JOB = ("template", "selector", "completionMode", "completions", "podFailurePolicy", "successPolicy", "managedBy")
_DEFAULTS = {
    "podManagementPolicy": "OrderedReady",
    "volumeMode": "Filesystem",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "Immediate",
    "preemptionPolicy": "PreemptLowerPriority",
}
_STORAGE: Field = ("resources", "requests", "storage")


def list_changes(old: Object, new: Object) -> Iterator[Change]:
    """The changes from one object to the other that are refused; both have one identity."""
    compare = _KINDS.get(old["kind"])
    if compare is not None:
        yield from compare(old, new)


def _compare_stateful_set(old: Object, new: Object) -> Iterator[Change]:
    before, after = (_without(item.get("spec"), _STATEFUL_SET) for item in (old, new))
    delete = f"{_delete(new, '--cascade=orphan')}, and sync: the pods go on, and the new set takes them over"
    for field, one, other in list_differences(before, after, ("spec",)):
        if field[-3:] == _STORAGE and _is_growth(other, one) and _is_growth(one, other):
            continue  # the same in other words
        way = delete
        if field[-3:] == _STORAGE and _is_growth(one, other):
            claims = f"kubectl patch pvc {_name_claim(field)}-{new['metadata']['name']}-N{_space(new)}"
            way = f"grow each claim by hand ({claims} ...), then {delete}"
        elif "volumeClaimTemplates" in field:
            way = (
                f"claims that exist stay as they are: move their data to new ones by hand, {_delete(new, '')}, and sync"
            )
        elif "selector" in field:
            way = f"its pods would not be taken over: {_delete(new, '')}, and sync; it is down in between"
        yield Change(field, one, other, way)


def _compare_claim(old: Object, new: Object) -> Iterator[Change]:
    for field, one, other in list_differences(old.get("spec"), new.get("spec"), ("spec",)):
        if field[-1] == "volumeAttributesClassName" or (field[-3:] == _STORAGE and _is_growth(one, other)):
            continue
        yield Change(field, one, other, "give the volume another name, and move its data to the new claim")


def _compare_class(old: Object, new: Object) -> Iterator[Change]:
    way = f"{_delete(new, '')}, and sync: claims and disks that exist stay as they are"
    for name in ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"):
        yield from _compare(old, new, (name,), way)


def _compare_job(old: Object, new: Object) -> Iterator[Change]:
    way = f"{_delete(new, '')}, and sync: it runs again"
    for name in _JOB:
        yield from _compare(old, new, ("spec", name), way)


def _compare_service(old: Object, new: Object) -> Iterator[Change]:
    way = f"{_delete(new, '')}, and sync: callers lose it for a moment"
    types = {_find(item, ("spec", "type")) for item in (old, new)}
    one, other = (_find(item, ("spec", "clusterIP")) for item in (old, new))
    if "ExternalName" not in types and (one == "None") != (other == "None"):
        yield Change(("spec", "clusterIP"), one, other, way)
    if types == {"LoadBalancer"}:
        yield from _compare(old, new, ("spec", "loadBalancerClass"), way)


def _compare_priority(old: Object, new: Object) -> Iterator[Change]:
    way = f"{_delete(new, '')}, and sync: pods that run keep the old priority until they are replaced"
    yield from _compare(old, new, ("value",), way)
    yield from _compare(old, new, ("preemptionPolicy",), way)


def _compare_selector(old: Object, new: Object) -> Iterator[Change]:
    way = (
        f"{_delete(new, '--cascade=orphan')}, and sync; once the new pods are ready, delete the old ReplicaSets by hand"
    )
    yield from _compare(old, new, ("spec", "selector"), way)


def _compare_binding(old: Object, new: Object) -> Iterator[Change]:
    yield from _compare(old, new, ("roleRef",), f"{_delete(new, '')}, and sync")


def _compare_contents(old: Object, new: Object) -> Iterator[Change]:
    if old.get("immutable") is True:
        for name in ("data", "stringData", "binaryData", "immutable"):
            yield from _compare(old, new, (name,), f"{_delete(new, '')}, and sync; pods must be restarted by hand")


def _compare_database(old: Object, new: Object) -> Iterator[Change]:
    field: Field = ("spec", "storage", "size")
    one, other = _find(old, field), _find(new, field)
    if one is not None and other is not None and one != other and not _is_growth(one, other):
        yield Change(field, one, other, "a database's disk does not shrink: restore a backup into a new one")


_KINDS: dict[str, Callable[[Object, Object], Iterator[Change]]] = {
    "StatefulSet": _compare_stateful_set,
    "PersistentVolumeClaim": _compare_claim,
    "StorageClass": _compare_class,
    "Job": _compare_job,
    "Service": _compare_service,
    "PriorityClass": _compare_priority,
    "Deployment": _compare_selector,
    "Rollout": _compare_selector,
    "RoleBinding": _compare_binding,
    "ClusterRoleBinding": _compare_binding,
    "ConfigMap": _compare_contents,
    "Secret": _compare_contents,
    "Cluster": _compare_database,
}


def _compare(old: Object, new: Object, field: Field, way: str) -> Iterator[Change]:
    for place, one, other in list_differences(_find(old, field), _find(new, field), field):
        yield Change(place, one, other, way)


def list_differences(old: Any, new: Any, field: Field = ()) -> Iterator[tuple[Field, Any, Any]]:
    """The innermost fields that differ, with both values; items of lists that have names are told apart by them."""
    if isinstance(old, list) and isinstance(new, list):
        one, other = _name_items(old), _name_items(new)
        old, new = (one, other) if one is not None and other is not None else (old, new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from list_differences(_get(old, key), _get(new, key), (*field, key))
    elif old != new:
        yield field, old, new


def _get(mapping: Object, key: str) -> Any:
    return mapping.get(key, _DEFAULTS.get(key))


def _name_items(items: list[Any]) -> Object | None:
    names = [_find(item, ("name",)) or _find(item, ("metadata", "name")) for item in items]
    return dict(zip(names, items, strict=True)) if all(names) and len(set(names)) == len(items) else None


def _find(item: Any, field: Field) -> Any:
    for key in field:
        if not isinstance(item, dict):
            return None
        item = item.get(str(key), _DEFAULTS.get(str(key)))
    return item


def _without(spec: Any, names: frozenset[str]) -> Object:
    return {key: value for key, value in spec.items() if key not in names} if isinstance(spec, dict) else {}


def _is_growth(old: Any, new: Any) -> bool:
    """Whether an amount of storage grows, or stays."""
    try:
        return count_nano(str(new), Quantity) >= count_nano(str(old), Quantity)
    except ValueError:
        return False


def _name_claim(field: Field) -> str:
    return str(field[field.index("volumeClaimTemplates") + 1])


def _space(item: Object) -> str:
    namespace = item["metadata"].get("namespace")
    return f" --namespace {namespace}" if namespace else ""


def _delete(item: Object, how: str) -> str:
    words = ["kubectl delete", item["kind"].lower(), item["metadata"]["name"]]
    return " ".join([*words, how]).rstrip() + _space(item)
