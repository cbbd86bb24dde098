"""Accounts and regions of clouds: a cluster's own, else those of the environment's first cluster in that cloud."""

from hftgen.facts.site import Site
from hftgen.spec.cluster import Cluster

# By the beginning of a region's name: the partition that its ARNs carry.
PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def find_cluster(site: Site, cloud: str) -> Cluster | None:
    """The cluster whose account and region count for something that this cloud keeps; None where there is none."""
    clusters = [site.cluster, *(cluster for _, cluster in sorted(site.environment.clusters.items()))]
    return next((cluster for cluster in clusters if cluster.cloud == cloud), None)


def find_account(site: Site, cloud: str) -> str | None:
    """The AWS account, Google Cloud project or Azure subscription."""
    cluster = find_cluster(site, cloud)
    return None if cluster is None or cluster.account is None else str(cluster.account)


def find_region(site: Site, cloud: str) -> str | None:
    """The cloud's region."""
    cluster = find_cluster(site, cloud)
    return None if cluster is None or cluster.region is None else str(cluster.region)


def find_partition(region: str | None) -> str:
    """The partition of an AWS region: the second word of ARNs there."""
    return next((name for prefix, name in PARTITIONS.items() if (region or "").startswith(prefix)), "aws")


def name_role(account: str, region: str | None, role: str) -> str:
    """The ARN of an IAM role under a fixed name: no manifest may need what a cloud makes up."""
    return f"arn:{find_partition(region)}:iam::{account}:role/{role}"
