"""Cilium on metal: the pods' network, the enforcement of policies, and addresses of Services that the network hears of.

One program does what would be three (a network plugin, kube-proxy, MetalLB), so that there is one to pin and to watch.
Ansible installs it before there is an Argo CD, by the very values that its Application carries afterwards.
"""

from collections.abc import Iterator

from hftgen.facts.addons import has_mesh
from hftgen.facts.names import POOL_LABEL, REACH_LABEL, REACH_PUBLIC, name_scoped
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.spec.metal import Balancers, Bgp, Metal

ADDON = "cilium"

# Nodes with this label have the control plane.
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"

NAMESPACE = "kube-system"


def has_cilium(site: Site) -> bool:
    """Whether Cilium is this cluster's network, whoever installs it."""
    return site.cluster.metal is not None and site.addon(ADDON) is not None


def configure_cilium(site: Site) -> Facts:
    """The chart's values. Its Secrets are drawn anew each time that it is rendered, so nothing asks for any."""
    metal, network = site.cluster.metal, site.cluster.network
    if metal is None or network is None:
        return {}
    devices = list_devices(metal)
    return {
        "#k8sServiceHost": "Cilium stands in for kube-proxy, so it must find the API server without it.",
        "k8sServiceHost": find_server(metal),
        "k8sServicePort": metal.endpoint.port,
        "kubeProxyReplacement": True,
        "#ipam": "A node's addresses are those that the controller manager gives it of the pods' range.",
        "ipam": {"mode": "kubernetes"},
        "#routingMode": "No tunnel: pods' packets go as they are, without the time and bytes of another header.",
        "routingMode": "native",
        "autoDirectNodeRoutes": True,
        "ipv4NativeRoutingCIDR": str(network.pods),
        **({"#devices": "Trading cards carry no program of Cilium.", "devices": devices} if devices else {}),
        "#policyCIDRMatchMode": "A range in a policy means the machines in it too.",
        "policyCIDRMatchMode": ["nodes"],
        **_give_way(site),
        **_announce(metal.balancers),
        "operator": {"replicas": 1 if site.is_development or len(metal.hosts) == 1 else 2},
        "#hubble": "Its certificates, and the Secrets of gateways, would be drawn anew by each rendering.",
        "hubble": {"enabled": False},
        "envoy": {"enabled": False},
        "tls": {"secretSync": {"enabled": False}, "secretsNamespace": {"create": False, "name": NAMESPACE}},
    }


def _give_way(site: Site) -> Facts:
    """What Istio's proxies ask of it."""
    if not has_mesh(site):
        return {}
    return {
        "#socketLB": "Else a pod's call has its address chosen before its proxy of Istio's sees for whom it was.",
        "socketLB": {"hostNamespaceOnly": True},
        "#cni": "Istio's own plugin stands beside it.",
        "cni": {"exclusive": False},
    }


def find_server(metal: Metal) -> str:
    """Where the API server is reached before names are answered: its own address, else its name."""
    return str(metal.endpoint.address or metal.endpoint.host)


def list_devices(metal: Metal) -> list[str]:
    """The devices over which nodes talk to one another; empty where a host does not say its own."""
    found = [
        [each.find_device(str(name)) for name, each in host.interfaces.items() if each.purpose == "cluster"]
        for host in metal.hosts.values()
    ]
    return sorted({device for devices in found for device in devices}) if all(found) else []


def _announce(balancers: Balancers | None) -> Facts:
    if balancers is None:
        return {}
    if balancers.bgp is not None:
        note = {
            "#directRoutingSkipUnreachable": "Nodes of another rack are reached by their routers, who hear of pods."
        }
        return {**note, "directRoutingSkipUnreachable": True, "bgpControlPlane": {"enabled": True}}
    return {
        "l2announcements": {"enabled": True},
        "#loadBalancer": "The node that answers need not have the pod; that one sees the caller all the same.",
        "loadBalancer": {"mode": "dsr"},
    }


def describe_balancers(site: Site) -> Iterator[Record]:
    """Addresses for Services of type LoadBalancer, and how the network hears of them."""
    metal = site.cluster.metal
    if metal is None or metal.balancers is None:
        return
    yield from _describe_pools(site, metal.balancers)
    if metal.balancers.bgp is not None:
        yield from _describe_bgp(site, metal.balancers.bgp)
        return
    yield describe(
        site,
        "CiliumL2AnnouncementPolicy",
        _name(site),
        "platform",
        devices=list_devices(metal),
        nodes=_select_nodes(site, metal),
    )


def label_balancer(site: Site, *, internal: bool) -> dict[str, str]:
    """The label of a Service that may have a public address; without it nothing becomes public by mistake."""
    balancers = site.cluster.metal.balancers if site.cluster.metal is not None else None
    return {REACH_LABEL: REACH_PUBLIC} if balancers is not None and balancers.public and not internal else {}


def _describe_pools(site: Site, balancers: Balancers) -> Iterator[Record]:
    public = {"key": REACH_LABEL, "values": [REACH_PUBLIC]}
    others = {**public, "operator": "NotIn"} if balancers.public else None
    blocks = [str(cidr) for cidr in balancers.addresses]
    yield describe(site, "CiliumLoadBalancerIPPool", _name(site), "platform", blocks=blocks, services=others)
    if balancers.public:
        name, blocks = _name(site, "public"), [str(cidr) for cidr in balancers.public]
        services = {**public, "operator": "In"}
        yield describe(site, "CiliumLoadBalancerIPPool", name, "platform", blocks=blocks, services=services)


def _describe_bgp(site: Site, bgp: Bgp) -> Iterator[Record]:
    """One instance on each node, a session with each router, and what they are told: pods' ranges and Services.

    Control planes too, since pods run there (CoreDNS), which other racks reach by routers alone; of a Service only a
    node tells that has a pod of it.
    """
    label = {"hftgen.io/advertise": _name(site)}
    peers = [
        {"name": str(name), "address": str(peer.address), "asn": peer.asn, "config": _name(site, str(name))}
        for name, peer in sorted(bgp.peers.items())
    ]
    yield describe(site, "CiliumBGPClusterConfig", _name(site), "platform", asn=bgp.asn, peers=peers)
    for name, peer in sorted(bgp.peers.items()):
        secret = str(peer.secret) if peer.secret is not None else None
        yield describe(
            site, "CiliumBGPPeerConfig", _name(site, str(name)), "platform", secret=secret, advertisements=label
        )
    yield describe(site, "CiliumBGPAdvertisement", _name(site), "platform", labels=label)


def _select_nodes(site: Site, metal: Metal) -> list[Facts]:
    """Which nodes answer for Services: not control planes of their own, and no pinned ones."""
    dedicated = [host for host in metal.hosts.values() if host.is_control_plane and not host.is_worker]
    fast = sorted(str(name) for name, pool in site.cluster.pools.items() if pool.pinning == "static")
    selected: list[Facts] = [{"key": CONTROL_PLANE, "operator": "DoesNotExist"}] if dedicated else []
    if fast and len(fast) < len(site.cluster.pools):
        selected.append({"key": POOL_LABEL, "operator": "NotIn", "values": fast})
    return selected


def _name(site: Site, suffix: str = "") -> str:
    return name_scoped(site.project, site.environment.environment, suffix)
