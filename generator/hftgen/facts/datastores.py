"""Datastores: those that run in the cluster, and the names of those that do not."""

from collections.abc import Iterator

from hftgen.facts.aliases import describe_aliases
from hftgen.facts.postgres import describe_postgres
from hftgen.facts.record import Record
from hftgen.facts.redis import describe_redis
from hftgen.facts.replication import is_present
from hftgen.facts.site import Site
from hftgen.facts.stores import find_image
from hftgen.spec.datastore import ClusterDatastore


def describe_datastores(site: Site) -> Iterator[Record]:
    """Everything of the datastores of this cluster."""
    for name, store in sorted(site.environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and is_present(site, str(name), store):
            builder = describe_postgres if store.engine == "postgres" else describe_redis
            yield from builder(site, str(name), store)
    yield from describe_aliases(site)


def list_images(site: Site) -> dict[str, str]:
    """Images of datastores by the symbol that stands for them; CloudNativePG's are no container's."""
    return {
        str(name): find_image(store)
        for name, store in sorted(site.environment.datastores.items())
        if isinstance(store, ClusterDatastore) and store.engine == "redis" and is_present(site, str(name), store)
    }
