"""What is there, in few lines: for the message of a wait that was in vain."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.cluster.client import Client, Manifest

_KINDS = (
    ("argoproj.io/v1alpha1", "Rollout"),
    ("argoproj.io/v1alpha1", "AnalysisRun"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Pod"),
)
_EVENTS = 25


def describe(client: Client, namespace: str) -> str:
    """Workloads, analyses, pods and the last events of a namespace."""
    return "\n".join([*_list_objects(client, namespace), "last events:", *_list_events(client, namespace)])


def _list_objects(client: Client, namespace: str) -> Iterator[str]:
    for version, kind in _KINDS:
        for one in client.objects(version, kind, namespace) if client.find(version, kind) else ():
            yield f"  {kind} {one['metadata']['name']}: {', '.join(_tell(one))}"


def _tell(manifest: Manifest) -> Iterator[str]:
    spec, status = manifest["spec"], manifest.get("status", {})
    for key in (
        "phase",
        "message",
        "abort",
        "currentStepIndex",
        "updatedReplicas",
        "availableReplicas",
        "readyReplicas",
    ):
        if key in status:
            yield f"{key} {status[key]}"
    for container in spec.get("template", spec).get("spec", spec).get("containers", []):
        yield f"{container['image']}"
    if "nodeName" in spec:
        yield f"on {spec['nodeName']}"
    for result in status.get("metricResults", []):
        yield f"{result['name']} {result['phase']} ({_list_values(result)})"
    for condition in status.get("conditions", []):
        if condition["status"] != "True" and condition.get("message"):
            yield f"{condition['type']} {condition['status']}: {condition['message']}"


def _list_values(result: Any) -> str:
    return " ".join(str(one.get("value", one.get("message", ""))) for one in result.get("measurements", []))


def _list_events(client: Client, namespace: str) -> Iterator[str]:
    events = client.objects("v1", "Event", namespace)
    events.sort(key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
    for event in events[-_EVENTS:]:
        when, about = event.get("lastTimestamp") or event.get("eventTime"), event["involvedObject"]
        yield f"  {when} {about['kind']} {about.get('name')}: {event['reason']}: {event.get('message')}"
