"""Datastores that run in the cluster.

On a standby cluster a database is to be a replica. Until replication is rendered there is none at all: a second
database that takes writes would be worse than no database. A cache without a disk runs everywhere.
"""

from collections.abc import Iterator

from hftgen.facts.postgres import describe_postgres
from hftgen.facts.record import Record
from hftgen.facts.redis import describe_redis
from hftgen.facts.site import Site
from hftgen.facts.stores import find_image, is_present
from hftgen.spec.datastore import ClusterDatastore


def describe_datastores(site: Site) -> Iterator[Record]:
    """Everything of the datastores that run in this cluster."""
    for name, store in sorted(site.environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and is_present(site, store):
            builder = describe_postgres if store.engine == "postgres" else describe_redis
            yield from builder(site, str(name), store)


def list_images(site: Site) -> dict[str, str]:
    """Images of datastores by the symbol that stands for them; CloudNativePG's are no container's."""
    return {
        str(name): find_image(store)
        for name, store in sorted(site.environment.datastores.items())
        if isinstance(store, ClusterDatastore) and store.engine == "redis" and is_present(site, store)
    }
