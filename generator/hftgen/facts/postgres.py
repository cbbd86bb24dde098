"""PostgreSQL by CloudNativePG."""

from collections.abc import Iterator

from hftgen.facts.addons import find_namespace
from hftgen.facts.balancers import PRIVATE, describe_balancer, join_networks, list_private
from hftgen.facts.containers import describe_resources_of
from hftgen.facts.defaults import DATASTORE
from hftgen.facts.names import name_replicator
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.replication import Topology, find_topology
from hftgen.facts.scheduling import describe_pool, name_priority
from hftgen.facts.secrets import describe_external_secret
from hftgen.facts.site import Site
from hftgen.facts.storage import DATASTORE_CLASS, describe_disk
from hftgen.facts.stores import PART, describe_password, describe_policy, find_image, list_scrape
from hftgen.spec.datastore import ClusterDatastore

# The instances of a database that survives the loss of a machine: one writes, two follow.
AVAILABLE_INSTANCES = 3

# The database and its owner that CloudNativePG makes.
DATABASE = "app"

# As whom another cluster's copy follows.
REPLICATOR = "replicator"

PORT: Facts = {"port": 5432, "protocol": "TCP"}
STATUS: Facts = {"port": 8000, "protocol": "TCP"}
METRICS = 9187


def describe_postgres(site: Site, name: str, store: ClusterDatastore) -> Iterator[Record]:
    """A Cluster, the passwords of its owner and of who follows it, and its policy."""
    secret, topology = f"{name}-credentials", find_topology(site, name, store)
    locked = site.environment.secrets is not None
    if locked:
        yield _describe_password(site, name, secret, DATABASE)
    if locked and topology is not None:
        yield _describe_password(site, name, name_replicator(name), REPLICATOR)
    yield describe(
        site,
        "Cluster",
        name,
        PART,
        application=name,
        image=find_image(store),
        instances=AVAILABLE_INSTANCES if store.highAvailability else 1,
        spread=_describe_spread(site, store),
        database=DATABASE,
        secret=secret if locked else None,
        topology=_describe_topology(site, name, topology) if topology is not None else None,
        storage=describe_disk(site, store.storage, store.class_ or DATASTORE_CLASS, store.pool)
        if store.storage
        else None,
        resources=describe_resources_of(store.cpu, store.memory) or None,
        pool=describe_pool(site, store.pool) or None,
        priority=name_priority(site, DATASTORE),
    )
    yield describe_policy(site, name, store, _list_rules(site, name, topology))


def _describe_password(site: Site, name: str, secret: str, user: str) -> Record:
    """A user's password; the operator sets a new one at once."""
    ref = "credentials" if user == DATABASE else user
    template = {
        "type": "kubernetes.io/basic-auth",
        "metadata": {"labels": {"cnpg.io/reload": "true"}},
        "data": {"username": user, "password": "{{ .password }}"},
    }
    data = [describe_password(site, name, ref)]
    return describe_external_secret(site, secret, PART, data, application=name, template=template)


def _describe_spread(site: Site, store: ClusterDatastore) -> str | None:
    """How strictly instances stand on machines of their own; None for a single one."""
    if not store.highAvailability:
        return None
    return "preferred" if site.is_development else "required"


def _describe_topology(site: Site, name: str, topology: Topology) -> Facts:
    """`{here, primary, source, follows, clusters, user, secret, service}` for the Cluster."""
    balancer = describe_balancer(site, internal=True, host=topology.addresses[site.name])
    return {
        "here": topology.here,
        "primary": topology.primary,
        "source": topology.source,
        "follows": topology.follows,
        "clusters": [{"name": cluster, "host": host} for cluster, host in topology.addresses.items()],
        "user": REPLICATOR,
        "secret": name_replicator(name),
        "service": {"name": name_replicator(name), **balancer},
    }


def _list_rules(site: Site, name: str, topology: Topology | None) -> Facts:
    """CloudNativePG's instances ask the API server, follow each other, and are watched by the operator."""
    own = [{"pods": {"cnpg.io/cluster": name}}]
    operator = [{"namespace": find_namespace(site, "cloudnative-pg")}]
    followers, entrances = _list_followers(site, topology), _list_networks(site, topology, "vpc")
    why = "Copies in other clusters follow, whoever is first."
    return {
        "ingress": [
            {"why": "Its own instances follow each other.", "peers": own, "ports": [PORT, STATUS]},
            {"why": "The operator watches it.", "peers": operator, "ports": [PORT, STATUS]},
            *list_scrape(site, METRICS),
            *([{"why": why, "peers": followers, "ports": [PORT]}] if followers else []),
        ],
        "egress": [
            {"why": "Its own instances follow each other.", "peers": own, "ports": [PORT, STATUS]},
            {
                "why": "An instance asks the API server who leads, at an address that no manifest knows.",
                "peers": [],
                "ports": [{"port": port, "protocol": "TCP"} for port in (443, 6443)],
            },
            *([{"why": why, "peers": entrances, "ports": [PORT]}] if entrances else []),
        ],
    }


def _list_networks(site: Site, topology: Topology | None, *kinds: str) -> list[Facts]:
    """The networks of the other clusters that have the database; everything private where one says none."""
    found: set[str] = set()
    for key, cluster in site.environment.clusters.items():
        if topology is not None and str(key) in topology.addresses and str(key) != site.name:
            said = {str(cidr) for kind in kinds if (cidr := getattr(cluster.network, kind, None)) is not None}
            found |= said or set(PRIVATE)
    return [{"cidr": cidr} for cidr in join_networks(found)]


def _list_followers(site: Site, topology: Topology | None) -> list[Facts]:
    """Who asks: machines and pods of the other clusters; on AWS the load balancer in their place."""
    if topology is not None and site.cluster.cloud == "aws":
        return [{"cidr": cidr} for cidr in list_private(site)]
    return _list_networks(site, topology, "vpc", "pods")
