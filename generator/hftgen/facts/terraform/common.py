"""What the modules of all clouds are told alike, in Terraform's names; what a spec does not say is null."""

from collections.abc import Sequence
from typing import NamedTuple

from hftgen.facts.maintenance import Maintenance
from hftgen.facts.site import Site


class Surroundings(NamedTuple):
    """What a cluster's root modules must know besides their own site.

    The environment on all its clusters, and when the cloud may change machines (None: whenever it likes).
    """

    sites: Sequence[Site]
    maintenance: Maintenance | None


def owns_accounts(site: Site) -> bool:
    """Whether this environment makes what an account has once: CI's OIDC provider, the DNS zone, image repositories."""
    terraform = site.environment.terraform
    return terraform is not None and terraform.ownsAccounts


def list_tags(site: Site) -> dict[str, str]:
    """What every resource carries; keys and values are what the clouds' tags and labels all admit."""
    return {"project": site.project, "environment": site.environment.environment, "managed-by": "hftgen"}


def name_key(site: Site, root: str) -> str:
    """Where a root module's state lies in the bucket; `root` is `shared`, or `<cluster>/network` and the like."""
    return f"{site.project}/{site.environment.environment}/{root}"


def escape(text: str) -> str:
    """Text as a literal of a `.tf.json` file, where strings are templates."""
    return text.replace("${", "$${").replace("%{", "%%{")
