"""What the Azure modules (templates/terraform/modules/azure/) are told: exactly the variables of each."""

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.azure_cluster import derive_cluster
from hftgen.facts.terraform.azure_data import derive_data
from hftgen.facts.terraform.azure_network import derive_network
from hftgen.facts.terraform.azure_shared import derive_shared, derive_state, derive_trust, find_state
from hftgen.facts.terraform.common import escape, name_key

__all__ = [
    "derive_backend",
    "derive_cluster",
    "derive_data",
    "derive_network",
    "derive_provider",
    "derive_shared",
    "derive_state",
    "derive_trust",
]


def derive_provider(site: Site) -> Facts:
    """The provider's arguments. It has no default tags: each module has the variable `tags`."""
    features = {
        # A group that still holds something is not deleted with it; what was deleted can be brought back.
        "resource_group": [{"prevent_deletion_if_contains_resources": True}],
        "key_vault": [{"purge_soft_delete_on_destroy": False, "recover_soft_deleted_key_vaults": True}],
    }
    return {
        # Whoever applies has no right on the subscription: providers of resources are registered by hand, once.
        "resource_provider_registrations": "none",
        "features": [features],
        "subscription_id": str(site.cluster.account),
        "storage_use_azuread": True,
    }


def derive_backend(site: Site, root: str) -> Facts:
    """The backend of a root module; `root` as in common.name_key. A lease of the blob is its lock."""
    account, container, _ = find_state(site)
    return {
        "azurerm": {
            "subscription_id": str(site.cluster.account),
            "storage_account_name": escape(account),
            "container_name": escape(container),
            "key": f"{name_key(site, root)}/terraform.tfstate",
            "use_azuread_auth": True,
        }
    }
