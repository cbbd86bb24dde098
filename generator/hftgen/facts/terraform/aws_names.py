"""Names of what is made on AWS, as short as AWS wants them for every project, environment and cluster.

Names that are shared with others stand elsewhere: roles that manifests name in accounts.py and certificates.py, pools
and images in nodes.py.
"""

import hashlib
import re
from typing import Any

from hftgen.facts.clouds import find_partition
from hftgen.facts.names import name_scoped, shorten
from hftgen.facts.site import Site

# A role's name has 64 characters; this leaves 26 for what the modules add to the cluster's name.
LONGEST_CLUSTER = 38


def name_prefix(site: Site) -> str:
    """Begins the names of what belongs to the environment as a whole."""
    return name_scoped(site.project, site.environment.environment)


def name_cluster(site: Site) -> str:
    """The EKS cluster; begins the names of all that belongs to it."""
    return shorten(f"{name_prefix(site)}-{site.name}", LONGEST_CLUSTER)


def name_store(site: Site, store: str, longest: int) -> str:
    """A managed database or cache: AWS takes no two hyphens in a row there."""
    said = f"{name_cluster(site)}-{store}"
    tamed = re.sub("-+", "-", said)
    return shorten(tamed, longest) if tamed == said else f"{shorten(tamed, longest - 7)}-{_digest(said, 6)}"


def name_bucket(site: Site, use: str) -> str:
    """A bucket of the cluster. All accounts share one name space: a hash of the account sets it apart."""
    own = f"{name_cluster(site)}-{use}"
    return f"{own}-{_digest(f'{site.cluster.account}/{own}', 8)}"


def find_boundary(site: Site) -> str | None:
    """The ARN of the policy that bounds every role which CI makes; None where CI is not trusted."""
    ci = site.environment.ci
    if ci is None or ci.oidc is None:
        return None
    return f"arn:{find_partition(site.cluster.region)}:iam::{site.cluster.account}:policy/{name_prefix(site)}-boundary"


def describe_place(site: Site) -> dict[str, Any]:
    """What every module of one cluster is told first."""
    return {
        "name": name_cluster(site),
        "account": str(site.cluster.account),
        "partition": find_partition(site.cluster.region),
        "region": str(site.cluster.region),
        "permissions_boundary": find_boundary(site),
    }


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
