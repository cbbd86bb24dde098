"""Where copies go that must survive a region of AWS."""

from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_stores import list_siblings

# The nearest other region of the same country, or of the European Union: data does not leave its jurisdiction because a
# table said so. A region that is not here has none.
PARTNERS = {
    "us-east-1": "us-west-2",
    "us-east-2": "us-west-2",
    "us-west-1": "us-east-2",
    "us-west-2": "us-east-2",
    "ca-central-1": "ca-west-1",
    "ca-west-1": "ca-central-1",
    "eu-central-1": "eu-west-1",
    "eu-north-1": "eu-central-1",
    "eu-south-1": "eu-central-1",
    "eu-south-2": "eu-west-3",
    "eu-west-1": "eu-central-1",
    "eu-west-3": "eu-central-1",
    "ap-northeast-1": "ap-northeast-3",
    "ap-northeast-3": "ap-northeast-1",
    "ap-south-1": "ap-south-2",
    "ap-south-2": "ap-south-1",
    "ap-southeast-2": "ap-southeast-4",
    "ap-southeast-4": "ap-southeast-2",
    "cn-north-1": "cn-northwest-1",
    "cn-northwest-1": "cn-north-1",
    "us-gov-east-1": "us-gov-west-1",
    "us-gov-west-1": "us-gov-east-1",
}


def find_offsite(site: Site) -> str | None:
    """Another cluster's region, where there is one in this account; else the partner of the cluster's own; or None."""
    own = str(site.cluster.region)
    others = [str(other.cluster.region) for other in list_siblings(site) if other.cluster.region != own]
    return others[0] if others else PARTNERS.get(own)
