"""What Azure makes up, or knows by ids alone, and Terraform cannot ask it for."""

from collections.abc import Iterator

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.certificates import MANAGER
from hftgen.facts.secrets import READER
from hftgen.facts.site import Site
from hftgen.facts.terraform.azure_accounts import list_accounts, list_admins
from hftgen.facts.terraform.roots import is_provisioned
from hftgen.spec.load import Loaded


def find_unknown_admins(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X60: an administrator of AKS by a name, which AKS does not know; without any group nobody gets in."""
    for site in _list_sites(loaded):
        ids, names = list_admins(site)
        if names:
            yield make_finding(
                loaded,
                "HFT-X60",
                ("clusters", site.name, "access", "admins"),
                f"AKS knows groups by their object ids: {', '.join(names)} will have no rights",
                "say the ids (az ad group show --group NAME --query id), or give the group the role Azure Kubernetes "
                "Service RBAC Cluster Admin on the cluster by hand",
            )
        elif not ids:
            yield make_finding(
                loaded,
                "HFT-X60",
                ("clusters", site.name),
                "nobody administers it: AKS is made without local accounts",
                f"say clusters.{site.name}.access.admins: object ids of Entra groups",
            )


def find_unknown_identities(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X61: a client id of zeros stands for one that Azure has not made up yet."""
    unknown = {each.account for site in _list_sites(loaded) for each in list_accounts(site) if not each.client_id}
    if unknown:
        first = min(unknown)
        places = {READER: ("secrets", "identity"), MANAGER: ("dns", "identity")}
        yield make_finding(
            loaded,
            "HFT-X61",
            places.get(first, ("services", first, "identity")),
            f"pods log in to Azure as nobody: the client id of {', '.join(sorted(unknown))} is all zeros",
            "apply the root module shared, and write its output client_ids into the spec",
        )


def _list_sites(loaded: Loaded) -> list[Site]:
    """The environment on its clusters that Terraform makes on Azure."""
    return [site for site in list_sites(loaded) if site.cluster.cloud == "azure" and is_provisioned(site)]
