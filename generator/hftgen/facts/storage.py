"""Storage classes: `fast` and `standard` mean the same on every cloud; any other name is a class of the cluster."""

from collections.abc import Iterator

from hftgen.facts.configuration import KEPT
from hftgen.facts.names import name_scoped
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.facts.volumes import list_claims
from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.units import Memory
from hftgen.tables import Disk

# A datastore's disk, where the spec names no class.
DATASTORE_CLASS = "fast"

# A volume's, where the spec names none.
VOLUME_CLASS = "standard"

GI = 2**30

# In the names of classes whose disks outlive their claims, and whose disks are not encrypted by our wish.
RETAINED, PLAIN = "retained", "plain"

# Azure's disks that only some machines take.
ULTRA = "UltraSSD_LRS"

# Makes no disks: it only holds pods back until they have a node with one.
LOCAL = "kubernetes.io/no-provisioner"


def name_class(site: Site, wanted: str | None, pool: str | None) -> str:
    """The StorageClass that a volume of this class asks for here, on the machines of a pool."""
    wanted = wanted or VOLUME_CLASS
    disk = _find_disk(site, wanted, pool)
    if disk is None or disk.existing:
        return disk.existing if disk is not None else wanted
    kinds = [disk.name, RETAINED if _is_retained(site) else "", "" if site.is_encrypted else PLAIN]
    return name_scoped(site.project, site.environment.environment, "-".join(kind for kind in kinds if kind))


def describe_disk(site: Site, size: Memory, wanted: str | None, pool: str | None) -> Facts:
    """`{size, class}` of a claim: the size said, or that of the smallest disk which the cloud makes of its class."""
    disk = _find_disk(site, wanted or VOLUME_CLASS, pool)
    enough = disk is None or disk.smallest <= size.bytes
    return {
        "size": str(size) if disk is None or enough else f"{disk.smallest // GI}Gi",
        "class": name_class(site, wanted, pool),
    }


def describe_classes(site: Site) -> Iterator[Record]:
    """The storage classes that this cluster's services and datastores use, where we make them.

    All that a class says is immutable, so that what a spec may change stands in the name, the same on each cloud. A
    class that is not used any more stays: disks of it cannot grow without.
    """
    wishes = {name_class(site, *wish): _find_disk(site, *wish) for wish in _list_wishes(site)}
    for name, disk in sorted(wishes.items()):
        if disk is not None and not disk.existing:
            yield describe(site, "StorageClass", name, "platform", annotations=KEPT, **_describe(site, disk))


def needs_ultra(site: Site, pool: str) -> bool:
    """Whether pods of a pool claim Azure's Ultra Disks, to which its machines must be opened."""
    found = [(site.pool(named), _find_disk(site, wanted, named)) for wanted, named in _list_wishes(site)]
    disks = [disk for place, disk in found if place is not None and place[0] == pool and disk is not None]
    return any(disk.parameters.get("skuName") == ULTRA for disk in disks)


def list_classes(site: Site) -> list[str]:
    """The storage classes that claims of this cluster's services and datastores ask for."""
    return sorted({name_class(site, *wish) for wish in _list_wishes(site)})


def _find_disk(site: Site, wanted: str, pool: str | None) -> Disk | None:
    found = site.pool(pool)
    return site.tables.find_disk(site.cluster.cloud, wanted, str(found[1].machine) if found is not None else None)


def _describe(site: Site, disk: Disk) -> Facts:
    # The other clouds encrypt every disk.
    encryption = {"encrypted": "true"} if site.is_encrypted and site.cluster.cloud == "aws" else {}
    return {
        "provisioner": disk.provisioner,
        "parameters": {**disk.parameters, **encryption},
        "grows": disk.provisioner != LOCAL,
        "reclaim": "Retain" if _is_retained(site) else None,
    }


def _is_retained(site: Site) -> bool:
    """What a trading system wrote is deleted by a person, not with a claim."""
    return site.environment.tier == "production"


def _list_wishes(site: Site) -> Iterator[tuple[str, str | None]]:
    """Class and pool of each claim."""
    for service in site.services.values():
        for claim in list_claims(service).values():
            yield claim.class_ or VOLUME_CLASS, service.pool
    for store in site.environment.datastores.values():
        if isinstance(store, ClusterDatastore) and store.storage is not None:
            yield store.class_ or DATASTORE_CLASS, store.pool
