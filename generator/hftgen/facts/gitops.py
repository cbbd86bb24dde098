"""What Argo CD on each cluster needs to know: names, paths, order, windows, and what it must leave to controllers."""

from collections.abc import Iterator, Mapping
from typing import Any

from hftgen.facts.freezes import Freezes
from hftgen.facts.names import RENDERED
from hftgen.facts.needs import GROUPS
from hftgen.facts.record import find_kind
from hftgen.facts.releases import HEADER_ROUTE

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

# How often a sync tries again, by whether it is automatic: add-ons bring their kinds and webhooks within the hour, in
# any order. A commit that mends what failed is taken up by the next try.
RETRIES = {
    True: {"limit": 20, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"}, "refresh": True},
    False: {"limit": 3, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "1m"}},
}

# Of every Application: what is applied is what the server-side diff shows, only what differs, and nobody else's.
SYNC_OPTIONS = ("ServerSideApply=true", "ApplyOutOfSyncOnly=true", "FailOnSharedResource=true")

Environment = Mapping[str, Any]


def derive_environment(environment: Environment) -> dict[str, Any]:
    """What all clusters share: the AppProject, the root Application with its own AppProject, server, automation."""
    project = name_project(environment)
    automatic = environment["gitops"].get("autoSync", environment["tier"] != "production")
    return {
        "project": project,
        "root": f"{project}-root",
        "addons": f"{project}-addons",
        "settings": f"{project}-settings",
        "server": IN_CLUSTER,
        "autoSync": automatic,
        "retry": RETRIES[automatic],
    }


def derive_cluster(
    environment: Environment, cluster: str, services: Mapping[str, Any], freezes: Freezes
) -> dict[str, Any]:
    """The Applications of one cluster, in the order in which they are brought up; when they freeze, and how much."""
    parts = sorted(
        environment["clusters"][cluster]["parts"], key=lambda part: (*(part != name for name in FIRST), part)
    )
    project = name_project(environment)
    members = {f"{project}-{part}": freezes.list_causes(services.get(part, {}).get("freeze")) for part in parts}
    return {
        "path": f"{RENDERED}/{environment['environment']}/argocd/{cluster}",
        "applications": [_derive_application(environment, cluster, part, services.get(part, {})) for part in parts],
        "syncWindows": freezes.derive_windows(members),
        "freezes": freezes.derive_excess(members),
    }


def name_project(environment: Environment) -> str:
    """The AppProject; also the prefix of its Applications, so that environments may share a cluster."""
    return f"{environment['project']}-{environment['environment']}"


def _derive_application(
    environment: Environment, cluster: str, part: str, service: Mapping[str, Any]
) -> dict[str, Any]:
    kustomize = f"{RENDERED}/{environment['environment']}/kustomize"
    ignored = list(_derive_ignored(service.get("release") or {}, part))
    return {
        "part": part,
        "name": f"{name_project(environment)}-{part}",
        "path": f"{kustomize}/overlays/{cluster}/{part}",
        # The overlay and the base it stands on: a commit elsewhere need not render this Application again.
        "generatePaths": f".;/{kustomize}/base/{part}",
        "ignoreDifferences": ignored,
        "syncOptions": list_sync_options(ignores=bool(ignored), waits=_has_custom_kinds(environment, cluster, part)),
        # A service that is gone from the spec goes from the cluster too; in production a person takes it away.
        "cascade": part not in FIRST and environment["tier"] != "production",
    }


def list_sync_options(*, ignores: bool, waits: bool) -> list[str]:
    """The options of an Application: whether it ignores differences, and has kinds that an add-on brings later."""
    options = [*SYNC_OPTIONS]
    if ignores:
        options.append("RespectIgnoreDifferences=true")
    if waits:
        options.append("SkipDryRunOnMissingResource=true")
    return options


def _has_custom_kinds(environment: Environment, cluster: str, part: str) -> bool:
    """Whether a part has objects of kinds that an add-on brings."""
    files = [environment["parts"].get(part, {}), environment["clusters"][cluster]["parts"][part]["files"]]
    records = [record for entries in files for group in entries.values() for record in group]
    return any(find_kind(record)[0] in GROUPS for record in records)


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
