"""Databases in several clusters: which one is written to, which ones follow it, and where each is reached.

CloudNativePG's distributed topology: each cluster knows all of them and who is first, so that a failover is one field
of the spec, and the old primary can come back as a follower.
"""

from typing import NamedTuple

from hftgen.facts.site import Site
from hftgen.spec.datastore import AnyDatastore, ClusterDatastore, ManagedDatastore


class Topology(NamedTuple):
    """A replicated database, seen from one cluster: `addresses` of all clusters that have it, by cluster."""

    here: str
    primary: str
    source: str
    addresses: dict[str, str]

    @property
    def follows(self) -> bool:
        """Whether this cluster's copy follows another."""
        return self.here != self.primary


def find_topology(site: Site, name: str, store: ClusterDatastore) -> Topology | None:
    """How a database in the cluster is replicated; None where it stands alone."""
    recovery = site.environment.recovery
    if store.engine != "postgres" or recovery is None or recovery.replication != "continuous":
        return None
    roles = {str(key): cluster.role for key, cluster in site.environment.clusters.items()}
    followers = sorted(key for key, role in roles.items() if role == "standby")
    # Two primary clusters have a database each; the first one's is followed.
    primary = min(key for key, role in roles.items() if role == "primary")
    if not followers or site.name not in (primary, *followers):
        return None
    found = {key: find_address(site, name, store, key) for key in (primary, *followers)}
    addresses = {key: address for key, address in sorted(found.items()) if address is not None}
    if len(addresses) < len(found):
        return None
    source = followers[0] if site.name == primary else primary
    return Topology(site.name, primary, source, addresses)


def find_address(
    site: Site, name: str, store: ClusterDatastore | ManagedDatastore, cluster: str | None = None
) -> str | None:
    """The name under which a datastore answers outside its cluster: the spec's, else one in `dns.zone`."""
    cluster = cluster or site.name
    said = {str(key): str(host) for key, host in store.addresses.items()}
    dns = site.environment.dns
    if cluster in said or dns is None:
        return said.get(cluster)
    return f"{name}.{cluster}.{site.environment.environment}.{dns.zone}"


def is_present(site: Site, name: str, store: AnyDatastore) -> bool:
    """Whether there is anything to reach on this site.

    On a standby a second database that takes writes would be worse than none: it follows, or it is absent. A cache
    without a disk runs everywhere.
    """
    if not isinstance(store, ClusterDatastore) or not site.is_standby or store.storage is None:
        return True
    return find_topology(site, name, store) is not None
