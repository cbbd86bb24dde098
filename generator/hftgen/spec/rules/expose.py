"""`expose`: what stands before a gateway's limits."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.release import Canary
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

LISTENERS = 64

# Google's own implementations of the Gateway API have no pods and no namespace: its proxies ask.
GOOGLE_GATEWAYS = "gke-l7-"

# The longest name of a Service.
SERVICE = 63


def fit_gateways(loaded: "Loaded") -> Iterator[Violation]:
    """A Gateway has a listener for each exposed host, and the Gateway API allows 64."""
    groups: defaultdict[tuple[str, bool], list[Run]] = defaultdict(list)
    for run in list_runs(loaded):
        if run.service.expose is not None and run.service.expose.via == "gateway" and not _is_weighed_by_istio(run):
            groups[run.cluster, run.service.expose.internal].append(run)
    for (cluster, internal), runs in sorted(groups.items()):
        for run in runs[LISTENERS:]:
            which = "internal" if internal else "public"
            yield Violation(
                run.path("expose", "via"),
                f"the {which} gateway of cluster {cluster} has {len(runs)} hosts, and {LISTENERS} are allowed",
                "gateway",
                "ingress, or another environment",
            )


def name_gateways_shortly(loaded: "Loaded") -> Iterator[Violation]:
    """Istio and nginx call a gateway's Service <project>-<environment>[-internal]-<controller>: at most 63 letters."""
    addon = loaded.environment.addons.get("gateway")
    controller = (addon.controller or "istio") if addon is not None else None
    environment = loaded.environment
    for run in list_runs(loaded):
        expose = run.service.expose
        if (
            controller not in ("istio", "nginx")
            or expose is None
            or expose.via != "gateway"
            or _is_weighed_by_istio(run)
        ):
            continue
        internal = "-internal" if expose.internal else ""
        name = f"{environment.project}-{environment.environment}{internal}-{controller}"
        if len(name) > SERVICE:
            over = len(name) - SERVICE
            yield Violation(
                ("project",),
                f"the Service of the gateway would be called {name}",
                f"{len(name)} characters",
                f"at most {SERVICE}: {over} fewer in project and environment",
            )
            return


def meet_google_gateways(loaded: "Loaded") -> Iterator[Violation]:
    """Google's own gateways answer on Google Cloud, each either the internet or the private network."""
    addon = loaded.environment.addons.get("gateway")
    controller = str(addon.controller or "") if addon is not None else ""
    if not controller.startswith(GOOGLE_GATEWAYS):
        return
    for run in list_runs(loaded):
        expose, cloud = run.service.expose, loaded.environment.clusters[run.cluster].cloud
        if expose is None or expose.via != "gateway":
            continue
        if cloud != "gcp":
            yield Violation(
                run.path("expose", "via"),
                f"{controller} is Google's own gateway: cluster {run.cluster} has no such",
                f"gateway on {cloud}",
                "ingress, loadBalancer, or addons.gateway.controller: istio, envoy or nginx",
            )
        elif not expose.internal and is_private_gateway(controller):
            yield Violation(
                run.path("expose", "internal"),
                f"{controller} answers the private network alone",
                "false",
                "true, or controller: gke-l7-global-external-managed, which leaves internal hosts private",
            )


def is_private_gateway(controller: str) -> bool:
    """Whether a class of Google's answers the private network alone."""
    return "internal" in controller or controller.endswith("rilb")


def _is_weighed_by_istio(run: Run) -> bool:
    release = run.service.release
    return isinstance(release, Canary) and release.traffic.router == "istio"
