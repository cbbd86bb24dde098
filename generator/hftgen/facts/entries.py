"""Ways in: who brings requests from outside to the pods of an exposed service."""

from collections.abc import Iterator

from hftgen.facts.addons import find_gateway, find_namespace
from hftgen.facts.balancers import GOOGLE_PROXIES, list_balancer_sources, list_private, list_vpc
from hftgen.facts.record import Facts
from hftgen.facts.routes import find_ingress_class, name_gateway
from hftgen.facts.site import Site
from hftgen.spec.rules.expose import GOOGLE_GATEWAYS
from hftgen.spec.service import Service

# The label by which the Gateway API's implementations mark a gateway's pods.
GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"

# Controllers of Ingresses that may stand among the add-ons.
INGRESS_ADDONS = ("ingress-nginx", "nginx-ingress", "traefik", "haproxy-ingress", "contour", "kong")


def find_exposed_port(service: Service) -> str | None:
    """The port that is exposed; None where nothing is."""
    expose = service.expose
    return None if expose is None else expose.port or service.default_port


def list_entries(site: Site, service: Service) -> Iterator[Facts]:
    """The rules by which requests from outside reach an exposed service."""
    expose, name = service.expose, find_exposed_port(service)
    if expose is None or name is None:
        return
    ports = [{"port": service.ports[name].target, "protocol": service.ports[name].protocol}]
    if expose.via == "gateway":
        peers = _list_gateway_peers(site, service)
        yield {"why": "The gateway brings requests from outside.", "peers": peers, "ports": ports}
    elif expose.via == "ingress":
        peers = _list_ingress_peers(site, service)
        yield {"why": "An ingress controller brings requests.", "peers": peers, "ports": ports}
    else:
        peers = _list_networks(list_balancer_sources(site, service))
        yield {"why": "The load balancer brings requests.", "peers": peers, "ports": ports}


def find_ingress_namespace(site: Site) -> str | None:
    """The namespace of the Ingress controller, where it is one of the add-ons."""
    found = next((name for name in INGRESS_ADDONS if site.addon(name) is not None), None)
    return None if found is None else find_namespace(site, found)


def _list_gateway_peers(site: Site, service: Service) -> list[Facts]:
    gateway = find_gateway(site)
    internal = service.expose is not None and service.expose.internal
    if gateway is None:
        # Without an add-on the gateway is somebody else's, in this namespace.
        return [{"pods": {GATEWAY_LABEL: name_gateway(site, internal=internal)}}]
    if gateway[0].startswith(GOOGLE_GATEWAYS):
        return _list_networks([*list_private(site), *GOOGLE_PROXIES])
    return [{"namespace": gateway[1]}]


def _list_ingress_peers(site: Site, service: Service) -> list[Facts]:
    """A cloud's load balancer, by its addresses; else a controller that runs in the cluster."""
    kind = find_ingress_class(site, service)
    if kind == "alb":
        return _list_networks(list_private(site))
    if kind is None and site.cluster.cloud == "gcp":
        return _list_networks([*list_vpc(site), *GOOGLE_PROXIES])
    return [{"namespace": find_ingress_namespace(site)}]


def _list_networks(networks: list[str]) -> list[Facts]:
    return [{"cidr": cidr} for cidr in networks]
