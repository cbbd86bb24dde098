"""What the Google Cloud modules (templates/terraform/modules/gcp/) are told: exactly the variables of each."""

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.common import escape, list_tags, name_key
from hftgen.facts.terraform.gcp_account import derive_shared, derive_state, derive_trust
from hftgen.facts.terraform.gcp_cluster import derive_cluster
from hftgen.facts.terraform.gcp_data import derive_data
from hftgen.facts.terraform.gcp_network import derive_network

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
    """The provider's arguments. A login is nobody's of one project: each resource says the project itself."""
    return {
        "project": escape(str(site.cluster.account)),
        "region": escape(str(site.cluster.region)),
        "default_labels": list_tags(site),
    }


def derive_backend(site: Site, root: str) -> Facts:
    """The backend of a root module; `root` as in common.name_key. It locks by itself; the bucket encrypts."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {"gcs": {"bucket": escape(str(state.bucket)), "prefix": name_key(site, root)}}
