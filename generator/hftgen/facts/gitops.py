"""What Argo CD on each cluster needs to know: names, paths, order, windows, and what it must leave to controllers."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from hftgen.calendars import Calendars
from hftgen.facts.freeze import Margin, compile_windows
from hftgen.facts.releases import HEADER_ROUTE
from hftgen.spec.units import Duration

# The folder of the repository that holds what hftgen renders; Applications name paths below it.
RENDERED = "rendered"

# Each cluster runs its own Argo CD, which deploys to the cluster it runs in.
IN_CLUSTER = "https://kubernetes.default.svc"

# Every other part stands on these.
FIRST = ("platform", "datastores")

# What the Rollouts controller writes: the hash in the selectors of its Services, and by router the weights.
HASH = '.spec.selector["rollouts-pod-template-hash"]'
ROUTES = {
    "istio": ("networking.istio.io", "VirtualService", ".spec.http[].route[].weight"),
    "gateway": ("gateway.networking.k8s.io", "HTTPRoute", ".spec.rules[].backendRefs[].weight"),
    "alb": ("networking.k8s.io", "Ingress", '.metadata.annotations["alb.ingress.kubernetes.io/actions.{}"]'),
}

HEADERS = {
    "istio": ('.spec.http[] | select(.name == "{route}")',),
    "gateway": ('.spec.rules[] | select(any(.matches[]?.headers[]?; .name == "{header}"))',),
    "alb": (
        '.metadata.annotations["alb.ingress.kubernetes.io/actions.{route}"]',
        '.metadata.annotations["alb.ingress.kubernetes.io/conditions.{route}"]',
        '.spec.rules[].http.paths[] | select(.backend.service.name == "{route}")',
    ),
}

Environment = Mapping[str, Any]


class Freeze(NamedTuple):
    """What freezes an Application: a calendar, and how long before and after its sessions."""

    calendar: str
    before: str
    after: str


Groups = dict[Freeze, list[str]]


def derive_environment(environment: Environment) -> dict[str, Any]:
    """What all clusters share: the AppProject, the root Application with its own AppProject, server, automation."""
    project = name_project(environment)
    automatic = environment["gitops"].get("autoSync", environment["tier"] != "production")
    return {"project": project, "root": f"{project}-root", "server": IN_CLUSTER, "autoSync": automatic}


def derive_cluster(
    environment: Environment, cluster: str, services: Mapping[str, Any], calendars: Calendars
) -> dict[str, Any]:
    """The Applications of one cluster, in the order in which they are brought up, and its sync windows."""
    parts = sorted(
        environment["clusters"][cluster]["parts"], key=lambda part: (*(part != name for name in FIRST), part)
    )
    return {
        "path": f"{RENDERED}/{environment['environment']}/argocd/{cluster}",
        "applications": [_derive_application(environment, cluster, part, services.get(part, {})) for part in parts],
        "syncWindows": list(_derive_windows(environment, parts, services, calendars)),
    }


def name_project(environment: Environment) -> str:
    """The AppProject; also the prefix of its Applications, so that environments may share a cluster."""
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
    """What the Rollouts controller writes, and Argo CD must not take back (Argo Rollouts, docs/features)."""
    traffic = release.get("traffic") or {}
    router = traffic.get("router", "none")
    suffix = {"canary": "-canary" if router != "none" else None, "blueGreen": "-preview"}.get(
        str(release.get("strategy"))
    )
    for service in (name, name + suffix) if suffix else ():
        yield {"kind": "Service", "name": service, "jqPathExpressions": [HASH]}
    if router in ROUTES:
        group, kind, expression = ROUTES[router]
        found = [expression.format(name), *_ignore_header(router, traffic.get("header"))]
        yield {"group": group, "kind": kind, "name": name, "jqPathExpressions": found}


def _ignore_header(router: str, header: Mapping[str, str] | None) -> list[str]:
    """The route for requests with the canary's header, which the controller adds and takes away again."""
    if header is None:
        return []
    return [expression.format(route=HEADER_ROUTE, header=header["name"]) for expression in HEADERS[router]]


def _derive_windows(
    environment: Environment, parts: list[str], services: Mapping[str, Any], calendars: Calendars
) -> Iterator[dict[str, Any]]:
    """Deny windows: one set for each calendar and margin, naming the Applications that freeze by it."""
    freeze = environment["gitops"].get("freeze") or {}
    if "horizon" not in freeze:
        return
    groups = _group_by_freeze(freeze, parts, services)
    start, end = (date.fromisoformat(freeze["horizon"][key]) for key in ("start", "end"))
    schedules = calendars.schedules({group.calendar for group in groups}, start, end)
    for group, members in sorted(groups.items()):
        margin = Margin(*(timedelta(seconds=Duration.parse(span).seconds) for span in (group.before, group.after)))
        for window in compile_windows(schedules[group.calendar], margin):
            yield {
                "kind": "deny",
                **window,
                "manualSync": freeze["manualSync"],
                "applications": [f"{name_project(environment)}-{member}" for member in members],
                "description": f"{group.calendar} trades: {group.before} before to {group.after} after; holidays too",
            }


def _group_by_freeze(freeze: Mapping[str, Any], parts: list[str], services: Mapping[str, Any]) -> Groups:
    """Parts by what freezes them; one that says `freeze: none` is in no group."""
    groups: Groups = {}
    for part in parts:
        own = freeze | services.get(part, {}).get("freeze", {})
        for calendar in sorted(own["calendars"]):
            groups.setdefault(Freeze(calendar, own["before"], own["after"]), []).append(part)
    return groups
