"""Clusters on metal as Ansible makes them: hosts, and what each is told.

The kubelet's settings, labels and taints of a pool are those of facts/nodes.py, as everywhere.
"""

from hftgen.facts.cilium import ADDON as CILIUM
from hftgen.facts.cilium import configure_cilium, has_cilium
from hftgen.facts.disks import list_disks
from hftgen.facts.k3s import describe_k3s, describe_node_settings
from hftgen.facts.kubeadm import describe_initial, describe_joining, describe_kubeadm
from hftgen.facts.nodes import describe_node
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.host import Host
from hftgen.spec.metal import Metal
from hftgen.spec.units import HostName

# Kubernetes 1.36 and later take containerd 2 alone; Docker's repository has it for Debian and Ubuntu.
CONTAINERD = "2.2.0"

ZONE_LABEL = "topology.kubernetes.io/zone"
CONTROL_PLANE_TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}

# Where the first control plane has a kubeconfig for people, and the name of its context.
CONFIGURATIONS = {
    "kubeadm": ("/etc/kubernetes/admin.conf", "kubernetes-admin@{cluster}"),
    "k3s": ("/etc/rancher/k3s/k3s.yaml", "default"),
}
KUBECTL = {"kubeadm": "kubectl --kubeconfig /etc/kubernetes/admin.conf", "k3s": "k3s kubectl"}

# VRRP knows its groups on one network by a number up to this.
ROUTERS = 255


def describe_rack(site: Site, metal: Metal) -> Facts:
    """What all hosts of a cluster are told.

    `{distribution, version, minor, endpoint, control_planes, kubectl, encrypted, packages, containerd}`, where there is
    one `router`, `network`, and what `kubeadm` or `k3s` has of its own (its module).
    """
    packages = metal.packages.model_dump(exclude_none=True) if metal.packages is not None else {}
    describe = describe_kubeadm if metal.distribution == "kubeadm" else describe_k3s
    return {
        "distribution": metal.distribution,
        "version": str(metal.version),
        "minor": metal.version.minor,
        "endpoint": metal.endpoint.model_dump(mode="json", exclude_none=True),
        "control_planes": metal.list_control_planes(),
        "kubectl": KUBECTL[metal.distribution],
        "encrypted": site.is_encrypted,
        "packages": {key: str(url) for key, url in packages.items()},
        "containerd": str(metal.containerd or CONTAINERD),
        metal.distribution: describe(site, metal),
        **_describe_rest(site, metal),
    }


def describe_start(site: Site) -> Facts | None:
    """What a person who builds the cluster must know: `{first, endpoint, kubeconfig, context, secrets, ...}`.

    None where the spec names no hosts. `kubeconfig` is that of the first control plane, `context` its name in it.
    """
    metal = site.cluster.metal
    if metal is None:
        return None
    bgp = metal.balancers.bgp if metal.balancers is not None else None
    secrets = {str(peer.secret) for peer in bgp.peers.values() if peer.secret is not None} if bgp is not None else set()
    kubeconfig, context = CONFIGURATIONS[metal.distribution]
    planes = metal.list_control_planes()
    return {
        "distribution": metal.distribution,
        "control_planes": planes,
        "first": str(metal.hosts[HostName(planes[0])].address),
        "endpoint": metal.endpoint.model_dump(mode="json", exclude_none=True),
        "kubeconfig": kubeconfig,
        "context": context.format(cluster=site.name),
        "secrets": sorted(secrets),
        "network": _describe_network(site) is not None,
        **({"user": str(metal.user)} if metal.user is not None else {}),
    }


def _describe_rest(site: Site, metal: Metal) -> Facts:
    """What not every cluster has."""
    network, address = _describe_network(site), metal.endpoint.address
    return {
        **({"router": int(address.ip) % ROUTERS + 1} if address is not None else {}),
        **({"network": network} if network is not None else {}),
    }


def describe_host(site: Site, metal: Metal, name: str) -> Facts:
    """`{name, address, device, roles, pool, label_words, taint_words, disks}`, and what its distribution is told."""
    host = metal.hosts[HostName(name)]
    node = describe_node(site, str(host.pool)) if host.pool is not None else None
    devices = [each.find_device(str(key)) for key, each in host.interfaces.items() if each.purpose == "cluster"]
    zone = {ZONE_LABEL: str(host.zone)} if host.zone is not None else {}
    taints = [*([] if host.is_worker else [CONTROL_PLANE_TAINT]), *(node.taints if node is not None else [])]
    labels = {**(node.labels if node is not None else {}), **zone}
    facts: Facts = {
        "name": name,
        "address": str(host.address),
        "device": devices[0] if devices else None,
        "roles": list(host.roles),
        "pool": str(host.pool) if host.pool is not None else None,
        "label_words": [f"{key}={value}" for key, value in sorted(labels.items())],
        "taint_words": [_write_taint(taint) for taint in taints],
        "disks": [
            {key: disk[key] for key in ("disk", "device", "mount")} for disk in list_disks(site) if disk["host"] == name
        ],
    }
    return facts | _instruct(metal, host, facts, taints)


def _instruct(metal: Metal, host: Host, facts: Facts, taints: list[dict[str, str]]) -> Facts:
    """What a host's distribution is told of it alone."""
    first = facts["name"] == metal.list_control_planes()[0]
    if metal.distribution == "k3s":
        return {"k3s": describe_node_settings(metal, facts, first=first)}
    if first:
        return {"init": describe_initial(metal, facts, taints)}
    return {"join": describe_joining(metal, host, facts, taints)}


def _write_taint(taint: dict[str, str]) -> str:
    value = f"={taint['value']}" if "value" in taint else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _describe_network(site: Site) -> Facts | None:
    """Cilium's chart as Argo CD will hold it; None where somebody else brings the network."""
    addon = site.addon(CILIUM)
    entry = site.tables.addons.get(CILIUM)
    if not has_cilium(site) or addon is None or entry is None or not addon.manage:
        return None
    chart = next(chart for name, chart in entry.charts.items() if name == CILIUM)
    release = next((row for version, row in entry.versions.items() if version == addon.version), None)
    return {
        "repository": str(chart.repository),
        "chart": str(chart.chart),
        "version": str(addon.chart or (release.chart if release is not None else addon.version)),
        "values": configure_cilium(site),
    }
