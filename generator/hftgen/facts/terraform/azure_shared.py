"""What belongs to a subscription on Azure: states, the trust in CI, the zone, the registry, identities, the budget."""

import re
from collections.abc import Sequence

from hftgen.facts.certificates import MANAGER
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.azure_accounts import describe_identities
from hftgen.facts.terraform.azure_names import (
    find_resource,
    name_environment,
    name_group,
    name_identity,
    name_registry_group,
    name_shared_group,
    name_storage,
    name_trust,
    name_zone_group,
)
from hftgen.facts.terraform.common import list_tags, owns_accounts
from hftgen.facts.terraform.trust import list_trusted
from hftgen.spec.cluster import Cluster
from hftgen.spec.rules.azure import find_storage_account

REGISTRY = ".azurecr.io"
ROOTS = ("network", "cluster", "data")
RETENTION_DAYS = 90
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def find_state(site: Site) -> tuple[str, str, str]:
    """Storage account, container and resource group of a cluster's states."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    group = str(state.resourceGroup or name_group(site, "tfstate", _list_same(site)[0][0]))
    return str(find_storage_account(state) or name_storage(site, f"state/{group}")), str(state.bucket), group


def derive_state(site: Site) -> Facts:
    """Variables of `state`; with it the groups of the root modules of all clusters whose states lie there."""
    account, container, group = find_state(site)
    return {
        "location": _find_state_region(site),
        "resource_group": group,
        "resource_groups": _list_groups(site),
        "storage_account": account,
        "containers": [container],
        "replication": "ZRS" if site.cluster.zones else "LRS",
        "allowed_ips": [],
        "retention_days": RETENTION_DAYS,
        "tags": list_tags(site),
    }


def derive_trust(sites: Sequence[Site]) -> Facts | None:
    """Variables of `trust` for one subscription; None where CI is not trusted."""
    first = sites[0]
    ci = first.environment.ci
    if ci is None or ci.oidc is None:
        return None
    pushes = find_registry(first) is not None and owns_accounts(first)
    return {
        "name": name_trust(first),
        "location": str(first.cluster.region),
        "resource_group": name_shared_group(first, "trust"),
        "subscription_id": str(first.cluster.account),
        "issuer": str(ci.oidc.issuer),
        "subjects": list_trusted(ci.oidc, pushes=pushes),
        "resource_groups": sorted({name for site in sites for name in (*_list_groups(site), *_list_common(site))}),
        "state_containers": sorted({_find_container(site) for site in sites}),
        "tags": list_tags(first),
    }


def derive_shared(sites: Sequence[Site]) -> Facts | None:
    """Variables of `shared` for one subscription, a primary's first; None where the spec asks for nothing."""
    first = sites[0]
    made: Facts = {
        "dns_zone": _describe_zone(first),
        "registry": _describe_registry(first),
        "identities": describe_identities(sites),
        "budget": _describe_budget(first),
    }
    if not any(made.values()):
        return None
    trusted = first.environment.ci is not None and first.environment.ci.oidc is not None
    push = {"name": f"{name_trust(first)}-push", "resource_group": name_shared_group(first, "trust")}
    return {
        "name": name_environment(first),
        "location": str(first.cluster.region),
        "resource_group": name_shared_group(first),
        "subscription_id": str(first.cluster.account),
        "zone_writer": _describe_writer(first, made["identities"]),
        "push_identity": push if trusted and made["registry"] is not None else None,
        "tags": list_tags(first),
        **made,
    }


def find_registry(site: Site) -> str | None:
    """The id of the project's registry on Azure, where it lies in the cluster's subscription."""
    name = _name_registry(site)
    if name is None or _find_home(site) != site.cluster.account:
        return None
    return find_resource(site, name_registry_group(site), f"Microsoft.ContainerRegistry/registries/{name}")


def find_zone(site: Site) -> Facts | None:
    """`{name, resource_group, ttl}` of the public zone, where it lies in the cluster's subscription."""
    dns = site.environment.dns
    if dns is None or dns.provider != "azure" or (dns.account or _find_home(site)) != site.cluster.account:
        return None
    return {"name": str(dns.zone), "resource_group": name_zone_group(site), "ttl": dns.ttl.seconds}


def _find_home(site: Site) -> str | None:
    """The subscription of what the environment has once: its first primary cluster's on Azure."""
    return _name_home(site)[1]


def _name_home(site: Site) -> tuple[str, str | None]:
    clusters = [(cluster.role, str(name), cluster) for name, cluster in site.environment.clusters.items()]
    _, name, cluster = min((each for each in clusters if each[2].cloud == "azure"), key=lambda each: each[:2])
    return name, None if cluster.account is None else str(cluster.account)


def _list_groups(site: Site) -> dict[str, str]:
    """The groups of root modules by name, with their regions; the subscription's own with its first cluster."""
    region, same = str(site.cluster.region), _list_same(site)
    groups = {name_group(site, root, name): str(cluster.region) for name, cluster in same for root in ROOTS}
    if any(name == _find_first(site) for name, _ in same):
        groups[name_shared_group(site)] = region
        groups |= dict.fromkeys(_list_common(site) if owns_accounts(site) else (), region)
    return dict(sorted(groups.items()))


def _list_common(site: Site) -> list[str]:
    """The groups of what all environments of the project have together in this subscription."""
    zone = [name_zone_group(site)] if find_zone(site) is not None else []
    return [*zone, *([name_registry_group(site)] if find_registry(site) is not None else [])]


def _list_same(site: Site) -> list[tuple[str, Cluster]]:
    """The clusters whose states lie where this one's do."""
    clusters = sorted((str(name), cluster) for name, cluster in site.environment.clusters.items())
    key = (site.cluster.cloud, site.cluster.account, site.cluster.state)
    return [(name, cluster) for name, cluster in clusters if (cluster.cloud, cluster.account, cluster.state) == key]


def _find_first(site: Site) -> str:
    """The first cluster of the subscription, a primary before standbys."""
    clusters = site.environment.clusters.items()
    same = [(each.role, str(name)) for name, each in clusters if each.account == site.cluster.account]
    return min(same)[1]


def _find_state_region(site: Site) -> str:
    state = site.cluster.state
    return str((state.region if state is not None else None) or site.cluster.region)


def _find_container(site: Site) -> str:
    account, container, group = find_state(site)
    kind = f"Microsoft.Storage/storageAccounts/{account}/blobServices/default/containers/{container}"
    return find_resource(site, group, kind)


def _describe_writer(site: Site, identities: Facts) -> Facts | None:
    """Who proves hosts by records, and in which zone."""
    zone, identity = find_zone(site), name_identity(site, MANAGER)
    if zone is None or identity not in identities:
        return None
    kind = f"Microsoft.Network/dnsZones/{zone['name']}"
    return {"identity": identity, "zone_id": find_resource(site, zone["resource_group"], kind)}


def _describe_zone(site: Site) -> Facts | None:
    zone = find_zone(site) if owns_accounts(site) else None
    return None if zone is None else {"name": zone["name"], "resource_group": zone["resource_group"]}


def _name_registry(site: Site) -> str | None:
    ci = site.environment.ci
    host = str(ci.registry).partition("/")[0] if ci is not None and ci.registry is not None else ""
    return host.removesuffix(REGISTRY) if host.endswith(REGISTRY) else None


def _describe_registry(site: Site) -> Facts | None:
    """The registry, with a copy in each other region of Azure that pulls from it."""
    if find_registry(site) is None or not owns_accounts(site):
        return None
    others = {
        str(cluster.region): {"zone_redundant": bool(cluster.zones)}
        for _, cluster in sorted(site.environment.clusters.items())
        if cluster.cloud == "azure" and cluster.region != site.cluster.region
    }
    return {
        "name": _name_registry(site),
        "resource_group": name_registry_group(site),
        "zone_redundant": bool(site.cluster.zones),
        "replicas": others,
    }


def _describe_budget(site: Site) -> Facts | None:
    """The environment's budget: what Azure costs of it is known in each subscription alone."""
    cost, owner = site.environment.cost, site.environment.owner
    if cost is None:
        return None
    contact = str(owner.contact) if owner is not None and owner.contact else ""
    tags = list_tags(site)
    return {
        "amount": float(cost.monthlyBudget),
        "thresholds": sorted(int(share.removesuffix("%")) for share in cost.alertAt) or [100],
        "emails": [contact] if EMAIL.fullmatch(contact) else [],
        "filter": {key: tags[key] for key in ("environment", "project")},
    }
