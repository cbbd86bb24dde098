"""What kubeadm is told: its own configuration kinds, and the kubelet's (kubeadm.k8s.io/v1beta4).

The kubelets of a cluster share one configuration; a pool's own lies beside it in a folder that its kubelets read (the
role kubelet). Tokens and keys are not here: Ansible draws them when a host joins, and hands them over in memory.
"""

from collections.abc import Iterator

from hftgen.facts.audit import AUDIT_LOG, set_audit
from hftgen.facts.cilium import has_cilium
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.host import Host
from hftgen.spec.metal import Metal
from hftgen.spec.network import Network
from hftgen.spec.rules.metal import NODE_PREFIX

VERSION = "kubeadm.k8s.io/v1beta4"
KUBELET = {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"}

FOLDER = "/etc/kubernetes"
ENCRYPTION = f"{FOLDER}/encryption.yaml"
AUDIT_POLICY = f"{FOLDER}/audit-policy.yaml"
DISCOVERY = f"{FOLDER}/discovery.conf"
SOCKET = "unix:///run/containerd/containerd.sock"

Taints = list[dict[str, str]]
"""`{key, value, effect}` of a node."""

# How long the token lives that kubeadm draws as it starts, and that nobody uses.
TOKEN = "15m0s"  # noqa: S105 - a duration


def describe_kubeadm(site: Site, metal: Metal) -> Facts:
    """`{cluster, kubelet}`: ClusterConfiguration, and what all kubelets share."""
    return {
        "cluster": _describe_cluster(site, metal, site.cluster.network or Network()),
        "kubelet": {
            **KUBELET,
            "cgroupDriver": "systemd",
            "#serializeImagePulls": "Several images at once: a release is not held up by another's.",
            "serializeImagePulls": False,
            "maxParallelImagePulls": 4,
        },
    }


def describe_initial(metal: Metal, host: Facts, taints: Taints) -> Facts:
    """InitConfiguration of the first control plane; `host` is what racks says of it."""
    return {
        "apiVersion": VERSION,
        "kind": "InitConfiguration",
        "#bootstrapTokens": "Drawn by kubeadm and used by nobody: each host that joins has one of its own.",
        "bootstrapTokens": [{"ttl": TOKEN}],
        "nodeRegistration": _register(host, taints),
        "localAPIEndpoint": _listen(metal, host),
    }


def describe_joining(metal: Metal, host: Host, facts: Facts, taints: Taints) -> Facts:
    """JoinConfiguration of any other host, without its token and, for a control plane, the key of certificates."""
    plane = {"controlPlane": {"localAPIEndpoint": _listen(metal, facts)}} if host.is_control_plane else {}
    return {
        "apiVersion": VERSION,
        "kind": "JoinConfiguration",
        "discovery": {"file": {"kubeConfigPath": DISCOVERY}},
        "nodeRegistration": _register(facts, taints),
        **plane,
    }


def _listen(metal: Metal, host: Facts) -> Facts:
    return {"advertiseAddress": host["address"], "bindPort": metal.endpoint.port}


def _register(host: Facts, taints: Taints) -> Facts:
    flags = {"node-ip": host["address"], "node-labels": ",".join(host["label_words"])}
    return {
        "name": host["name"],
        "criSocket": SOCKET,
        "taints": taints,
        "kubeletExtraArgs": _list_flags({key: value for key, value in flags.items() if value}),
    }


def _describe_cluster(site: Site, metal: Metal, network: Network) -> Facts:
    address = [str(metal.endpoint.address)] if metal.endpoint.address is not None else []
    encryption = {"encryption-provider-config": ENCRYPTION} if site.is_encrypted else {}
    return {
        "apiVersion": VERSION,
        "kind": "ClusterConfiguration",
        "clusterName": site.name,
        "kubernetesVersion": f"v{metal.version}",
        "controlPlaneEndpoint": f"{metal.endpoint.host}:{metal.endpoint.port}",
        "networking": {"podSubnet": str(network.pods), "serviceSubnet": str(network.services)},
        "apiServer": {
            "certSANs": [str(metal.endpoint.host), *address],
            "extraArgs": _list_flags(set_audit(AUDIT_POLICY) | encryption),
            "extraVolumes": list(_list_volumes(site)),
        },
        "controllerManager": {"extraArgs": _list_flags({"node-cidr-mask-size": str(NODE_PREFIX)})},
        **({"#proxy": "Cilium stands in for it.", "proxy": {"disabled": True}} if has_cilium(site) else {}),
    }


def _list_volumes(site: Site) -> Iterator[Facts]:
    """Files of the host that the API server's container reads, and where it writes."""
    files = {"audit-policy": AUDIT_POLICY, **({"encryption": ENCRYPTION} if site.is_encrypted else {})}
    for name, path in files.items():
        yield {"name": name, "hostPath": path, "mountPath": path, "readOnly": True, "pathType": "File"}
    yield {"name": "audit-log", "hostPath": AUDIT_LOG, "mountPath": AUDIT_LOG, "pathType": "DirectoryOrCreate"}


def _list_flags(flags: dict[str, str]) -> list[Facts]:
    return [{"name": name, "value": value} for name, value in sorted(flags.items())]
