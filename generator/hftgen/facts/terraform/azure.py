"""What the Azure modules (templates/terraform/modules/azure/) are told: exactly the variables of each."""

from collections.abc import Sequence

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.common import (
    Surroundings,
    describe_cluster,
    describe_data,
    describe_network,
    describe_place,
    escape,
    list_tags,
    name_key,
)


def derive_provider(site: Site) -> Facts:
    """The provider's arguments. It has no default tags: each module has the variable `tags`."""
    return {
        "features": [{}],
        "subscription_id": str(site.cluster.account),
        "storage_use_azuread": True,
    }


def derive_backend(site: Site, root: str) -> Facts:
    """The backend of a root module; `root` as in common.name_key. A lease of the blob is its lock."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {
        "azurerm": {
            "subscription_id": str(site.cluster.account),
            "storage_account_name": escape(str(state.storageAccount or state.bucket)),
            "container_name": escape(str(state.bucket)),
            "key": f"{name_key(site, root)}/terraform.tfstate",
            "use_azuread_auth": True,
        }
    }


def derive_state(site: Site) -> Facts:
    """Variables of `state`: the storage account and the container that hold the other root modules' states."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {
        "project": site.project,
        "environment": site.environment.environment,
        "storage_account": state.storageAccount or state.bucket,
        "container": state.bucket,
        "resource_group": state.resourceGroup or f"{site.project}-{site.environment.environment}-tfstate",
        "region": state.region or site.cluster.region,
        "tags": list_tags(site),
    }


def derive_trust(sites: Sequence[Site]) -> Facts | None:  # noqa: ARG001  until the module exists
    """Variables of `trust` for one account, or None where CI is not trusted. `sites`: its clusters, a primary first."""
    return None


def derive_shared(sites: Sequence[Site]) -> Facts | None:  # noqa: ARG001  until the module exists
    """Variables of `shared` for one account, or None where the spec asks for nothing. `sites` as for `trust`."""
    return None


def derive_network(site: Site) -> Facts:
    """Variables of `network`."""
    return describe_place(site) | describe_network(site) | {"tags": list_tags(site)}


def derive_cluster(site: Site, around: Surroundings) -> Facts:  # noqa: ARG001  until the module exists
    """Variables of `cluster`."""
    return describe_place(site) | describe_cluster(site) | {"tags": list_tags(site)}


def derive_data(site: Site, around: Surroundings) -> Facts:  # noqa: ARG001  until the module exists
    """Variables of `data`."""
    return describe_place(site) | describe_data(site) | {"tags": list_tags(site)}
