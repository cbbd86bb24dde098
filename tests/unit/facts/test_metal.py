"""Clusters on metal: addresses that the network hears of, disks, and what Ansible tells each host."""

from typing import Any

import pytest

from hftgen.facts.addon_values import find_values, is_needed
from hftgen.facts.disks import list_disks
from hftgen.facts.parts import collect
from hftgen.facts.racks import describe_host, describe_rack, describe_start
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from tests.unit.facts.sites import find, list_names, make_site

RANGES = {"vpc": "10.60.0.0/16", "pods": "10.64.0.0/16", "services": "10.68.0.0/20"}
BGP = {"asn": 64512, "peers": {"tor": {"address": "10.60.0.2", "asn": 64600, "secret": "bgp-tor"}}}


def _metal(**fields: Any) -> Site:
    """One control plane, two workers; `fields` are of `metal`."""
    worker = {"pool": "general", "interfaces": {"eno1": {"purpose": "cluster", "vlan": 60}}}
    metal = {
        "version": "1.36.1",
        "endpoint": {"host": "api.example.com", "address": "10.60.0.10"},
        "hosts": {
            "cp-1": {
                "address": "10.60.1.11",
                "roles": ["control-plane"],
                "interfaces": {"eno1": {"purpose": "cluster"}},
            },
            "w-1": {"address": "10.60.2.11", **worker, "disks": {"d": {"device": "/dev/disk/by-id/a", "size": "1Ti"}}},
            "w-2": {"address": "10.60.2.12", **worker},
        },
        **fields,
    }
    pools = {"general": {"machine": "server", "cpus": 16, "memory": "64Gi", "min": 2, "max": 2}}
    cluster = {"cloud": "metal", "network": RANGES, "pools": pools, "metal": metal}
    public = {"expose": {"host": "web.example.com", "via": "loadBalancer"}, "ports": {"http": 8080}}
    stored = {
        "workload": "stateful",
        "instances": "single",
        "volumes": {"v": {"path": "/v", "size": "1Gi", "class": "fast"}},
    }
    services = {"web": {"pool": "general", "replicas": 2, **public}, "store": {"pool": "general", **stored}}
    return make_site(services, clusters={"main": cluster}, addons={"cilium": {"version": "1.20.2"}})


def _describe_rack(site: Site) -> Facts:
    assert site.cluster.metal is not None
    return describe_rack(site, site.cluster.metal)


def _describe_hosts(site: Site) -> Facts:
    metal = site.cluster.metal
    assert metal is not None
    return {str(name): describe_host(site, metal, str(name)) for name in metal.hosts}


def test_public_addresses_are_for_those_who_say_so() -> None:
    """With a range of their own, all that carries no label gets a private address."""
    site = _metal(balancers={"addresses": ["10.60.200.0/24"], "public": ["10.60.201.0/28"]})
    parts = collect(site)
    label = {"hftgen.io/reach": "public"}
    assert label.items() <= find(parts["web"], "Service", "web-public")["labels"].items()
    own, public = (find(parts["platform"], "CiliumLoadBalancerIPPool", f"shop-test{end}") for end in ("", "-public"))
    assert (own["services"]["operator"], public["services"]["operator"]) == ("NotIn", "In")


def test_one_range_serves_all() -> None:
    """Then no label decides anything."""
    parts = collect(_metal(balancers={"addresses": ["10.60.200.0/24"]}))
    assert "services" not in find(parts["platform"], "CiliumLoadBalancerIPPool", "shop-test")
    assert "hftgen.io/reach" not in find(parts["web"], "Service", "web-public")["labels"]


@pytest.mark.parametrize(
    ("bgp", "policy", "kinds"),
    [(None, None, ["CiliumL2AnnouncementPolicy"]), (BGP, "Local", ["CiliumBGPClusterConfig", "CiliumBGPPeerConfig"])],
)
def test_routers_send_to_nodes_with_a_pod(bgp: Any, policy: str | None, kinds: list[str]) -> None:
    """Without BGP any node may answer for an address, so that none may ask for pods of its own."""
    site = _metal(balancers={"addresses": ["10.60.200.0/24"], "bgp": bgp} if bgp else {"addresses": ["10.60.200.0/24"]})
    parts = collect(site)
    assert find(parts["web"], "Service", "web-public").get("trafficPolicy") == policy
    assert all(list_names(parts["platform"], kind) for kind in kinds)
    assert find_values(site, "cilium").get("loadBalancer") == (None if bgp else {"mode": "dsr"})


def test_routers_hear_of_every_nodes_pods() -> None:
    """CoreDNS may run on control planes: in another rack nobody would find it there. By ARP no such node answers."""
    balancers: dict[str, Any] = {"addresses": ["10.60.200.0/24"]}
    routed = collect(_metal(balancers={**balancers, "bgp": BGP}))["platform"]
    assert "nodes" not in find(routed, "CiliumBGPClusterConfig", "shop-test")
    answered = collect(_metal(balancers=balancers))["platform"]
    (selected,) = find(answered, "CiliumL2AnnouncementPolicy", "shop-test")["nodes"]
    assert selected == {"key": "node-role.kubernetes.io/control-plane", "operator": "DoesNotExist"}


def test_cilium_is_no_add_on_of_a_cloud() -> None:
    """An environment of several clouds has it where it builds clusters itself."""
    cloud = make_site({"web": {}}, addons={"cilium": {"version": "1.20.2"}})
    assert (is_needed(_metal(), "cilium"), is_needed(cloud, "cilium")) == (True, False)


def test_a_disk_is_a_volume_of_its_host() -> None:
    """A folder on the disk, which is not there while the disk is not mounted."""
    site = _metal()
    volume = find(collect(site)["platform"], "PersistentVolume", "shop-test-w-1-d")
    (disk,) = list_disks(site)
    assert (volume["node"], volume["path"]) == ("w-1", disk["mount"] + "/volume")


def test_the_first_control_plane_starts_and_others_join() -> None:
    """By kubeadm: nobody is told both, and no token stands anywhere."""
    hosts = _describe_hosts(_metal())
    assert {name: [key for key in ("init", "join") if key in host] for name, host in hosts.items()} == {
        "cp-1": ["init"],
        "w-1": ["join"],
        "w-2": ["join"],
    }
    assert hosts["cp-1"]["taint_words"] == ["node-role.kubernetes.io/control-plane:NoSchedule"]
    assert hosts["w-1"]["device"] == "eno1.60"
    assert hosts["w-1"]["join"]["nodeRegistration"]["kubeletExtraArgs"][1]["value"] == "hftgen.io/pool=general"
    assert "tlsBootstrapToken" not in str(hosts)


def test_k3s_leaves_the_network_to_cilium() -> None:
    """And DNS is the tenth address of the Services' range."""
    site = _metal(distribution="k3s", version="1.36.1+k3s2")
    server = _describe_rack(site)["k3s"]["server"]
    assert (server["flannel-backend"], server["disable-kube-proxy"], server["cluster-dns"]) == (
        "none",
        True,
        "10.68.0.10",
    )
    assert "cluster-init" in _describe_hosts(site)["cp-1"]["k3s"]
    assert _describe_hosts(site)["w-1"]["k3s"]["server"] == "https://api.example.com:6443"


def test_cilium_comes_before_argo_cd_as_argo_cd_has_it() -> None:
    """The same chart, version and values, or the first sync would change the network."""
    site = _metal()
    rack = _describe_rack(site)
    assert rack["network"]["values"] == find_values(site, "cilium")
    assert rack["network"]["version"] == "1.20.2"


def test_whoever_builds_it_knows_where_to_begin() -> None:
    """The first control plane has a kubeconfig; a router's password is a Secret that a person makes."""
    start = describe_start(_metal(balancers={"addresses": ["10.60.200.0/24"], "bgp": BGP}))
    assert start is not None
    assert (start["first"], start["context"], start["secrets"]) == ("10.60.1.11", "kubernetes-admin@main", ["bgp-tor"])
