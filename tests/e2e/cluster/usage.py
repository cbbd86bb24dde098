"""The resource metrics API as a custom resource: what a metrics server would measure, said by a test.

An autoscaler asks for `pods.metrics.k8s.io` of its pods. Each of them uses the same share of the CPU that it requests.
"""

import time
from typing import Any

from hftgen.spec.units import Cpu
from tests.e2e.cluster.client import Client, Manifest

API = ("metrics.k8s.io/v1beta1", "PodMetrics")
_WINDOW_SECONDS = 1


def define() -> Manifest:
    """The resource's definition."""
    group, _, version = API[0].partition("/")
    names = {"plural": "pods", "singular": "", "kind": API[1], "listKind": f"{API[1]}List"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    approval = {"api-approved.kubernetes.io": "unapproved, a stand-in for a metrics server"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"pods.{group}", "annotations": approval},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": names,
            "versions": [{"name": version, "served": True, "storage": True, "schema": schema}],
        },
    }


def report(client: Client, share: float) -> None:
    """Every autoscaled pod that runs uses this share of its request."""
    for scaler in client.objects("autoscaling/v2", "HorizontalPodAutoscaler"):
        metadata, target = scaler["metadata"], scaler["spec"]["scaleTargetRef"]
        workload = client.get(target["apiVersion"], target["kind"], target["name"], metadata["namespace"])
        labels = workload["spec"]["selector"]["matchLabels"] if workload else {}
        for pod in client.objects("v1", "Pod", metadata["namespace"]) if labels else ():
            own = pod["metadata"].get("labels", {})
            if labels.items() <= own.items() and pod.get("status", {}).get("phase") == "Running":
                client.apply(_measure(pod, share), "play")


def _measure(pod: Manifest, share: float) -> Manifest:
    version, kind = API
    metadata = {key: pod["metadata"][key] for key in ("name", "namespace", "labels")}
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": metadata,
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "window": f"{_WINDOW_SECONDS}s",
        "containers": [_measure_container(container, share) for container in pod["spec"]["containers"]],
    }


def _measure_container(container: Any, share: float) -> dict[str, Any]:
    request = Cpu(container["resources"]["requests"]["cpu"])
    return {"name": container["name"], "usage": {"cpu": f"{int(request.millicores * share)}m", "memory": "1Gi"}}
