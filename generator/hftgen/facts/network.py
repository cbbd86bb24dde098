"""Edges of the network: who may open a connection to whom, from `calls`, `venues`, `expose` and what clusters need.

A rule is `{why, peers, ports}`. A peer is `{pods}`, `{namespace, pods}` or `{cidr, except}`; no peers: everybody. A
port is `{port, protocol}`; no ports: every port. Everything else is closed, both ways, by the platform's policy.
"""

from collections.abc import Iterator, Mapping

from hftgen.facts.addons import find_gateway, find_monitoring
from hftgen.facts.names import select_service
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.routes import find_ingress_class, name_gateway
from hftgen.facts.site import Site
from hftgen.facts.stores import describe_peers, find_port
from hftgen.spec.calls import Call, HostCall, NetworkCall, ServiceCall
from hftgen.spec.ports import PortSpec
from hftgen.spec.service import Service

EVERYWHERE = "0.0.0.0/0"

# Addresses of the node itself, where clouds keep credentials.
LINK_LOCAL = "169.254.0.0/16"

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")

# Google's load balancers ask from here.
GOOGLE_PROXIES = ("35.191.0.0/16", "130.211.0.0/22")

# The label by which the Gateway API's implementations mark a gateway's pods.
GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"

# Where Istio's proxies get their configuration and certificates.
MESH_PORT = 15012

# Kubernetes' API as a pod reaches it, behind its Service or at its own address.
API_PORTS = (443, 6443)


def describe_policies(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The NetworkPolicy of a service; none where nobody reaches it and it reaches nobody."""
    ingress = [*_list_callers(site, name, service), *_list_scrapes(site, service), *_list_entries(site, service)]
    egress = [
        *(rule for call in service.calls for rule in _open_call(site, call)),
        *_list_venues(site, service),
        *_list_clouds(site, service),
    ]
    if ingress or egress:
        yield describe(site, "NetworkPolicy", name, name, selector=select_service(name), ingress=ingress, egress=egress)


def find_metrics_port(service: Service) -> str | None:
    """The port that Prometheus scrapes; None where the service exports nothing."""
    if service.metrics is not None and not service.metrics.enabled:
        return None
    said = str(service.metrics.port) if service.metrics and service.metrics.port else "metrics"
    return said if said in service.ports else None


def list_called(service: Service, port: str | None) -> list[Facts]:
    """The container's ports that a call opens: the one that it names, else all but the one for metrics."""
    others = [str(name) for name in sorted(service.ports) if name != find_metrics_port(service)]
    wanted = others if port is None else [port]
    return [_open_port(service.ports, name) for name in wanted if name in service.ports]


def _list_callers(site: Site, name: str, service: Service) -> Iterator[Facts]:
    for caller, other in sorted(site.services.items()):
        for call in other.calls:
            if isinstance(call, ServiceCall) and call.service == name and (ports := list_called(service, call.port)):
                yield {"why": f"{caller} calls it.", "peers": [{"pods": select_service(caller)}], "ports": ports}


def _list_scrapes(site: Site, service: Service) -> Iterator[Facts]:
    namespace, port = find_monitoring(site), find_metrics_port(service)
    if namespace is not None and port is not None:
        peers = [{"namespace": namespace}]
        yield {"why": "Prometheus scrapes it.", "peers": peers, "ports": [_open_port(service.ports, port)]}


def _list_entries(site: Site, service: Service) -> Iterator[Facts]:
    """Who brings requests from outside."""
    expose = service.expose
    port = (expose.port or service.default_port) if expose else None
    if expose is None or port is None:
        return
    ports = [_open_port(service.ports, port)]
    if expose.via == "gateway":
        gateway = find_gateway(site)
        # Without an add-on the gateway is somebody else's, in this namespace.
        own = {"pods": {GATEWAY_LABEL: name_gateway(site, internal=expose.internal)}}
        peers: list[Facts] = [{"namespace": gateway[1]} if gateway else own]
        yield {"why": "The gateway brings requests from outside.", "peers": peers, "ports": ports}
    elif expose.via == "ingress":
        peers = _list_ingress_peers(site, service)
        yield {"why": "An ingress controller brings requests.", "peers": peers, "ports": ports}
    else:
        networks = sorted({*PRIVATE, *_list_vpc(site)}) if expose.internal else [EVERYWHERE]
        peers = [{"cidr": cidr} for cidr in networks]
        yield {"why": "The load balancer hands on its callers.", "peers": peers, "ports": ports}


def _list_ingress_peers(site: Site, service: Service) -> list[Facts]:
    """A cloud's load balancer, by its addresses; else a controller that runs in a namespace that no spec names."""
    kind, networks = find_ingress_class(site, service), _list_vpc(site)
    if kind == "alb" and networks:
        return [{"cidr": cidr} for cidr in networks]
    if kind is None and site.cluster.cloud == "gcp":
        return [{"cidr": cidr} for cidr in (*networks, *GOOGLE_PROXIES)]
    return [{"namespace": None}, *({"cidr": cidr} for cidr in networks)]


def _open_call(site: Site, call: Call) -> Iterator[Facts]:
    if isinstance(call, ServiceCall):
        yield from _open_service(site, str(call.service), call.port)
    elif isinstance(call, NetworkCall):
        ports = [] if call.port is None else [{"port": call.port, "protocol": call.protocol}]
        yield {"why": "A network outside.", "peers": [{"cidr": str(call.cidr)}], "ports": ports}
    elif isinstance(call, HostCall):
        yield _open_host(str(call.host), call.port)


def _open_service(site: Site, name: str, port: str | None) -> Iterator[Facts]:
    if name in site.services:
        if ports := list_called(site.services[name], port):
            yield {"why": f"It calls {name}.", "peers": [{"pods": select_service(name)}], "ports": ports}
        return
    store = site.environment.datastores.get(name)
    if store is None:
        return
    peers, number = describe_peers(site, name, store), find_port(store)
    ports = [] if number is None else [{"port": number, "protocol": "TCP"}]
    if peers:
        yield {"why": f"It calls {name}.", "peers": peers, "ports": ports}
    else:
        yield _open_host(name, number)


def _open_host(host: str, port: int | None) -> Facts:
    """A policy knows addresses only, so the port is open to all of them but the node's own."""
    return {
        "why": f"It calls {host}. A policy cannot hold a name, so this port is open to every address.",
        "peers": [{"cidr": EVERYWHERE, "except": [LINK_LOCAL]}],
        "ports": [] if port is None else [{"port": port, "protocol": "TCP"}],
    }


def _list_venues(site: Site, service: Service) -> Iterator[Facts]:
    network = site.cluster.network
    for venue in sorted(service.venues):
        if network is not None and venue in network.venues:
            yield {"why": f"The venue {venue}.", "peers": [{"cidr": str(network.venues[venue])}], "ports": []}


def _list_clouds(site: Site, service: Service) -> Iterator[Facts]:
    """What a pod needs to prove who it is: to the cloud for its identity, to the API server for its Lease."""
    identity = getattr(service.identity, site.cluster.cloud, None)
    if identity is not None and site.cluster.cloud == "gcp":
        peers = [{"cidr": "169.254.169.252/32"}, {"cidr": "169.254.169.254/32"}]
        ports = [{"port": port, "protocol": "TCP"} for port in (80, 988)]
        yield {"why": "Google's metadata server gives it its identity.", "peers": peers, "ports": ports}
    elif identity is not None:
        yield _open_host("the cloud's token service", 443)
    gateway = find_gateway(site)
    if service.mesh and gateway is not None:
        ports = [{"port": MESH_PORT, "protocol": "TCP"}]
        yield {"why": "Its proxy is told by the mesh.", "peers": [{"namespace": gateway[1]}], "ports": ports}
    if service.instances == "activePassive":
        ports = [{"port": port, "protocol": "TCP"} for port in API_PORTS]
        why = "The API server keeps its Lease, at an address that no manifest knows."
        yield {"why": why, "peers": [], "ports": ports}


def _list_vpc(site: Site) -> list[str]:
    network = site.cluster.network
    return [str(network.vpc)] if network is not None and network.vpc is not None else []


def _open_port(ports: Mapping[str, PortSpec], name: str) -> Facts:
    port = ports[name]
    return {"port": port.target, "protocol": port.protocol}
