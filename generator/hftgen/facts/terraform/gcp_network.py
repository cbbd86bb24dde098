"""Variables of the Google Cloud module `network`: the VPC's parts, and the ways to venues."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from hftgen.facts.record import Facts
from hftgen.facts.routes import find_ingress_class
from hftgen.facts.site import Site
from hftgen.facts.terraform.gcp_names import name_cluster
from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.network import Connect
from hftgen.spec.rules.gcp_ranges import divide

# Both ends of the BGP sessions of VPNs, in the link-local range: below it lies that of the metadata server.
LINKS = IPv4Network("169.254.10.0/23")
TUNNELS = 2


def derive_network(site: Site) -> Facts:
    """Variables of `network`."""
    network = site.cluster.network
    assert network is not None, "clusters.tell_terraform"  # noqa: S101
    assert network.vpc is not None, "clusters.tell_terraform"  # noqa: S101
    assert isinstance(network.vpc.network, IPv4Network), "gcp.reach_gcp_by_ipv4"  # noqa: S101
    parts = divide(network.vpc.network)
    return {
        "account": str(site.cluster.account),
        "region": str(site.cluster.region),
        "name": name_cluster(site),
        "nodes_cidr": str(parts.nodes),
        "control_cidr": str(parts.control),
        "managed_cidr": str(parts.managed) if _has_managed(site) else None,
        "proxies_cidr": str(parts.proxies) if _has_proxies(site) else None,
        "pods_cidr": network.pods,
        "services_cidr": network.services,
        "venue_cidrs": {str(name): str(cidr) for name, cidr in sorted(network.venues.items())},
        "interconnects": {
            str(item.id): {"asn": item.asn, "vlan": item.vlan}
            for item in network.connect
            if item.kind == "interconnect"
        },
        "vpns": dict(_list_vpns([item for item in network.connect if item.kind == "vpn"])),
        # Said where Terraform runs, and nowhere else.
        "vpn_keys": {},
    }


def _has_managed(site: Site) -> bool:
    return any(isinstance(store, ManagedDatastore) for store in site.environment.datastores.values())


def _has_proxies(site: Site) -> bool:
    """Whether Google's own controller makes an internal load balancer for an Ingress."""
    return any(
        service.expose is not None
        and service.expose.via == "ingress"
        and service.expose.internal
        and find_ingress_class(site, service) is None
        for service in site.services.values()
    )


def _list_vpns(vpns: list[Connect]) -> Iterator[tuple[str, Facts]]:
    """Each VPN's tunnels have links of their own, by its place in the spec: a new one at the end moves no other."""
    links = LINKS.subnets(new_prefix=30)
    for item in vpns:
        yield str(item.id), {"asn": item.asn, "links": [str(next(links)) for _ in range(TUNNELS)]}
