"""Services of Kubernetes: the names under which a service's pods are found."""

from collections.abc import Iterator
from typing import Any

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
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.releases import find_router
from hftgen.facts.site import Site
from hftgen.spec.release import AbTest, BlueGreen
from hftgen.spec.service import Service

# Load balancers that only the private network reaches, and their names for it.
INTERNAL_BALANCER = {
    "aws": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"},
    "gcp": {"networking.gke.io/load-balancer-type": "Internal"},
    "azure": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
}


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
    yield _describe(site, name, service, name, select_workload(name, name) | _select_holder(service))


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
        facts = switched if each == name else {}
        yield _describe(site, name, service, each, select_workload(name, name), **facts)
    if isinstance(release, AbTest):
        for variant in sorted(release.variants):
            workload = name_variant(name, variant)
            yield _describe(site, name, service, workload, select_workload(name, workload))


def _describe(site: Site, name: str, service: Service, endpoint: str, selector: dict[str, str], **facts: Any) -> Record:
    return describe(site, "Service", endpoint, name, selector=selector, ports=_describe_ports(service), **facts)


def _describe_ports(service: Service) -> list[Facts]:
    return [
        {
            "name": str(name),
            "port": port.port,
            "protocol": port.protocol,
            **({} if port.appProtocol is None else {"appProtocol": str(port.appProtocol)}),
        }
        for name, port in sorted(service.ports.items())
    ]


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
    """`{type, annotations}` of a Service that a cloud's load balancer stands before."""
    internal = service.expose is not None and service.expose.internal
    annotations = dict(INTERNAL_BALANCER.get(site.cluster.cloud, {})) if internal else {}
    if site.cluster.cloud == "aws":
        annotations["service.beta.kubernetes.io/aws-load-balancer-type"] = "external"
        annotations["service.beta.kubernetes.io/aws-load-balancer-nlb-target-type"] = "ip"
        annotations.setdefault("service.beta.kubernetes.io/aws-load-balancer-scheme", "internet-facing")
    return {"type": "LoadBalancer", "annotations": annotations}
