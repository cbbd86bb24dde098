"""Services of Kubernetes: the names under which a service's pods are found."""

from collections.abc import Iterator
from typing import Any

from hftgen.facts.balancers import describe_balancer
from hftgen.facts.defaults import count_desired
from hftgen.facts.names import (
    HOLDER_LABEL,
    name_balancer,
    name_canary,
    name_headless,
    name_ordinal,
    name_preview,
    name_variant,
    select_service,
    select_workload,
)
from hftgen.facts.network import find_metrics_port
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.releases import find_router
from hftgen.facts.routes import find_ingress_class
from hftgen.facts.site import Site
from hftgen.spec.calls import ServiceCall
from hftgen.spec.ports import PortSpec, find_listener
from hftgen.spec.release import AbTest, BlueGreen
from hftgen.spec.routing import find_routed_port, speaks_grpc
from hftgen.spec.service import Service

# Kubernetes' own name for HTTP/2 without TLS, which gRPC is: every gateway that can speak it knows the name.
H2C = "kubernetes.io/h2c"

# Google's Ingresses ask pods themselves, not by way of a node's port.
CONTAINER_NATIVE = {"cloud.google.com/neg": '{"ingress": true}'}


def describe_endpoints(site: Site, name: str, service: Service) -> Iterator[Record]:
    """Every Service of a service; none where it has no ports or ends by itself, but for a StatefulSet's own."""
    if service.workload in ("job", "cron"):
        return
    if service.workload == "stateful":
        yield _describe(site, name, service, name_headless(name), select_workload(name, name), headless=True)
    if not service.ports:
        return
    if service.workload == "stateful":
        yield from _describe_stateful(site, name, service)
    else:
        yield from _describe_stateless(site, name, service)
    if is_balanced(service) and not isinstance(service.release, BlueGreen):
        yield _describe_balancer(site, name, service)


def _describe_stateful(site: Site, name: str, service: Service) -> Iterator[Record]:
    """One Service, or one for each shard: two shards behind one name would answer for each other."""
    if service.instances == "sharded":
        for ordinal in range(count_desired(service)):
            pod = name_ordinal(name, ordinal)
            yield _describe(site, name, service, pod, {"statefulset.kubernetes.io/pod-name": pod})
        return
    selector = select_workload(name, name) | _select_holder(service)
    yield _describe(site, name, service, name, selector, **_annotate(site, service))


def _describe_stateless(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The Service that callers know, and those of new versions and variants beside it."""
    release = service.release
    names = [name]
    if find_router(service):
        names.append(name_canary(name))
    if isinstance(release, BlueGreen):
        names.append(name_preview(name))
    # The controller switches one Service from the old pods to the new: a load balancer beside it would reach both.
    switched = _balance(site, service) if isinstance(release, BlueGreen) and is_balanced(service) else {}
    for each in names:
        facts = switched or _annotate(site, service) if each == name else {}
        if each == name and switched:
            facts = {**facts, "ports": _offer_ports(site, name, service)}
        yield _describe(site, name, service, each, select_workload(name, name), **facts)
    if isinstance(release, AbTest):
        for variant in sorted(release.variants):
            workload = name_variant(name, variant)
            yield _describe(site, name, service, workload, select_workload(name, workload))


def _describe(site: Site, name: str, service: Service, endpoint: str, selector: dict[str, str], **facts: Any) -> Record:
    ports = {"ports": _describe_ports(service)}
    return describe(site, "Service", endpoint, name, selector=selector, **ports | facts)


def _offer_ports(site: Site, name: str, service: Service) -> list[Facts]:
    """Of a Service that is a load balancer and callers' name at once: what is exposed, and what they call."""
    offered = {(service.expose.port if service.expose else None) or service.default_port}
    for other in site.services.values():
        for call in other.calls:
            if isinstance(call, ServiceCall) and call.service == name:
                offered |= {call.port} if call.port else set(service.ports) - {find_metrics_port(service)}
    return [fact for fact in _describe_ports(service) if fact["name"] in offered]


def _describe_ports(service: Service) -> list[Facts]:
    return [
        {
            "name": str(name),
            "port": port.port,
            "target": find_listener(service.ports, str(name)),
            "protocol": port.protocol,
            **({"appProtocol": said} if (said := _find_protocol(service, name, port)) else {}),
        }
        for name, port in sorted(service.ports.items())
    ]


def _find_protocol(service: Service, name: str, port: PortSpec) -> str | None:
    """What is said, else what a gateway must know: it speaks HTTP/1.1 to a port that says nothing."""
    if port.appProtocol is not None:
        return str(port.appProtocol)
    by_gateway = service.expose is not None and service.expose.via == "gateway" and find_router(service) != "istio"
    return H2C if by_gateway and name == find_routed_port(service) and speaks_grpc(service, name) else None


def _annotate(site: Site, service: Service) -> Facts:
    """What an Ingress of the cloud reads on the Service behind it."""
    expose = service.expose
    google = site.cluster.cloud == "gcp" and find_ingress_class(site, service) is None
    return {"annotations": CONTAINER_NATIVE} if expose is not None and expose.via == "ingress" and google else {}


def is_balanced(service: Service) -> bool:
    """Whether a cloud's load balancer stands before the service."""
    return service.expose is not None and service.expose.via == "loadBalancer"


def _select_holder(service: Service) -> dict[str, str]:
    return {HOLDER_LABEL: "true"} if service.instances == "activePassive" else {}


def _describe_balancer(site: Site, name: str, service: Service) -> Record:
    """A Service of its own, so that a load balancer offers the exposed port and no other."""
    port = (service.expose.port if service.expose else None) or service.default_port
    return describe(
        site,
        "Service",
        name_balancer(name),
        name,
        selector=select_service(name) | _select_holder(service),
        ports=[fact for fact in _describe_ports(service) if fact["name"] == port],
        **_balance(site, service),
    )


def _balance(site: Site, service: Service) -> Facts:
    """What makes a Service a cloud's load balancer: its type, and what the cloud is told."""
    expose = service.expose
    if expose is None:
        return {}
    # A record has one owner: a standby that claims the name too may lead callers to where nobody answers.
    host = str(expose.host) if expose.host and not site.is_standby else None
    return describe_balancer(site, internal=expose.internal, host=host)
