"""Datastores that promise more than they keep."""

from collections.abc import Iterator

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.replication import find_address, is_present
from hftgen.spec.datastore import ClusterDatastore, ManagedDatastore
from hftgen.spec.load import Loaded


def find_moving_images(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X32: in production a datastore without an image of its own runs what a tag means that day."""
    if loaded.environment.tier != "production":
        return
    for name, store in sorted(loaded.environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and store.image is None:
            yield make_finding(
                loaded,
                "HFT-X32",
                ("datastores", name),
                "its image is the engine's usual one by a tag, which can be moved to other bytes",
                f"say datastores.{name}.image with a tag and a digest",
            )


def find_absent_copies(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X33: a standby without the data that its services need after a failover."""
    for name, store in sorted(loaded.environment.datastores.items()):
        without = [site.name for site in list_sites(loaded) if not is_present(site, str(name), store)]
        if without:
            hint = (
                "say recovery.replication: continuous"
                if store.engine == "postgres"
                else "place it where it is replicated (placement: managed), or accept that it starts anew"
            )
            yield make_finding(
                loaded,
                "HFT-X33",
                ("datastores", name),
                f"nothing follows it on {', '.join(without)}: it is absent there, services that call it are not ready, "
                "and a failover begins with a restore",
                hint,
            )


def find_unknown_addresses(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X34: the cloud names a managed datastore when it is made, and no manifest may need that name."""
    for name, store in sorted(loaded.environment.datastores.items()):
        if not isinstance(store, ManagedDatastore):
            continue
        unknown = [site.name for site in list_sites(loaded) if find_address(site, str(name), store) is None]
        if unknown:
            yield make_finding(
                loaded,
                "HFT-X34",
                ("datastores", name),
                f"nobody says where it answers on {', '.join(unknown)}: the name {name} leads nowhere there",
                f"say dns.zone, where it has a name of its own, or datastores.{name}.addresses",
            )
