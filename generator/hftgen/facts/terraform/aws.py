"""What the AWS modules (templates/terraform/modules/aws/) are told: exactly the variables of each."""

from hftgen.facts.clouds import find_partition
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_account import derive_shared, derive_trust
from hftgen.facts.terraform.aws_cluster import derive_cluster
from hftgen.facts.terraform.aws_data import derive_data
from hftgen.facts.terraform.aws_network import derive_network
from hftgen.facts.terraform.common import escape, list_tags, name_key

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

# Days that earlier versions of a state are kept: the way back from one that was damaged.
KEEP_DAYS = 365


def derive_provider(site: Site) -> Facts:
    """The provider's arguments. A wrong login stops before anything is read: the account is demanded."""
    return {
        "region": escape(str(site.cluster.region)),
        "allowed_account_ids": [str(site.cluster.account)],
        "default_tags": [{"tags": list_tags(site)}],
    }


def derive_backend(site: Site, root: str) -> Facts:
    """The backend of a root module; `root` as in common.name_key."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    return {
        "s3": {
            "bucket": escape(str(state.bucket)),
            "key": f"{name_key(site, root)}/terraform.tfstate",
            "region": escape(str(state.region or site.cluster.region)),
            "allowed_account_ids": [str(site.cluster.account)],
            "encrypt": True,
            "use_lockfile": True,
        }
    }


def derive_state(site: Site) -> Facts:
    """Variables of `state`: the bucket that holds the other root modules' states."""
    state = site.cluster.state
    assert state is not None, "clusters.tell_terraform"  # noqa: S101
    region = str(state.region or site.cluster.region)
    return {
        "bucket": str(state.bucket),
        "region": region,
        "account": str(site.cluster.account),
        "partition": find_partition(region),
        "keep_days": KEEP_DAYS,
    }
