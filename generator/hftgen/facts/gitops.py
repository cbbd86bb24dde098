"""What Argo CD on each cluster needs to know: names, paths, order, and what it must leave to controllers."""

from collections.abc import Iterator, Mapping
from typing import Any

# The folder of the repository that holds what hftgen renders; Applications name paths below it.
RENDERED = "rendered"

IN_CLUSTER = "https://kubernetes.default.svc"


def name_project(environment: Mapping[str, Any]) -> str:
    """The AppProject of an environment; also the prefix of its Applications, so that environments may share a cluster."""
    return f"{environment['project']}-{environment['environment']}"


def name_application(environment: Mapping[str, Any], part: str) -> str:
    """The Application of a service, of `platform` or of `datastores`."""
    return f"{name_project(environment)}-{part}"


def derive_applications(
    environment: Mapping[str, Any], cluster: str, services: Mapping[str, Any], *, datastores: bool
) -> list[dict[str, Any]]:
    """One entry for each Application of the cluster, in the order in which they are brought up."""
    parts = ["platform", *(["datastores"] if datastores else []), *sorted(services)]
    return [
        {
            "part": part,
            "name": name_application(environment, part),
            "path": f"{RENDERED}/{environment['environment']}/kustomize/overlays/{cluster}/{part}",
            # The overlay and the base it stands on: a commit elsewhere need not render this Application again.
            "generatePaths": f".;/{RENDERED}/{environment['environment']}/kustomize/base/{part}",
            "ignoreDifferences": list(_derive_ignored(services.get(part, {}), part)),
        }
        for part in parts
    ]


def _derive_ignored(service: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The fields that the Rollouts controller writes, so that Argo CD does not take them back (domain facts 1.7, 2.1b)."""
    release = service.get("release") or {}
    for rollout_service in _name_rollout_services(release, name):
        yield {
            "kind": "Service",
            "name": rollout_service,
            "jqPathExpressions": ['.spec.selector["rollouts-pod-template-hash"]'],
        }
    if (release.get("traffic") or {}).get("router") == "istio":
        yield {
            "group": "networking.istio.io",
            "kind": "VirtualService",
            "name": name,
            "jqPathExpressions": [".spec.http[].route[].weight"],
        }


def _name_rollout_services(release: Mapping[str, Any], name: str) -> list[str]:
    return {"canary": [name, f"{name}-canary"], "blueGreen": [name, f"{name}-preview"]}.get(
        str(release.get("strategy")), []
    )
