"""Managed databases and caches on AWS: which there are on a site, how large, whom they follow, their credentials."""

from collections.abc import Iterable
from typing import NamedTuple

from hftgen.facts.clouds import find_partition
from hftgen.facts.replication import find_address
from hftgen.facts.secrets import name_remote
from hftgen.facts.site import Site
from hftgen.facts.stores import PORTS
from hftgen.facts.terraform.aws_names import name_store
from hftgen.spec.datastore import ManagedDatastore
from hftgen.spec.rules.aws_sizes import choose_size
from hftgen.spec.units import ClusterName

# As CloudNativePG calls the user and the database that it makes.
USERNAME = "app"

LONGEST = {"postgres": 63, "redis": 40}

# The number of the passwords that Terraform draws: a higher one draws others.
EDITION = 1


class Store(NamedTuple):
    """A managed datastore on one site: its identifier at AWS, its size, and whom it follows (an ARN, or None)."""

    name: str
    datastore: ManagedDatastore
    identifier: str
    machine: str
    port: int
    source: str | None


def list_stores(site: Site, engine: str | None = None) -> list[Store]:
    """The managed datastores of a site, by name; on a standby those that follow, and caches that keep nothing."""
    return [
        _describe(site, name, store)
        for name, store in list_managed(site)
        if engine in (None, store.engine) and _is_present(site, store)
    ]


def list_managed(site: Site) -> list[tuple[str, ManagedDatastore]]:
    """The managed datastores of the environment, by name."""
    stores = sorted(site.environment.datastores.items())
    return [(str(name), store) for name, store in stores if isinstance(store, ManagedDatastore)]


def name_credentials(site: Site, store: str) -> str:
    """The secret of a datastore's credentials: where the services' refs look for it, whatever keeps secrets."""
    if site.environment.secrets is None:
        return f"{site.project}/{site.environment.environment}/{store}/credentials"
    return name_remote(site, f"{store}/credentials")


def find_record(site: Site, store: Store) -> str | None:
    """The name in `dns.zone` under which the manifests look for it; None where the spec says another."""
    said = store.datastore.addresses.get(ClusterName(site.name))
    return find_address(site, store.name, store.datastore) if said is None else None


def find_zone(site: Site) -> str | None:
    """The zone, where it lies on Route 53 in the cluster's own account."""
    dns = site.environment.dns
    own = dns is not None and dns.provider == "aws" and (dns.account or site.cluster.account) == site.cluster.account
    return str(dns.zone) if dns is not None and own else None


def _describe(site: Site, name: str, store: ManagedDatastore) -> Store:
    machine = str(store.machine) if store.machine else choose_size(store, is_small=site.is_development)
    assert machine is not None, "aws_stores.fit_a_size"  # noqa: S101
    port = store.port or PORTS[store.engine]
    identifier = name_store(site, name, LONGEST[store.engine])
    return Store(name, store, identifier, machine, port, _find_source(site, name, store))


def _is_present(site: Site, store: ManagedDatastore) -> bool:
    """A second database that takes writes would be worse than none."""
    if not site.is_standby or store.storage is None:
        return True
    return store.engine == "postgres" and _find_leader(site) is not None


def _find_source(site: Site, name: str, store: ManagedDatastore) -> str | None:
    leader = _find_leader(site) if site.is_standby and store.engine == "postgres" else None
    if leader is None:
        return None
    cluster = leader.cluster
    where = f"{find_partition(cluster.region)}:rds:{cluster.region}:{cluster.account}"
    return f"arn:{where}:db:{name_store(leader, name, LONGEST[store.engine])}"


def _find_leader(site: Site) -> Site | None:
    """The primary whose databases a standby follows: the first one on AWS, in the same account."""
    recovery = site.environment.recovery
    if recovery is None or recovery.replication != "continuous":
        return None
    return next((other for other in list_siblings(site) if not other.is_standby), None)


def list_siblings(site: Site) -> list[Site]:
    """The environment's other clusters on AWS in the same account, by name. Their services are not known here."""
    clusters = site.environment.clusters.items()
    names = sorted(str(name) for name, cluster in clusters if _is_sibling(site, str(name), cluster.cloud))
    return [Site(site.environment, name, {}, site.files, site.tables) for name in names]


def _is_sibling(site: Site, name: str, cloud: str) -> bool:
    account = site.environment.clusters[ClusterName(name)].account
    return name != site.name and cloud == "aws" and account == site.cluster.account


def find_maker(site: Site) -> str:
    """The cluster that makes what an account's clusters share: the first by name, whoever is primary."""
    return min([site.name, *(other.name for other in list_siblings(site))])


def list_regions(sites: Iterable[Site]) -> list[str]:
    """The regions of clusters, each once."""
    return sorted({str(site.cluster.region) for site in sites})
