"""Variables of the AWS module `network`: the VPC and its division, ways out, endpoints, and the ways to the venues."""

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_names import describe_place
from hftgen.facts.terraform.aws_stores import list_stores
from hftgen.spec.network import Network
from hftgen.spec.rules.aws_blocks import divide

# By CloudWatch's own steps. An auditor asks for a year of what trades.
LOG_DAYS = {"production": 365, "staging": 30, "development": 7}

# Our side of the private connections; the spec says the other side's.
OWN_ASN = 64512

# What a machine asks before it is a node, and what the controllers on it ask all the time. SSM's agent of Amazon Linux
# 2023 does without ec2messages, which newer regions do not have.
ENDPOINTS = (
    "autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "kms", "logs", "ssm",
    "ssmmessages", "sts",
)  # fmt: skip


def derive_network(site: Site) -> Facts:
    """Variables of `network`."""
    network = site.cluster.network
    assert network is not None and network.vpc is not None, "clusters.tell_terraform"  # noqa: S101, PT018
    zones = [str(zone) for zone in site.cluster.zones]
    return {
        **describe_place(site),
        "vpc_cidr": str(network.vpc),
        "pods_cidr": str(network.pods) if network.pods is not None else None,
        "zones": {zone: _describe_subnets(network, zone) for zone in zones},
        "nat_zones": zones[:1] if site.is_development else zones,
        "endpoints": _list_endpoints(site),
        "venues": {str(name): str(cidr) for name, cidr in network.venues.items()},
        "connections": {
            str(item.id): {"kind": item.kind, "asn": item.asn, "vlan": item.vlan} for item in network.connect
        },
        "asn": OWN_ASN,
        "flow_log_days": LOG_DAYS[site.environment.tier],
        "encryption_at_rest": site.is_encrypted,
    }


def list_networks(site: Site) -> list[str]:
    """The ranges of machines and pods."""
    network = site.cluster.network
    return [str(cidr) for cidr in (network.vpc, network.pods) if cidr is not None] if network is not None else []


def _describe_subnets(network: Network, zone: str) -> Facts:
    subnets = divide(network, zone)
    return {kind: None if cidr is None else str(cidr) for kind, cidr in subnets._asdict().items()}


def _list_endpoints(site: Site) -> list[str]:
    """None in development, where a few pence more by NAT cost less than an endpoint in each zone."""
    if site.is_development:
        return []
    secrets = site.environment.secrets
    asked = list_stores(site) or (secrets is not None and secrets.backend == "aws-secrets-manager")
    return sorted([*ENDPOINTS, "secretsmanager"] if asked else ENDPOINTS)
