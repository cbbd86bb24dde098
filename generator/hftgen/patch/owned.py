"""What a patch may not change: what names an object, and what overlays, chart values or selectors set or rely on."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from hftgen.patch.lists import TEMPLATES
from hftgen.patch.merging import is_same

COUNTED = ("Deployment", "StatefulSet", "Rollout")
SELECTING = (*COUNTED, "Service", "PodDisruptionBudget")


class Owned(NamedTuple):
    """A field by its path in the object, its value, and the field of the spec to use instead."""

    field: str
    value: Any
    instead: str


def find_touched(before: dict[str, Any], after: dict[str, Any], service: str) -> Owned | None:
    """The first field that is hftgen's and differs; both are values without comments."""
    now = {owned.field: owned.value for owned in list_owned(after, service)}
    for owned in list_owned(before, service):
        # A container that goes takes its fields along.
        there = owned.field in now or not owned.field.startswith("container ")
        if there and not is_same(now.get(owned.field), owned.value):
            return owned
    return None


def list_owned(item: dict[str, Any], service: str) -> Iterator[Owned]:
    """The fields of an object of a service that no patch may change."""
    kind, spec = str(item.get("kind")), item.get("spec")
    metadata, spec = _mapping(item.get("metadata")), _mapping(spec)
    yield Owned("apiVersion", item.get("apiVersion"), "a template of your own: docs/templates.md")
    yield Owned("kind", item.get("kind"), f"services.{service}.workload or release.strategy")
    yield Owned("metadata.name", metadata.get("name"), "the service's own name")
    yield Owned("metadata.namespace", metadata.get("namespace"), "kubernetes.namespace")
    if kind in SELECTING:
        yield Owned("spec.selector", spec.get("selector"), f"services.{service}.labels, which never select")
    if kind in COUNTED:
        yield Owned("spec.replicas", spec.get("replicas"), f"services.{service}.replicas or autoscale")
    if kind == "HorizontalPodAutoscaler":
        for name in ("minReplicas", "maxReplicas"):
            yield Owned(f"spec.{name}", spec.get(name), f"services.{service}.autoscale")
    if kind == "ConfigMap":
        for name in ("data", "binaryData", "immutable"):
            yield Owned(name, item.get(name), f"services.{service}.config or files: the name is a hash of them")
    if kind in TEMPLATES:
        yield from _list_pod(item, kind, service)


def _list_pod(item: dict[str, Any], kind: str, service: str) -> Iterator[Owned]:
    pod = item
    for name in TEMPLATES[kind].split("."):
        pod = _mapping(pod.get(name))
    template = _mapping(_find_template(item, kind).get("metadata"))
    selected = _mapping(_mapping(_mapping(item.get("spec")).get("selector")).get("matchLabels"))
    labels = _mapping(template.get("labels"))
    for label in sorted(selected):
        yield Owned(f"the pod's label {label}", labels.get(label), f"services.{service}.labels, which never select")
    for container in [*_list(pod.get("initContainers")), *_list(pod.get("containers"))]:
        yield from _list_container(_mapping(container), service)


def _list_container(container: dict[str, Any], service: str) -> Iterator[Owned]:
    name = str(container.get("name"))
    yield Owned(f"container {name}: image", container.get("image"), _name(name, service, "image"))
    resources = _mapping(container.get("resources"))
    for side in ("requests", "limits"):
        said = _mapping(resources.get(side))
        for resource in ("cpu", "memory"):
            yield Owned(f"container {name}: {side}.{resource}", said.get(resource), _name(name, service, resource))
        pages = {key: value for key, value in said.items() if key.startswith("hugepages-")}
        yield Owned(f"container {name}: {side}.hugepages", pages, _name(name, service, "hugepages"))


def _name(container: str, service: str, field: str) -> str:
    """The field of the spec that says it for a container."""
    if container == service:
        return f"services.{service}.{field}"
    return f"services.{service}.sidecars.{container}.{field}, or that of the init container"


def _find_template(item: dict[str, Any], kind: str) -> dict[str, Any]:
    place = item
    for name in TEMPLATES[kind].split(".")[:-1]:
        place = _mapping(place.get(name))
    return place


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
