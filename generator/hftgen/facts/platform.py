"""What an environment needs on a cluster before any service: namespace, closed network, priorities, storage."""

from collections.abc import Iterator

from hftgen.facts.certificates import describe_issuers
from hftgen.facts.cilium import describe_balancers
from hftgen.facts.defaults import DATASTORE, PRIORITIES, find_priority
from hftgen.facts.disks import describe_volumes
from hftgen.facts.horizon import describe_horizon
from hftgen.facts.quota import describe_quota
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.routes import describe_gateways
from hftgen.facts.scheduling import name_priority
from hftgen.facts.secrets import describe_store
from hftgen.facts.site import Site
from hftgen.facts.storage import describe_classes
from hftgen.spec.datastore import ClusterDatastore

PART = "platform"

# NodeLocal DNSCache listens here on every node that has it.
LOCAL_DNS = "169.254.20.10/32"

# GKE's Dataplane V2 hands questions to pods of its own cache, and Cloud DNS answers at the metadata server's address.
# AKS' LocalDNS listens on every node: a pool may ask for it, and from Kubernetes 1.37 on has it by default.
CLOUD_DNS: dict[str, list[Facts]] = {
    "gcp": [{"namespace": "kube-system", "pods": {"k8s-app": "node-local-dns"}}, {"cidr": "169.254.169.254/32"}],
    "azure": [{"cidr": "169.254.10.10/32"}, {"cidr": "169.254.10.11/32"}],
}

DNS_PORTS: list[Facts] = [{"port": 53, "protocol": protocol} for protocol in ("UDP", "TCP")]

REASONS = {
    "tick-to-trade": "Trades: takes the place of others, never waits for it.",
    "datastore": "Remembers: nothing takes its place but what trades.",
    "low": "On the way of an order: before everything that nobody waits for.",
}


def describe_platform(site: Site) -> Iterator[Record]:
    """Everything that is no service's and no datastore's."""
    yield describe(
        site,
        "Namespace",
        site.namespace,
        PART,
        labels=_describe_pod_security(site),
    )
    yield describe(site, "NetworkPolicy", "default-deny", PART, selector={}, ingress=[], egress=[])
    yield describe(site, "NetworkPolicy", "allow-dns", PART, selector={}, egress=[_describe_dns(site)])
    yield describe_quota(site)
    yield from _describe_priorities(site)
    yield from describe_classes(site)
    yield from describe_volumes(site)
    yield from describe_balancers(site)
    yield from describe_store(site)
    yield from describe_gateways(site)
    yield from describe_issuers(site)
    yield from describe_horizon(site, PART)


def _describe_pod_security(site: Site) -> dict[str, str]:
    """The Pod Security Standard that the API server demands of every pod, in the wording of the cluster's version."""
    level = site.pod_security
    if level is None:
        return {}
    prefix = "pod-security.kubernetes.io/enforce"
    return {prefix: level, f"{prefix}-version": f"v{site.environment.kubernetes.version}"}


def _describe_dns(site: Site) -> Facts:
    peers: list[Facts] = [
        {"namespace": "kube-system", "pods": {"k8s-app": "kube-dns"}},
        {"cidr": LOCAL_DNS},
        *CLOUD_DNS.get(site.cluster.cloud, []),
        # A node's own cache may answer at the Service's address, which then is no pod's.
        *_list_services(site),
    ]
    return {"why": "Cluster DNS, and a node's own cache of it.", "peers": peers, "ports": DNS_PORTS}


def _list_services(site: Site) -> list[Facts]:
    network = site.cluster.network
    return [{"cidr": str(network.services)}] if network is not None and network.services is not None else []


def _describe_priorities(site: Site) -> Iterator[Record]:
    used = {latency for service in site.services.values() if (latency := find_priority(service)) is not None}
    # Made on a standby too, where no database runs yet: the same objects everywhere.
    if any(isinstance(store, ClusterDatastore) for store in site.environment.datastores.values()):
        used.add(DATASTORE)
    for key in sorted(used):
        name, value = name_priority(site, key), PRIORITIES[key]
        yield describe(site, "PriorityClass", name, PART, value=value, why=REASONS[key])
