"""Load balancers of the clouds: what each is told, and from which addresses pods hear it.

On AWS the load balancer controller registers pods themselves, and an NLB asks them from addresses of the VPC. Elsewhere
only nodes that have a ready pod are sent requests (`externalTrafficPolicy: Local`): one hop less, and the pod sees who
calls. On metal without BGP any node may answer for an address, and hands packets on as they came (facts/cilium.py).
"""

import ipaddress
from collections.abc import Iterable

from hftgen.facts.cilium import label_balancer
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.service import Service

EVERYWHERE = "0.0.0.0/0"

PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")

# Google's load balancers ask from here.
GOOGLE_PROXIES = ("35.191.0.0/16", "130.211.0.0/22")

_AWS = "service.beta.kubernetes.io/aws-load-balancer"

# Without these the controller inside EKS makes a Classic Load Balancer, and a public one.
_AWS_OWN = {f"{_AWS}-type": "external", f"{_AWS}-nlb-target-type": "ip"}

# Load balancers that only the private network reaches, and their names for it.
_INTERNAL = {
    "aws": {f"{_AWS}-scheme": "internal"},
    "gcp": {"networking.gke.io/load-balancer-type": "Internal"},
    "azure": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
}

# external-dns makes the record of this name, where it runs.
NAME_ANNOTATION = "external-dns.alpha.kubernetes.io/hostname"


def annotate_balancer(cloud: str, *, internal: bool) -> dict[str, str]:
    """What a cloud's controller reads on a Service of type LoadBalancer, or on a Gateway that makes one."""
    annotations = dict(_INTERNAL.get(cloud, {})) if internal else {}
    if cloud == "aws":
        annotations = {f"{_AWS}-scheme": "internet-facing", **_AWS_OWN, **annotations}
    return annotations


def describe_balancer(site: Site, *, internal: bool, host: str | None) -> Facts:
    """`{type, annotations, labels, trafficPolicy}` of a Service that a load balancer stands before."""
    cloud = site.cluster.cloud
    annotations = annotate_balancer(cloud, internal=internal) | ({NAME_ANNOTATION: host} if host else {})
    labels = label_balancer(site, internal=internal)
    policy = {} if cloud == "aws" or _is_answered(site) else {"trafficPolicy": "Local"}
    return {"type": "LoadBalancer", "annotations": annotations, **({"labels": labels} if labels else {}), **policy}


def _is_answered(site: Site) -> bool:
    """Whether one node answers for an address, whichever has the pod; and hands packets on as they came."""
    balancers = site.cluster.metal.balancers if site.cluster.metal is not None else None
    return balancers is not None and balancers.bgp is None


def list_balancer_sources(site: Site, service: Service) -> list[str]:
    """The networks from which a pod behind a load balancer of its own is asked."""
    expose = service.expose
    port = service.ports.get(expose.port or service.default_port or "") if expose else None
    if site.cluster.cloud == "aws" and (port is None or port.protocol == "TCP"):
        return list_private(site)  # an NLB hides TCP's callers behind its own addresses, and only those
    return join_networks([*PRIVATE, *list_vpc(site)]) if expose is not None and expose.internal else [EVERYWHERE]


def join_networks(networks: Iterable[str]) -> list[str]:
    """The same addresses in as few networks as can be, in their order."""
    parsed = [ipaddress.ip_network(network) for network in networks]
    fours = [network for network in parsed if isinstance(network, ipaddress.IPv4Network)]
    sixes = [network for network in parsed if isinstance(network, ipaddress.IPv6Network)]
    return [str(each) for each in (*ipaddress.collapse_addresses(fours), *ipaddress.collapse_addresses(sixes))]


def list_private(site: Site) -> list[str]:
    """The range of the machines, where the spec says it; else everything that may be one."""
    return list_vpc(site) or list(PRIVATE)


def list_vpc(site: Site) -> list[str]:
    """The range of the machines, where the spec says it."""
    network = site.cluster.network
    return [str(network.vpc)] if network is not None and network.vpc is not None else []
