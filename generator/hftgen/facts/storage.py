"""Storage classes: `fast` and `standard` mean the same on every cloud; any other name is a class of the cluster."""

from collections.abc import Iterable, Iterator

from hftgen.facts.names import name_scoped
from hftgen.facts.record import Record, describe
from hftgen.facts.site import Site
from hftgen.facts.volumes import list_claims
from hftgen.spec.datastore import ClusterDatastore

PROVISIONERS: dict[str, str] = {
    "aws": "ebs.csi.aws.com",
    "gcp": "pd.csi.storage.gke.io",
    "azure": "disk.csi.azure.com",
}

PARAMETERS: dict[tuple[str, str], dict[str, str]] = {
    ("aws", "standard"): {"type": "gp3"},
    ("aws", "fast"): {"type": "io2", "iopsPerGB": "50", "allowAutoIOPSPerGBIncrease": "true"},
    ("gcp", "standard"): {"type": "pd-balanced"},
    ("gcp", "fast"): {"type": "pd-ssd"},
    ("azure", "standard"): {"skuName": "StandardSSD_LRS"},
    ("azure", "fast"): {"skuName": "Premium_LRS"},
}

# A datastore's disk, where the spec names no class.
DATASTORE_CLASS = "fast"

# What `kind create cluster` brings along.
KIND_CLASS = "standard"


def name_class(site: Site, wanted: str | None) -> str:
    """The StorageClass that a volume of this class asks for here."""
    wanted = wanted or "standard"
    if (site.cluster.cloud, wanted) in PARAMETERS:
        return name_scoped(site.project, site.environment.environment, wanted)
    return KIND_CLASS if site.cluster.cloud == "kind" and wanted in ("fast", "standard") else wanted


def describe_classes(site: Site) -> Iterator[Record]:
    """The storage classes that this cluster's services and datastores use, where we make them."""
    for wanted in sorted(set(_list_wanted(site))):
        if (site.cluster.cloud, wanted) in PARAMETERS:
            yield _describe_class(site, wanted)


def _describe_class(site: Site, wanted: str) -> Record:
    cloud = site.cluster.cloud
    # The other clouds encrypt every disk.
    encryption = {"encrypted": "true"} if site.is_encrypted and cloud == "aws" else {}
    return describe(
        site,
        "StorageClass",
        name_class(site, wanted),
        "platform",
        provisioner=PROVISIONERS[cloud],
        parameters=PARAMETERS[cloud, wanted] | encryption,
        # What a trading system wrote is deleted by a person, not with a claim.
        reclaim="Retain" if site.environment.tier == "production" else None,
    )


def _list_wanted(site: Site) -> Iterable[str]:
    for service in site.services.values():
        yield from (claim.class_ or "standard" for claim in list_claims(service).values())
    for store in site.environment.datastores.values():
        if isinstance(store, ClusterDatastore) and store.storage is not None:
            yield store.class_ or DATASTORE_CLASS
