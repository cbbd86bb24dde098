"""What `kind create cluster` is given: nodes by pool, addresses, and a way in for the gateways.

Nodes of kind are containers that share one machine, so what pools say of CPUs and memory is not asked of them. What
kind itself brings: a storage class, a network plugin that enforces policies, kubelets that sign for themselves.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hftgen.facts.addons import DEFAULT_CONTROLLER
from hftgen.facts.nodes import describe_node
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.spec.network import Network

CLOUD = "kind"

# The authors of kind build a node's image for some patches alone; by minor version, as the release notes of kind 0.30
# to 0.33 name them. A mirror's copy has a digest of its own, which their registry does not know.
IMAGES = {
    "1.33": "kindest/node:v1.33.4@sha256:25a6018e48dfcaee478f4a59af81157a437f15e6e140bf103f85a2e7cd0cbbf2",
    "1.34": "kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a",
    "1.35": "kindest/node:v1.35.0@sha256:452d707d4862f52530247495d180205e029056831160e22870e37e3f6c1ac31f",
    "1.36": "kindest/node:v1.36.1@sha256:3489c7674813ba5d8b1a9977baea8a6e553784dab7b84759d1014dbd78f7ebd5",
    "1.37": "kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5",
}

REPOSITORY = "kindest/node"


class Door(NamedTuple):
    """How a gateway is reached from the machine: its port there, and the node's port behind it."""

    host: int
    node: int


PLAIN_PORT, TLS_PORT = 80, 443

# By whether the gateway is internal, and whether it speaks TLS. A public one beside an internal one has others.
DOORS = {
    (True, False): Door(80, 30080),
    (True, True): Door(443, 30443),
    (False, False): Door(8081, 30081),
    (False, True): Door(8443, 30444),
}


def describe_kind(site: Site, records: Mapping[str, list[Record]]) -> Facts | None:
    """`{name, image, digest, networking, nodes, doors, kubelet}`; None where the cluster is not kind's.

    `nodes` are `{role, pool, labels, taints}`; a pool has as many as its `min`. `doors` are those of the gateways among
    the `records` that the cluster is sent. `kubelet` is what all kubelets are told.
    """
    if site.cluster.cloud != CLOUD:
        return None
    version = str(site.environment.kubernetes.version)
    image = IMAGES.get(version, f"{REPOSITORY}:v{version}.0")
    return {
        "name": site.name,
        "image": image,
        "digest": "@" in image,
        "networking": _describe_network(site.cluster.network or Network()),
        "nodes": list(_list_nodes(site)),
        "doors": list(_list_doors(records)),
        "kubelet": _describe_kubelet(site),
    }


def describe_door(site: Site, gateway: Record, *, internal: bool) -> Iterator[Record]:
    """On a kind cluster: what tells Istio by which ports of the nodes a Gateway is reached, and the Gateway of it.

    A Service of type LoadBalancer would have no address there. `gateway` is completed, and yielded again.
    """
    if site.cluster.cloud != CLOUD or gateway["controller"] != DEFAULT_CONTROLLER:
        yield gateway
        return
    tls = {"certificate" in listener for listener in gateway["listeners"]}
    ports = [{"port": TLS_PORT if each else PLAIN_PORT, "nodePort": DOORS[internal, each].node} for each in sorted(tls)]
    patch = {"spec": {"type": "NodePort", "ports": ports}}
    name, data = f"{gateway['name']}-door", {"service": json.dumps(patch, indent=2) + "\n"}
    doors = describe(site, "ConfigMap", name, "platform", data=data, mutable=True)
    yield doors | {"namespace": gateway["namespace"]}
    yield gateway | {
        "parameters": name,
        "doors": [{**DOORS[internal, each]._asdict(), "tls": each} for each in sorted(tls)],
    }


def _describe_network(network: Network) -> Facts:
    ranges = {"podSubnet": network.pods, "serviceSubnet": network.services}
    said = {key: str(cidr) for key, cidr in ranges.items() if cidr is not None}
    sixes = [cidr for cidr in ranges.values() if cidr is not None and cidr.network.version == 6]
    return {**said, **({"ipFamily": "ipv6"} if sixes else {})}


def _list_nodes(site: Site) -> Iterator[Facts]:
    for name, pool in sorted(site.cluster.pools.items()):
        node = describe_node(site, str(name))
        for _ in range(max(pool.min, 1)):
            yield {"pool": str(name), "labels": node.labels, "taints": node.taints}


def _describe_kubelet(site: Site) -> Facts:
    """A node that joins takes the kubelet's configuration of the cluster, so one serves all pools."""
    nodes = [describe_node(site, str(name)) for name in sorted(site.cluster.pools)]
    sysctls = sorted({each for node in nodes for each in node.kubelet.get("allowedUnsafeSysctls", ())})
    return {"allowedUnsafeSysctls": sysctls} if sysctls else {}


def _list_doors(records: Mapping[str, list[Record]]) -> Iterator[Facts]:
    """The doors of the Gateways that the cluster is sent."""
    for entries in records.values():
        for record in entries:
            yield from record.get("doors", ())
