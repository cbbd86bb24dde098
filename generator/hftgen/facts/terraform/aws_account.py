"""Variables of the AWS modules `trust` and `shared`: what an account has once for all clusters of the environment."""

import re
from collections.abc import Iterator, Sequence

from hftgen.facts.clouds import find_partition
from hftgen.facts.images import split_image
from hftgen.facts.pipelines.tools import OWN, find_own
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_names import name_cluster, name_prefix
from hftgen.facts.terraform.aws_regions import find_offsite
from hftgen.facts.terraform.aws_roles import derive_roles
from hftgen.facts.terraform.aws_stores import (
    find_zone,
    list_managed,
    list_regions,
    name_credentials,
)
from hftgen.facts.terraform.common import name_key, owns_accounts
from hftgen.facts.terraform.trust import list_trusted
from hftgen.spec.rules.scope import list_containers

# What AWS' token service wants to read in a token; pipelines ask for it.
AUDIENCE = "sts.amazonaws.com"

# ECR's hosts say the account and the region.
ECR = re.compile(r"(?P<account>[0-9]{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|on\.aws)")

# Images that no tag names: a release by digest may still be on its way.
KEEP_UNTAGGED = 14

# The tag by which the environment's costs are told from others'.
COST_TAG = "environment"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
CURRENCIES = {"aws-cn": "CNY"}


def derive_trust(sites: Sequence[Site]) -> Facts | None:
    """Variables of `trust` for one account, or None where CI is not trusted. `sites`: its clusters, a primary first."""
    site, ci = sites[0], sites[0].environment.ci
    if ci is None or ci.oidc is None:
        return None
    registry = _find_registry(site)
    trusted = list_trusted(ci.oidc, pushes=registry is not None)
    return {
        **_describe_account(sites),
        "regions": _list_work_regions(sites, registry),
        "oidc": {
            "issuer": str(ci.oidc.issuer).rstrip("/"),
            "audience": AUDIENCE,
            "create": owns_accounts(site),
            **{f"{verb}_subjects": subjects for verb, subjects in trusted.items()},
        },
        "states": [{"bucket": bucket, "prefix": name_key(site, "").rstrip("/")} for bucket in _list_buckets(sites)],
        "role_patterns": _list_role_patterns(sites),
        "bucket_patterns": [f"{name_cluster(each)}-backups-*" for each in sites],
        "secrets": _list_credentials(site),
        "repositories": registry,
    }


def derive_shared(sites: Sequence[Site]) -> Facts | None:
    """Variables of `shared` for one account. `sites`: its clusters, a primary first."""
    site = sites[0]
    owns = owns_accounts(site)
    names = _list_repositories(site)
    registry = _find_registry(site)
    prefix = _describe_account(sites)
    return {
        "prefix": prefix["prefix"],
        "account": prefix["account"],
        "regions": list_regions(sites) if owns and site.is_encrypted else [],
        "zone": find_zone(site) if owns else None,
        "repositories": {"region": registry["region"], "names": names, "keep_untagged_days": KEEP_UNTAGGED}
        if registry and names and owns
        else None,
        "budget": _describe_budget(site),
        "budget_tag": f"user:{COST_TAG}${site.environment.environment}",
    }


def has_budget_currency(site: Site) -> bool:
    """Whether AWS counts budgets in the currency of the spec's."""
    cost = site.environment.cost
    return cost is None or str(cost.currency) == CURRENCIES.get(find_partition(site.cluster.region), "USD")


def _describe_account(sites: Sequence[Site]) -> Facts:
    site = sites[0]
    return {
        "prefix": name_prefix(site),
        "account": str(site.cluster.account),
        "partition": find_partition(site.cluster.region),
    }


def _list_work_regions(sites: Sequence[Site], registry: Facts | None) -> list[str]:
    """The clusters' regions, the registry's, those of copies, and that of what AWS has in one place."""
    copies = [region for site in sites if (region := find_offsite(site)) is not None]
    return sorted({*list_regions(sites), *copies, *([registry["region"]] if registry else [])})


def _list_buckets(sites: Sequence[Site]) -> list[str]:
    return sorted({str(site.cluster.state.bucket) for site in sites if site.cluster.state is not None})


def _list_role_patterns(sites: Sequence[Site]) -> list[str]:
    """The names of the roles that the root modules make."""
    every = [role for site in sites for role in derive_roles(site, sites)["roles"].items()]
    return sorted(
        {*(f"{name_cluster(site)}-*" for site in sites), *(f"{role['path'][1:]}{name}" for name, role in every)}
    )


def _find_registry(site: Site) -> Facts | None:
    """`{prefix, region}` of the images' registry where it is this account's."""
    ci = site.environment.ci
    if ci is None or ci.registry is None:
        return None
    host, _, prefix = str(ci.registry).partition("/")
    found = ECR.fullmatch(host)
    if found is None or found["account"] != site.cluster.account:
        return None
    return {"prefix": prefix, "region": found["region"]}


def _list_repositories(site: Site) -> list[str]:
    """The repositories of images that lie below the registry, by name: the services' own, and those of pipelines."""
    ci = site.environment.ci
    registry = str(ci.registry) if ci is not None and ci.registry is not None else ""
    images = {split_image(image)["repository"] for image in _list_images(site)}
    return sorted(image.partition("/")[2] for image in images if image.startswith(f"{registry}/"))


def _list_images(site: Site) -> Iterator[str]:
    ci, build = site.environment.ci, site.environment.build
    for service in site.environment.services.values():
        yield from (str(container.image) for _, container in list_containers(service))
        variants = getattr(service.release, "variants", None) or {}
        yield from (str(variant.image) for variant in variants.values() if variant.image is not None)
    if ci is not None:
        yield from filter(None, (find_own(ci, name) for name in OWN if name != "builder" or build is not None))


def _list_credentials(site: Site) -> list[str]:
    return [name_credentials(site, name) for name, _ in list_managed(site)]


def _describe_budget(site: Site) -> Facts | None:
    cost, owner = site.environment.cost, site.environment.owner
    if cost is None or not cost.monthlyBudget or not has_budget_currency(site):
        return None
    contact = str(owner.contact) if owner is not None else ""
    return {
        "amount": float(cost.monthlyBudget),
        "currency": str(cost.currency),
        "alert_at": sorted(float(str(share).rstrip("%")) for share in cost.alertAt),
        "emails": [contact] if EMAIL.fullmatch(contact) else [],
    }
