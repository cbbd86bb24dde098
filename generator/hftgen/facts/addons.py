"""Where add-ons run: what the spec says, else their usual namespace."""

from urllib.parse import urlsplit

from hftgen.facts.site import Site
from hftgen.spec.rules.expose import GOOGLE_GATEWAYS

USUAL = {
    "prometheus-operator": "monitoring",
    "cloudnative-pg": "cnpg-system",
    "metrics-server": "kube-system",
    "cilium": "kube-system",
}

DEFAULT_CONTROLLER = "istio"

GATEWAYS = {"istio": "istio-system", "envoy": "envoy-gateway-system", "nginx": "nginx-gateway", "cilium": "kube-system"}


def find_namespace(site: Site, name: str) -> str:
    """The namespace of an add-on, whether or not it is installed from here."""
    addon = site.addon(name)
    if addon is None:
        return USUAL.get(name, name)
    if name == "gateway" and not addon.namespace and (addon.controller or "").startswith(GOOGLE_GATEWAYS):
        return site.namespace
    return str(addon.namespace) if addon.namespace else name_namespace(name, addon.controller)


def name_namespace(name: str, controller: str | None) -> str:
    """The namespace in which an add-on usually runs."""
    if name == "gateway":
        controller = controller or DEFAULT_CONTROLLER
        return GATEWAYS.get(controller, f"{controller}-system")
    return USUAL.get(name, name)


def find_gateway(site: Site) -> tuple[str, str] | None:
    """Controller and namespace of the gateway; None where the spec has none."""
    addon = site.addon("gateway")
    if addon is None:
        return None
    return str(addon.controller or DEFAULT_CONTROLLER), find_namespace(site, "gateway")


def has_mesh(site: Site) -> bool:
    """Whether pods here have a proxy of Istio's."""
    gateway = find_gateway(site)
    meshed = any(service.mesh for service in site.services.values())
    return meshed and gateway is not None and gateway[0] == DEFAULT_CONTROLLER


def needs_mesh_plugin(site: Site) -> bool:
    """Whether a program of the node must lead pods' packets to their proxy.

    Else an init container does, with rights (NET_ADMIN) that Pod Security admits on no level but `privileged`.
    """
    return has_mesh(site) and site.pod_security not in (None, "privileged")


def has_alerts(site: Site) -> bool:
    """Whether an operator reads alerts, and somebody is told of them."""
    observability = site.environment.observability
    told = observability is not None and observability.alerts is not None
    return told and site.addon("prometheus-operator") is not None


def find_monitoring(site: Site) -> str | None:
    """The namespace from which Prometheus scrapes: the operator's, else that of Prometheus' own address."""
    if site.addon("prometheus-operator"):
        return find_namespace(site, "prometheus-operator")
    observability = site.environment.observability
    if observability is None or observability.prometheus is None:
        return None
    labels = (urlsplit(str(observability.prometheus.address)).hostname or "").split(".")
    return labels[1] if len(labels) > 2 and labels[2] == "svc" else None
