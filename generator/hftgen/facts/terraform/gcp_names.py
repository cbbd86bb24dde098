"""Names of what Terraform makes on Google Cloud, within each service's limits."""

import hashlib
import re

from hftgen.facts.names import name_scoped, shorten
from hftgen.facts.site import Site

# GKE's limit; the modules add words of at most 22 characters, which leaves their names within Compute Engine's 63.
LONGEST_CLUSTER = 40
LONGEST_ACCOUNT = 30
LONGEST_POOL = 32
LONGEST_NAME = 63

# Memorystore's; Cloud SQL counts the project with it.
LONGEST_CACHE = 40
LONGEST_DATABASE = 97

# What a pipeline may do, by the last word of its service account's name.
CI_USES = ("plan", "apply", "push")

# Cloud Storage refuses names that look like its maker's.
GOOGLISH = re.compile(r"^goog|google|g00gle")


def name_prefix(site: Site) -> str:
    """Begins the names of what belongs to the environment as a whole."""
    return name_scoped(site.project, site.environment.environment)


def name_cluster(site: Site) -> str:
    """The GKE cluster and its network; begins the names of all that belongs to it. Environments may share a project."""
    return shorten(f"{name_prefix(site)}-{site.name}", LONGEST_CLUSTER)


def name_node_account(site: Site) -> str:
    """The id of the service account of a cluster's nodes."""
    return f"{shorten(name_cluster(site), LONGEST_ACCOUNT - len('-nodes'))}-nodes"


def name_ci_account(site: Site, use: str) -> str:
    """The id of the service account as which a pipeline plans, applies or pushes (CI_USES)."""
    return f"{shorten(name_prefix(site), LONGEST_ACCOUNT - len('-ci-apply'))}-ci-{use}"


def find_ci_account(site: Site, use: str) -> str:
    """Its address in the project of a cluster."""
    domain, _, project = str(site.cluster.account).rpartition(":")
    return f"{name_ci_account(site, use)}@{'.'.join(filter(None, (project, domain)))}.iam.gserviceaccount.com"


def name_identity_pool(site: Site) -> str:
    """The workload identity pool whose one provider trusts CI."""
    return shorten(f"ci-{name_prefix(site)}", LONGEST_POOL)


def name_key_ring(bucket: str) -> str:
    """The key ring of a bucket of state."""
    return shorten(re.sub(r"[^A-Za-z0-9_-]", "-", f"tfstate-{bucket}"), LONGEST_NAME)


def name_bucket(site: Site, use: str) -> str:
    """A bucket of the cluster. All projects share one name space: a hash of the project sets it apart."""
    own = f"{name_cluster(site)}-{use}"
    digest = hashlib.sha256(f"{site.cluster.account}/{own}".encode()).hexdigest()[:8]
    return f"{use if GOOGLISH.search(own) else own}-{digest}"


def name_database(site: Site, store: str) -> str:
    """A Cloud SQL instance: its name is not free again for a week after it has gone."""
    longest = LONGEST_DATABASE - len(str(site.cluster.account))
    return shorten(f"{name_cluster(site)}-{store}", min(longest, LONGEST_NAME))


def name_cache(site: Site, store: str) -> str:
    """A Memorystore instance."""
    return shorten(f"{name_cluster(site)}-{store}", LONGEST_CACHE)


def name_zone(domain: str) -> str:
    """The managed zone of a domain; its name begins with a letter."""
    words = domain.replace(".", "-")
    return shorten(words if words[0].isalpha() else f"zone-{words}", LONGEST_NAME)
