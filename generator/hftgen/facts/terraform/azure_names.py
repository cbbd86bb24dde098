"""Names of what Terraform makes on Azure, and the ids that follow from them: root modules find each other by them."""

import hashlib
import re

from hftgen.facts.clouds import find_account
from hftgen.facts.names import name_scoped, tidy
from hftgen.facts.site import Site

# The longest name that has room for our suffixes: of a private endpoint, 64.
BASE = 48
GROUP, NODE_GROUP = 90, 80
IDENTITY = 128
STORAGE = 24
VAULT = 24
SERVER = 60

# The private zones by what needs them; that of databases is each network's own.
ZONES = {
    "blob": "privatelink.blob.core.windows.net",
    "redis": "privatelink.redis.azure.net",
    "registry": "privatelink.azurecr.io",
    "vault": "privatelink.vaultcore.azure.net",
}


def name_base(site: Site, cluster: str | None = None) -> str:
    """What the names of a cluster's resources begin with."""
    return tidy(name_scoped(site.project, site.environment.environment, cluster or site.name), BASE)


def name_environment(site: Site) -> str:
    """What the names of that begin with which belongs to no cluster."""
    return tidy(name_scoped(site.project, site.environment.environment), BASE)


def name_trust(site: Site) -> str:
    """What the names of CI's identities and roles begin with: a role's name is unique among all subscriptions."""
    return f"{name_environment(site)}-{_digest(site, 'trust', 6)}"


def name_group(site: Site, root: str, cluster: str | None = None) -> str:
    """The resource group of a root module of a cluster; `root` may be `nodes`, the group that AKS makes itself."""
    name = name_scoped(site.project, site.environment.environment, f"{cluster or site.name}-{root}")
    return tidy(name, NODE_GROUP)


def name_shared_group(site: Site, purpose: str = "shared") -> str:
    """A resource group of the environment: `shared` or `trust`."""
    return tidy(name_scoped(site.project, site.environment.environment, purpose), GROUP)


def name_registry_group(site: Site) -> str:
    """The resource group of the registry; as that of the zone, the same for all environments of the project."""
    return f"{site.project}-registry"


def name_zone_group(site: Site) -> str:
    """The resource group of the public zone."""
    dns = site.environment.dns
    return str(dns.resourceGroup) if dns is not None and dns.resourceGroup else f"{site.project}-dns"


def name_storage(site: Site, purpose: str) -> str:
    """A storage account: its name is unique in all of Azure."""
    letters = re.sub(r"[^a-z0-9]", "", name_environment(site))
    return f"{letters[: STORAGE - 10]}{_digest(site, purpose, 10)}"


def name_keys_vault(site: Site, purpose: str) -> str:
    """A vault of keys: its name is unique in all of Azure."""
    name = re.sub(r"-{2,}", "-", name_environment(site))[: VAULT - 9].rstrip("-")
    return f"{name}-{_digest(site, purpose, 8)}"


def name_server(site: Site, store: str, cluster: str | None = None) -> str:
    """A managed database or cache: its name is unique in all of Azure."""
    cluster = cluster or site.name
    name = name_scoped(site.project, site.environment.environment, f"{cluster}-{store}")
    return f"{tidy(name, SERVER - 7)}-{_digest(site, f'{cluster}/{store}', 6)}"


def name_identity(site: Site, account: str, *, own: bool = False) -> str:
    """The identity of a service account; `own`: this cluster's own beside the one that other clusters share."""
    name = name_scoped(site.project, site.environment.environment, account)
    return tidy(f"{name}-{site.name}" if own else name, IDENTITY)


def find_group(site: Site, name: str) -> str:
    """The id of a resource group in the cluster's subscription."""
    return f"/subscriptions/{site.cluster.account}/resourceGroups/{name}"


def find_resource(site: Site, group: str, kind: str) -> str:
    """The id of a resource; `kind` such as `Microsoft.Network/virtualNetworks/name`."""
    return f"{find_group(site, group)}/providers/{kind}"


def find_subnet(site: Site, subnet: str) -> str:
    """The id of a subnet of the cluster's network."""
    network = f"Microsoft.Network/virtualNetworks/{name_base(site)}/subnets/{subnet}"
    return find_resource(site, name_group(site, "network"), network)


def list_zones(site: Site, *, databases: bool, registry: bool) -> dict[str, str]:
    """The private zones of the cluster's network by what needs them."""
    zones = {name: zone for name, zone in ZONES.items() if registry or name != "registry"}
    return zones | ({"postgres": name_database_zone(site)} if databases else {})


def name_database_zone(site: Site, cluster: str | None = None) -> str:
    """The private zone of databases in a cluster's network."""
    return f"{name_base(site, cluster)}.postgres.database.azure.com"


def find_zone(site: Site, zone: str) -> str:
    """The id of a private zone of the cluster's network."""
    return find_resource(site, name_group(site, "network"), f"Microsoft.Network/privateDnsZones/{zone}")


def _digest(site: Site, purpose: str, length: int) -> str:
    said = [find_account(site, "azure"), site.project, site.environment.environment, purpose]
    return hashlib.sha256("/".join(map(str, said)).encode()).hexdigest()[:length]
