"""Clusters on metal: what waits for ever because the hosts do not have it, and what shares a host that should not."""

from collections import Counter
from collections.abc import Iterator

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.defaults import count_desired, runs_here
from hftgen.facts.endpoints import is_balanced
from hftgen.facts.site import Site
from hftgen.facts.storage import VOLUME_CLASS
from hftgen.facts.volumes import list_claims
from hftgen.spec.load import Loaded
from hftgen.spec.metal import Metal

Stock = Counter[tuple[str, str]]
"""How many disks or claims there are of a pool and a class."""


def list_racks(loaded: Loaded) -> Iterator[tuple[Site, Metal]]:
    """The clusters whose hosts the spec names."""
    for site in list_sites(loaded):
        if site.cluster.metal is not None:
            yield site, site.cluster.metal


def find_shared_hosts(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X65: etcd and the API server beside pods that are promised CPUs of their own."""
    for site, metal in list_racks(loaded):
        for name, host in sorted(metal.hosts.items()):
            pool = site.cluster.pools.get(host.pool) if host.pool is not None else None
            if host.is_control_plane and pool is not None and pool.pinning == "static":
                yield make_finding(
                    loaded,
                    "HFT-X65",
                    ("clusters", site.name, "metal", "hosts", name, "roles"),
                    f"the control plane shares reserved CPUs and memory with pods of the pinned pool {host.pool}",
                    "give the control plane a host of its own, or one of a pool without pinning",
                )


def find_endless_waits(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X66: pods without a disk, and Services without an address, wait for ever: no cloud makes them here."""
    for site, metal in list_racks(loaded):
        if metal.balancers is None:
            yield from _find_bare_services(loaded, site)
        yield from _find_missing_disks(loaded, site, _count_disks(metal))


def _find_bare_services(loaded: Loaded, site: Site) -> Iterator[Finding]:
    for name, service in sorted(site.services.items()):
        if is_balanced(service):
            yield make_finding(
                loaded,
                "HFT-X66",
                ("services", name, "expose"),
                f"cluster {site.name} has no addresses for Services of type LoadBalancer",
                f"say clusters.{site.name}.metal.balancers, or waive this where somebody else gives them",
            )


def _find_missing_disks(loaded: Loaded, site: Site, disks: Stock) -> Iterator[Finding]:
    for (pool, kind), claims in sorted(_count_claims(site).items()):
        found = disks[pool, kind]
        if claims > found:
            yield make_finding(
                loaded,
                "HFT-X66",
                ("clusters", site.name, "metal", "hosts"),
                f"{claims} volumes of class {kind} are claimed in pool {pool}, whose hosts have {found} disks for them",
                "say hosts.<name>.disks, or waive this where somebody else makes the volumes",
            )


def _count_disks(metal: Metal) -> Stock:
    hosts = [host for host in metal.hosts.values() if host.pool is not None]
    return Counter((str(host.pool), str(disk.class_)) for host in hosts for disk in host.disks.values())


def _count_claims(site: Site) -> Stock:
    """Those of services; a datastore's operator says by itself what it waits for."""
    claims: Stock = Counter()
    for service in site.services.values():
        found = site.pool(service.pool)
        if found is None or not runs_here(site, service):
            continue
        for claim in list_claims(service).values():
            wanted = str(claim.class_ or VOLUME_CLASS)
            if site.tables.find_disk(site.cluster.cloud, wanted) is not None:
                claims[found[0], wanted] += count_desired(service) if service.workload == "stateful" else 1
    return claims
