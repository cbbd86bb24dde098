"""What Terraform tells Azure: names that Azure takes, groups and connections by their ids, limits of its services."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.ci import Ci
from hftgen.spec.cluster import Cluster, State
from hftgen.spec.rules.scope import Path
from hftgen.spec.rules.violation import Violation
from hftgen.spec.visible import visible

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

REGION = re.compile(r"[a-z][a-z0-9]+")
# Sovereign clouds have other addresses, logins and names of services.
ELSEWHERE = re.compile(r"(usgov|usdod|china).*")
# Regions that have no second one of their own, to which copies could go.
UNPAIRED = frozenset(
    (
        "austriaeast", "belgiumcentral", "chilecentral", "indonesiacentral", "israelcentral", "italynorth",
        "malaysiawest", "mexicocentral", "newzealandnorth", "polandcentral", "qatarcentral", "spaincentral",
    )
)  # fmt: skip
CONTAINER = re.compile(r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*")
STORAGE_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
RESOURCE_GROUP = re.compile(r"[-\w.()]{0,89}[-\w()]", re.ASCII)
# What a connection is on Azure, by its kind, and a name of one.
CONNECTIONS = {"expressRoute": "expressRouteCircuits", "vpn": "localNetworkGateways"}
CONNECTION = re.compile(r"[A-Za-z0-9]([-.\w]{0,78}\w)?", re.ASCII)
# Budgets of Azure tell at five shares, identities trust twenty subjects.
SHARES, SUBJECTS = 5, 20


def name_regions_as_azure(loaded: "Loaded") -> Iterator[Violation]:
    """A region of Azure is written as Azure's API writes it, and lies in the public cloud."""
    for path, cluster in _list_clusters(loaded):
        region = str(cluster.region)
        if cluster.region is None:
            continue
        if not REGION.fullmatch(region):
            tame = re.sub(r"[^a-z0-9]", "", region.lower())
            hint = f"{tame} would do" if REGION.fullmatch(tame) else ""
            yield Violation((*path, "region"), "is no region as Azure writes it", visible(region), "westeurope", hint)
        elif ELSEWHERE.fullmatch(region):
            message = "lies in a sovereign cloud, whose services have other addresses than those that are rendered"
            yield Violation((*path, "region"), message, region, "a region of Azure's public cloud")


def name_states_as_azure(loaded: "Loaded") -> Iterator[Violation]:
    """The container, the storage account and the group of a state have names that Azure takes."""
    forms = {
        "bucket": (CONTAINER, "a container", "3 to 63 lower-case letters, digits and single '-'"),
        "storageAccount": (STORAGE_ACCOUNT, "a storage account", "3 to 24 lower-case letters and digits"),
        "resourceGroup": (RESOURCE_GROUP, "a resource group", "at most 90 letters, digits, '-', '_', '.', '(' and ')'"),
    }
    for path, cluster in _list_clusters(loaded):
        for field, (form, what, expected) in forms.items():
            said = getattr(cluster.state, field, None)
            if said is not None and not form.fullmatch(said):
                found = visible(str(said))
                yield Violation((*path, "state", field), f"is no name that Azure takes for {what}", found, expected)


def find_storage_account(state: State) -> str | None:
    """The storage account that a state says: by its field, else by a bucket that could be one; None for neither."""
    said = state.storageAccount or state.bucket
    return str(said) if STORAGE_ACCOUNT.fullmatch(said) else None


def share_states_wholly(loaded: "Loaded") -> Iterator[Violation]:
    """Clusters that share a storage account or its group share all of `state`: each is made once."""
    seen: dict[tuple[str, str], tuple[str, Cluster]] = {}
    for path, cluster in _list_clusters(loaded):
        if cluster.state is None:
            continue
        group = str(cluster.state.resourceGroup).lower() if cluster.state.resourceGroup else None
        field = "storageAccount" if cluster.state.storageAccount else "bucket"
        for key, said in ((field, find_storage_account(cluster.state)), ("resourceGroup", group)):
            if said is None:
                continue
            first, other = seen.setdefault((key, said), (str(path[1]), cluster))
            if (other.state, other.account) != (cluster.state, cluster.account):
                message = f"is cluster {first}'s too, whose state says something else beside it: it would be made twice"
                yield Violation((*path, "state", key), message, said, f"the same state and account, or another {key}")


def admit_by_ipv4(loaded: "Loaded") -> Iterator[Violation]:
    """Networks that reach the API server of AKS are of IPv4."""
    for path, cluster in _list_clusters(loaded):
        for index, cidr in enumerate(cluster.access.cidrs if cluster.access is not None else ()):
            if cidr.network.version != 4:
                yield Violation(
                    (*path, "access", "cidrs", index), "AKS admits IPv4 alone", str(cidr), "a range of IPv4"
                )


def name_connections_as_azure(loaded: "Loaded") -> Iterator[Violation]:
    """A connection on Azure is a circuit or a local network gateway of the cluster's subscription, by name or by id."""
    for path, cluster in _list_clusters(loaded):
        for index, item in enumerate(cluster.network.connect if cluster.network is not None else ()):
            kind, where = CONNECTIONS.get(item.kind), (*path, "network", "connect", index, "id")
            if kind is None or CONNECTION.fullmatch(item.id):
                continue
            form = rf"/subscriptions/([^/]+)/resourceGroups/[^/]+/providers/Microsoft\.Network/{kind}/[^/]+"
            found = re.fullmatch(form, item.id, re.IGNORECASE)
            if found is None:
                expected = f"/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/{kind}/<name>"
                hint = "or a name alone, of what lies in the resource group of the cluster's network"
                message = f"is neither a name nor an id of Azure's {kind}"
                yield Violation(where, message, visible(str(item.id)), expected, hint)
            elif cluster.account is not None and found[1].lower() != cluster.account.lower():
                message = "lies in another subscription: the key that it asks for would lie in Terraform's state"
                yield Violation(where, message, found[1], f"one of subscription {cluster.account}")


def trust_as_entra_does(loaded: "Loaded") -> Iterator[Violation]:
    """Entra compares subjects letter by letter, and an identity trusts twenty of them."""
    ci = loaded.environment.ci
    if ci is None or ci.oidc is None or not any(_list_clusters(loaded)):
        return
    said = [each for each in ci.oidc.list_said() if each[0] != "subjects" or _uses_subjects(ci)]
    for name, index, subject in said:
        if "*" in subject:
            message = "Entra knows no patterns: no job would ever have this subject"
            hint = "docs/ci.md says how a merge request gets a whole one on GitLab"
            yield Violation(("ci", "oidc", name, index), message, visible(subject), "a subject without '*'", hint)
    for name, count in Counter(name for name, _, _ in said).items():
        if count > SUBJECTS:
            message = "an identity on Azure trusts so many subjects at most"
            yield Violation(("ci", "oidc", name), message, str(count), f"{SUBJECTS} or fewer")


def _uses_subjects(ci: Ci) -> bool:
    """Whether an identity on Azure trusts who pushes images."""
    assert ci.oidc is not None  # noqa: S101
    return ci.oidc.plan is None or ci.oidc.apply is None or ".azurecr.io" in str(ci.registry)


def tell_five_times(loaded: "Loaded") -> Iterator[Violation]:
    """A budget on Azure tells at five shares at most."""
    cost = loaded.environment.cost
    if cost is not None and len(cost.alertAt) > SHARES and any(_list_clusters(loaded)):
        message, found = "a budget on Azure tells at so many shares at most", str(len(cost.alertAt))
        yield Violation(("cost", "alertAt"), message, found, f"{SHARES} or fewer")


def copy_to_a_pair(loaded: "Loaded") -> Iterator[Violation]:
    """Backups go offsite where the region has a second one to which Azure copies."""
    recovery = loaded.environment.recovery
    if recovery is None or recovery.backups is None or not recovery.backups.offsite:
        return
    for path, cluster in _list_clusters(loaded):
        if cluster.region in UNPAIRED:
            message = "has no second region to which Azure copies, and recovery.backups.offsite asks for it"
            yield Violation(
                (*path, "region"), message, str(cluster.region), "a region with a pair", "or offsite: false"
            )


def _list_clusters(loaded: "Loaded") -> Iterator[tuple[Path, Cluster]]:
    """The clusters that Terraform makes on Azure, with their paths."""
    if loaded.environment.terraform is None:
        return
    for name, cluster in sorted(loaded.environment.clusters.items()):
        if cluster.cloud == "azure":
            yield ("clusters", name), cluster
