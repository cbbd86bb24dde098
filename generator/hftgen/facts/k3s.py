"""What K3s is told: the keys of its config.yaml, which are its flags.

Tokens are not here: the first server draws them, and the others get them from it.
"""

from ipaddress import ip_network

from hftgen.facts.audit import AUDIT_LOG, set_audit
from hftgen.facts.cilium import has_cilium
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.metal import Metal
from hftgen.spec.network import Network
from hftgen.spec.rules.metal import NODE_PREFIX

FOLDER = "/etc/rancher/k3s"
AUDIT_POLICY = f"{FOLDER}/audit-policy.yaml"

# The tenth address of the Services' range is that of the cluster's DNS, as K3s itself would have it.
DNS = 10

# What the add-ons, or hosts' disks, are instead of.
WITHOUT = ["local-storage", "metrics-server", "servicelb", "traefik"]


def describe_k3s(site: Site, metal: Metal) -> Facts:
    """`{server, audit, log}`: what all servers are told, and where the audit's policy and log are."""
    network = site.cluster.network or Network()
    address = [str(metal.endpoint.address)] if metal.endpoint.address is not None else []
    return {
        "server": {
            "tls-san": [str(metal.endpoint.host), *address],
            "https-listen-port": metal.endpoint.port,
            "cluster-cidr": str(network.pods),
            "service-cidr": str(network.services),
            "cluster-dns": str(ip_network(str(network.services))[DNS]),
            "disable": WITHOUT,
            **_leave_network(site),
            **({"secrets-encryption": True} if site.is_encrypted else {}),
            "write-kubeconfig-mode": "0600",
            "agent-token-file": f"{FOLDER}/agent-token",
            "kube-apiserver-arg": [f"{key}={value}" for key, value in sorted(set_audit(AUDIT_POLICY).items())],
            "kube-controller-manager-arg": [f"node-cidr-mask-size={NODE_PREFIX}"],
        },
        "audit": AUDIT_POLICY,
        "log": AUDIT_LOG,
    }


def describe_node_settings(metal: Metal, facts: Facts, *, first: bool) -> Facts:
    """What one host is told; `facts` is what racks says of it. The first server makes the cluster, the others join."""
    own = {
        "node-name": facts["name"],
        "node-ip": facts["address"],
        "node-label": facts["label_words"],
        "node-taint": facts["taint_words"],
        "token-file": f"{FOLDER}/token",
    }
    if first:
        return own | {"cluster-init": True}
    return own | {"server": f"https://{metal.endpoint.host}:{metal.endpoint.port}"}


def _leave_network(site: Site) -> Facts:
    """Cilium is the network; without it K3s has one of its own, which enforces policies too."""
    if not has_cilium(site):
        return {}
    return {"flannel-backend": "none", "disable-network-policy": True, "disable-kube-proxy": True}
