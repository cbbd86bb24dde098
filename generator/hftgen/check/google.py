"""What Google Cloud knows by another name than the spec says."""

from collections.abc import Iterator

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.terraform.gcp_cluster import list_members
from hftgen.facts.terraform.roots import is_provisioned
from hftgen.spec.load import Loaded


def find_unknown_members(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X58: an administrator by a name that is no address: IAM cannot know whom it means."""
    for site in list_sites(loaded):
        admins = [str(admin) for admin in site.cluster.access.admins] if site.cluster.access is not None else []
        unknown = [admin for admin in admins if not list_members([admin])]
        if site.cluster.cloud == "gcp" and is_provisioned(site) and unknown:
            yield make_finding(
                loaded,
                "HFT-X58",
                ("clusters", site.name, "access", "admins"),
                f"GKE knows people and groups by their addresses: {', '.join(unknown)} will have no rights",
                "say the group's address, such as oncall@example.com, or a member as IAM writes it",
            )
