"""AWS: what Terraform makes there as it is told, and what may not be what was meant."""

from collections.abc import Iterator
from datetime import timedelta

from hftgen.check.edges import list_sites
from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_account import has_budget_currency
from hftgen.facts.terraform.aws_regions import find_offsite
from hftgen.facts.terraform.aws_stores import find_maker, list_managed, list_stores
from hftgen.spec.load import Loaded

# RDS and ElastiCache keep no backup for longer.
LONGEST_KEPT = timedelta(days=35).total_seconds()


def find_locked_clusters(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X54: an EKS cluster in which nobody has rights: whoever makes it has none either."""
    for site in _list_made(loaded):
        access = site.cluster.access
        if access is None or not access.admins:
            yield make_finding(
                loaded,
                "HFT-X54",
                ("clusters", site.name),
                "nobody has rights in this cluster: EKS gives them to those whom access.admins names alone",
                "name a role of the account, such as access: {admins: [platform-oncall]}",
            )


def find_open_clusters(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X55: an API server on AWS that the whole internet reaches."""
    for site in _list_made(loaded):
        access = site.cluster.access
        for index, cidr in enumerate(access.cidrs if access is not None else ()):
            if cidr.network.prefixlen == 0:
                yield make_finding(
                    loaded,
                    "HFT-X55",
                    ("clusters", site.name, "access", "cidrs", index),
                    "the whole internet reaches the API server, and only its own login keeps it out",
                    "name the networks of those who work there; without any, only the private network reaches it",
                )


def find_less_than_promised(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X56: where AWS does less than sections `recovery`, `cost` and `datastores` say; each once."""
    made = _list_made(loaded)
    for site in made[:1]:
        yield from _compare(loaded, site)
    for site in made:
        for store in list_stores(site):
            maker = find_maker(site)
            if store.source is None and maker != site.name:
                what = f"cluster {maker} makes its password, and that of cluster {site.name} knows nothing of it"
                hint = f"tell it once by hand (docs/infrastructure.md); or let {site.name} be the first by name"
                yield make_finding(loaded, "HFT-X56", ("datastores", store.name), what, hint)


def _compare(loaded: Loaded, site: Site) -> Iterator[Finding]:
    recovery = site.environment.recovery
    if not has_budget_currency(site):
        what = "AWS bills and counts in USD, in China in CNY: no budget is made there"
        yield make_finding(loaded, "HFT-X56", ("cost", "currency"), what, "say the amount in that currency")
    if recovery is None or recovery.backups is None:
        return
    if recovery.backups.offsite and find_offsite(site) is None:
        what = (
            f"no second region of {site.cluster.region}'s country is known: backups of {site.name} stay in one region"
        )
        yield make_finding(
            loaded, "HFT-X56", ("recovery", "backups", "offsite"), what, "have a standby in another region"
        )
    if list_managed(site) and recovery.backups.keep.seconds > LONGEST_KEPT:
        what = "AWS keeps backups of managed databases for 35 days, and deletes them then"
        yield make_finding(
            loaded, "HFT-X56", ("recovery", "backups", "keep"), what, "copy snapshots of them where they may stay"
        )


def _list_made(loaded: Loaded) -> list[Site]:
    if loaded.environment.terraform is None:
        return []
    return [site for site in list_sites(loaded) if site.cluster.cloud == "aws"]
