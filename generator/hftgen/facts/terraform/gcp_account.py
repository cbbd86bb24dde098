"""Variables of the Google Cloud modules `state`, `trust` and `shared`: what belongs to a project as a whole."""

import re
from collections.abc import Sequence

from hftgen.facts.clouds import find_account
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.common import owns_accounts
from hftgen.facts.terraform.gcp_names import (
    name_ci_account,
    name_identity_pool,
    name_key_ring,
    name_prefix,
    name_zone,
)
from hftgen.facts.terraform.trust import list_trusted

# What the modules use, and who log in to it.
SERVICES = (
    "artifactregistry", "billingbudgets", "cloudbilling", "cloudkms", "cloudresourcemanager", "compute", "container",
    "dns", "iam", "iamcredentials", "logging", "monitoring", "redis", "secretmanager", "servicenetworking", "sqladmin",
    "storage", "sts",
)  # fmt: skip

# Artifact Registry's hosts say the location; project and repository follow.
REGISTRY = re.compile(r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev/(?P<account>[^/]+)/(?P<repository>[^/]+)(/.*)?")

LONGEST_BUDGET = 60


def derive_state(site: Site) -> Facts:
    """Variables of `state`: the bucket that holds the other root modules' states, and the APIs that they use."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {
        "account": str(site.cluster.account),
        "region": str(state.region or site.cluster.region),
        "bucket": str(state.bucket),
        "key_ring": name_key_ring(str(state.bucket)),
        "services": [f"{service}.googleapis.com" for service in SERVICES],
    }


def derive_trust(sites: Sequence[Site]) -> Facts | None:
    """Variables of `trust` for one project; None where CI is not trusted."""
    first = sites[0]
    ci = first.environment.ci
    if ci is None or ci.oidc is None:
        return None
    return {
        "account": str(first.cluster.account),
        "pool": name_identity_pool(first),
        "issuer": str(ci.oidc.issuer),
        "subjects": list_trusted(ci.oidc, pushes=_describe_registry(first) is not None),
        "planner": name_ci_account(first, "plan"),
        "applier": name_ci_account(first, "apply"),
        "buckets": sorted({str(site.cluster.state.bucket) for site in sites if site.cluster.state is not None}),
    }


def derive_shared(sites: Sequence[Site]) -> Facts | None:
    """Variables of `shared` for one project; None where there is nothing that this environment makes once."""
    first = sites[0]
    made = {
        "audited": owns_accounts(first),
        "zone": _describe_zone(first),
        "registry": _describe_registry(first),
        "budget": _describe_budget(first),
    }
    return {"account": str(first.cluster.account), **made} if any(made.values()) else None


def find_registry(site: Site) -> Facts | None:
    """`{account, location, repository}` of the Artifact Registry repository that images come from, or None."""
    ci = site.environment.ci
    found = REGISTRY.fullmatch(str(ci.registry)) if ci is not None and ci.registry is not None else None
    return None if found is None else {key: found[key] for key in ("account", "location", "repository")}


def _describe_zone(site: Site) -> Facts | None:
    dns = site.environment.dns
    if dns is None or dns.provider != "gcp" or not owns_accounts(site):
        return None
    account = str(dns.account or find_account(site, "gcp"))
    return {"name": name_zone(str(dns.zone)), "domain": str(dns.zone)} if account == site.cluster.account else None


def _describe_registry(site: Site) -> Facts | None:
    """The repository, and as whom CI pushes; None where it is another project's, or another environment's."""
    found = find_registry(site)
    if found is None or found["account"] != site.cluster.account or not owns_accounts(site):
        return None
    ci = site.environment.ci
    oidc = ci.oidc if ci is not None else None
    publisher = None if oidc is None else {"id": name_ci_account(site, "push"), "pool": name_identity_pool(site)}
    return {"location": found["location"], "repository": found["repository"], "publisher": publisher}


def _describe_budget(site: Site) -> Facts | None:
    """The environment's whole budget: the cloud adds up what this project spends, and nobody adds up clouds."""
    cost = site.environment.cost
    if cost is None or not cost.monthlyBudget:
        return None
    return {
        "name": name_prefix(site)[:LONGEST_BUDGET],
        "currency": str(cost.currency),
        "amount": cost.monthlyBudget,
        "thresholds": [float(share.fraction) for share in cost.alertAt] or [1.0],
    }
