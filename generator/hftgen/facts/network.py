"""Edges of the network: who may open a connection to whom, from `calls`, `venues`, `expose` and what clusters need.

A rule is `{why, peers, ports}`. A peer is `{pods}`, `{namespace, pods}` or `{cidr, except}`; no peers: everybody. A
port is `{port, protocol}`; no ports: every port. Everything else is closed, both ways, by the platform's policy.
"""

from collections.abc import Iterator, Mapping

from hftgen.facts.addons import find_gateway, find_monitoring
from hftgen.facts.balancers import EVERYWHERE
from hftgen.facts.defaults import count_desired, runs_here
from hftgen.facts.entries import list_entries
from hftgen.facts.names import select_service
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.replication import is_present
from hftgen.facts.site import Site
from hftgen.facts.stores import describe_peers, find_port
from hftgen.spec.calls import Call, HostCall, NetworkCall, ServiceCall
from hftgen.spec.datastore import ExternalDatastore
from hftgen.spec.ports import PortSpec
from hftgen.spec.service import Service
from hftgen.spec.units import DatastoreName

# Addresses of the node itself, where clouds keep credentials.
LINK_LOCAL = "169.254.0.0/16"

# The end of a name of a Service in another namespace: `<service>.<namespace>.svc`.
IN_CLUSTER = (".svc", ".svc.cluster.local")

# Where Istio's proxies get their configuration and certificates.
MESH_PORT = 15012

# Kubernetes' API as a pod reaches it, behind its Service or at its own address.
API_PORTS = (443, 6443)


def describe_policies(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The NetworkPolicy of a service; none where nobody reaches it and it reaches nobody, or it has no pods."""
    if not runs_here(site, service):
        return
    own = list(_list_own(name, service))
    ingress = [*_list_callers(site, name, service), *own, *_list_scrapes(site, service), *list_entries(site, service)]
    egress = [
        *own,
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
    found = [_open_port(service.ports, name) for name in wanted if name in service.ports]
    return [fact for index, fact in enumerate(found) if fact not in found[:index]]


def _list_callers(site: Site, name: str, service: Service) -> Iterator[Facts]:
    for caller, other in sorted(site.services.items()):
        for call in other.calls if runs_here(site, other) else ():
            if isinstance(call, ServiceCall) and call.service == name and (ports := list_called(service, call.port)):
                yield {"why": f"{caller} calls it.", "peers": [{"pods": select_service(caller)}], "ports": ports}


def _list_own(name: str, service: Service) -> Iterator[Facts]:
    """Pods that have names of their own copy, elect and hand over among themselves: brokers, replicas, who waits."""
    if service.workload == "stateful" and count_desired(service) > 1 and (ports := list_called(service, None)):
        yield {"why": "Its own pods talk to each other.", "peers": [{"pods": select_service(name)}], "ports": ports}


def _list_scrapes(site: Site, service: Service) -> Iterator[Facts]:
    namespace, port = find_monitoring(site), find_metrics_port(service)
    if namespace is not None and port is not None:
        peers = [{"namespace": namespace}]
        yield {"why": "Prometheus scrapes it.", "peers": peers, "ports": [_open_port(service.ports, port)]}


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
        callee = site.services[name]
        if runs_here(site, callee) and (ports := list_called(callee, port)):
            yield {"why": f"It calls {name}.", "peers": [{"pods": select_service(name)}], "ports": ports}
        return
    store = site.environment.datastores.get(DatastoreName(name))
    if store is None or not is_present(site, name, store):
        return
    peers, number = describe_peers(site, name, store), find_port(store)
    if peers:
        ports = [] if number is None else [{"port": number, "protocol": "TCP"}]
        yield {"why": f"It calls {name}.", "peers": peers, "ports": ports}
    else:
        yield _open_host(str(store.address) if isinstance(store, ExternalDatastore) else name, number)


def find_inside(host: str) -> str | None:
    """The namespace of a host that is another namespace's Service; None where it lies outside."""
    name = next((host.removesuffix(end) for end in sorted(IN_CLUSTER, key=len, reverse=True) if host.endswith(end)), "")
    return name.rpartition(".")[2] if "." in name else None


def _open_host(host: str, port: int | None) -> Facts:
    """A policy knows addresses only, so the port is open to all of them but the node's own."""
    if (namespace := find_inside(host)) is not None:
        why = f"It calls {host}, whose pods may listen on another port than their Service."
        return {"why": why, "peers": [{"namespace": namespace}], "ports": []}
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


def _open_port(ports: Mapping[str, PortSpec], name: str) -> Facts:
    port = ports[name]
    return {"port": port.target, "protocol": port.protocol}
