"""What Argo CD on each cluster needs to know: names, paths, order, windows, and what it must leave to controllers."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hftgen.calendars import Calendars
from hftgen.facts.freeze import Margin, compile_windows
from hftgen.spec.units import parse_duration

# The folder of the repository that holds what hftgen renders; Applications name paths below it.
RENDERED = "rendered"

# Each cluster runs its own Argo CD, which deploys to the cluster it runs in.
IN_CLUSTER = "https://kubernetes.default.svc"

Environment = Mapping[str, Any]
Freezes = dict[tuple[str, ...], list[str]]


def derive_environment(environment: Environment) -> dict[str, str]:
    """Names that all clusters share: the AppProject, the root Application with its own AppProject, the server."""
    project = name_project(environment)
    return {"project": project, "root": f"{project}-root", "server": IN_CLUSTER}


def derive_cluster(
    environment: Environment, cluster: str, services: Mapping[str, Any], calendars: Calendars
) -> dict[str, Any]:
    """The Applications of one cluster, in the order in which they are brought up, and its sync windows."""
    datastores = environment.get("datastores") or {}
    placed = any(store["placement"] == "cluster" for store in datastores.values())
    parts = ["platform", *(["datastores"] if placed else []), *sorted(services)]
    return {
        "path": f"{RENDERED}/{environment['environment']}/argocd/{cluster}",
        "applications": [_derive_application(environment, cluster, part, services.get(part, {})) for part in parts],
        "syncWindows": list(_derive_windows(environment, parts, services, calendars)),
    }


def name_project(environment: Environment) -> str:
    """The AppProject of an environment; also the prefix of its Applications, so that environments may share a cluster."""
    return f"{environment['project']}-{environment['environment']}"


def _derive_application(
    environment: Environment, cluster: str, part: str, service: Mapping[str, Any]
) -> dict[str, Any]:
    kustomize = f"{RENDERED}/{environment['environment']}/kustomize"
    return {
        "part": part,
        "name": f"{name_project(environment)}-{part}",
        "path": f"{kustomize}/overlays/{cluster}/{part}",
        # The overlay and the base it stands on: a commit elsewhere need not render this Application again.
        "generatePaths": f".;/{kustomize}/base/{part}",
        "ignoreDifferences": list(_derive_ignored(service.get("release") or {}, part)),
    }


def _derive_ignored(release: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The fields that the Rollouts controller writes, so that Argo CD does not take them back (domain facts 1.7, 2.1b)."""
    suffix = {"canary": "-canary", "blueGreen": "-preview"}.get(str(release.get("strategy")))
    for service in (name, name + suffix) if suffix else ():
        pointer = '.spec.selector["rollouts-pod-template-hash"]'
        yield {"kind": "Service", "name": service, "jqPathExpressions": [pointer]}
    if (release.get("traffic") or {}).get("router") == "istio":
        weights = [".spec.http[].route[].weight"]
        yield {"group": "networking.istio.io", "kind": "VirtualService", "name": name, "jqPathExpressions": weights}


def _derive_windows(
    environment: Environment, parts: list[str], services: Mapping[str, Any], calendars: Calendars
) -> Iterator[dict[str, Any]]:
    """Deny windows, one set for each group of Applications that freeze by the same calendars."""
    freeze = environment["gitops"].get("freeze")
    if not freeze:
        return
    groups = _group_by_calendars(freeze, parts, services)
    start, end = (date.fromisoformat(str(freeze["horizon"][key])) for key in ("start", "end"))
    schedules = calendars.schedules({name for names in groups for name in names}, start, end)
    margin = Margin(*(timedelta(seconds=parse_duration(freeze[key])) for key in ("before", "after")))
    for names, members in sorted(groups.items()):
        for name in names:
            for window in compile_windows(schedules[name], margin):
                yield {
                    "#kind": f"{name} trades, from {freeze['before']} before to {freeze['after']} after; holidays too",
                    "kind": "deny",
                    **window,
                    "manualSync": freeze["manualSync"],
                    "applications": [f"{name_project(environment)}-{member}" for member in members],
                    "description": f"{name} sessions, {freeze['before']} before to {freeze['after']} after",
                }


def _group_by_calendars(freeze: Mapping[str, Any], parts: list[str], services: Mapping[str, Any]) -> Freezes:
    """Parts by the calendars that freeze them; one that says `freeze: none` is in no group."""
    groups: Freezes = {}
    for part in parts:
        own = services.get(part, {}).get("freeze")
        names = tuple(sorted(set((own or freeze)["calendars"])))
        if names:
            groups.setdefault(names, []).append(part)
    return groups
