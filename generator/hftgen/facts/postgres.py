"""PostgreSQL by CloudNativePG."""

from collections.abc import Iterator

from hftgen.facts.addons import find_namespace
from hftgen.facts.containers import describe_resources_of
from hftgen.facts.defaults import DATASTORE
from hftgen.facts.record import Facts, Record, describe
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


def describe_postgres(site: Site, name: str, store: ClusterDatastore) -> Iterator[Record]:
    """A Cluster, its owner's password, and its policy."""
    secret = f"{name}-credentials"
    if site.environment.secrets is not None:
        data = [describe_password(site, name)]
        template = {
            "type": "kubernetes.io/basic-auth",
            "metadata": {"labels": {"cnpg.io/reload": "true"}},  # the operator sets a new password at once
            "data": {"username": DATABASE, "password": "{{ .password }}"},
        }
        yield describe_external_secret(site, secret, PART, data, application=name, template=template)
    yield describe(
        site,
        "Cluster",
        name,
        PART,
        application=name,
        image=find_image(store),
        instances=AVAILABLE_INSTANCES if store.highAvailability else 1,
        database=DATABASE,
        secret=secret if site.environment.secrets is not None else None,
        storage=describe_disk(site, store.storage, store.class_ or DATASTORE_CLASS, store.pool)
        if store.storage
        else None,
        resources=describe_resources_of(store.cpu, store.memory) or None,
        pool=describe_pool(site, store.pool) or None,
        priority=name_priority(site, DATASTORE),
    )
    yield describe_policy(site, name, store, _list_operator_rules(site, name))


def _list_operator_rules(site: Site, name: str) -> Facts:
    """CloudNativePG's instances ask the API server, follow each other, and are watched by the operator."""
    own = [{"pods": {"cnpg.io/cluster": name}}]
    replication = [{"port": port, "protocol": "TCP"} for port in (5432, 8000)]
    return {
        "ingress": [
            {"why": "Its own instances follow each other.", "peers": own, "ports": replication},
            {
                "why": "The operator watches it.",
                "peers": [{"namespace": find_namespace(site, "cloudnative-pg")}],
                "ports": replication,
            },
            *list_scrape(site, 9187),
        ],
        "egress": [
            {"why": "Its own instances follow each other.", "peers": own, "ports": replication},
            {
                "why": "An instance asks the API server who leads, at an address that no manifest knows.",
                "peers": [],
                "ports": [{"port": port, "protocol": "TCP"} for port in (443, 6443)],
            },
        ],
    }
