"""How a person reaches a cluster that Terraform has made: the commands of its cloud."""

from hftgen.facts.record import Facts
from hftgen.facts.site import Site


def describe_login(site: Site, variables: Facts) -> Facts:
    """`{commands, private}`; `variables` are those of its root module `cluster`.

    `private`: it has an address that only private networks reach.
    """
    return {
        "commands": _COMMANDS[site.cluster.cloud](site, variables),
        "private": not variables[_PUBLIC[site.cluster.cloud]],
    }


def _log_in_to_aws(site: Site, variables: Facts) -> list[str]:
    return [f"aws eks update-kubeconfig --region {site.cluster.region} --name {variables['name']}"]


def _log_in_to_gcp(site: Site, variables: Facts) -> list[str]:
    place = f"--project {site.cluster.account} --location {site.cluster.region}"
    inside = "" if variables["public_endpoint"] else " --internal-ip"
    return [f"gcloud container clusters get-credentials {variables['name']} {place}{inside}"]


def _log_in_to_azure(site: Site, variables: Facts) -> list[str]:
    place = f"--subscription {site.cluster.account} --resource-group {variables['resource_group']}"
    return [
        f"az aks get-credentials {place} --name {variables['name']}",
        "kubelogin convert-kubeconfig --login azurecli",  # there are no local accounts
    ]


_COMMANDS = {"aws": _log_in_to_aws, "gcp": _log_in_to_gcp, "azure": _log_in_to_azure}
# The variable that says whether there is a public address.
_PUBLIC = {"aws": "public_access_cidrs", "gcp": "public_endpoint", "azure": "public_access"}
