"""IAM roles that service accounts take on AWS: those that the manifests name, by their annotations, and no others.

A role belongs to the environment, whatever clusters its pods run on. So one cluster's root module makes it, the first
on AWS in that account by name, whoever is primary; it trusts the tokens of all clusters whose issuers are known.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hftgen.facts.addons import find_namespace
from hftgen.facts.certificates import MANAGER
from hftgen.facts.clouds import find_partition
from hftgen.facts.edges import describe_edges
from hftgen.facts.names import name_scoped
from hftgen.facts.record import Facts
from hftgen.facts.secrets import CLOUDS, READER
from hftgen.facts.site import Site
from hftgen.facts.terraform import gcp_names
from hftgen.facts.terraform.aws_names import name_bucket, name_cluster
from hftgen.facts.terraform.aws_stores import find_maker, find_zone, list_siblings

ARN = re.compile(r"arn:[a-z-]+:iam::(?P<account>[0-9]{12}):role(?P<path>/(?:[^/]+/)*)(?P<name>[^/]+)")

# The service account of Velero's chart.
VELERO = "velero-server"


class Use(NamedTuple):
    """A service account that takes a role: namespace and name."""

    path: str
    role: str
    namespace: str
    account: str


def derive_roles(site: Site, sites: Sequence[Site]) -> Facts:
    """`{roles, zone, siblings, issuers}` of the module `cluster`. `sites`: all clusters of the environment."""
    siblings = {name_cluster(other): str(other.cluster.region) for other in list_siblings(site)}
    roles = dict(_list_roles(site, sites)) if find_maker(site) == site.name else {}
    asked = any(
        "{zone}" in text for role in roles.values() for each in role["statements"] for text in each["resources"]
    )
    return {
        "roles": roles,
        "zone": find_zone(site) if asked else None,
        "siblings": siblings if roles else {},
        "issuers": _list_issuers(sites) if roles else [],
    }


def _list_issuers(sites: Sequence[Site]) -> list[str]:
    """Who signs the tokens of clusters elsewhere. Google's say it by their names; Azure makes it up."""
    return [
        f"container.googleapis.com/v1/projects/{site.cluster.account}/locations/{site.cluster.region}"
        f"/clusters/{gcp_names.name_cluster(site)}"
        for site in sites
        if site.cluster.cloud == "gcp"
    ]


def _list_roles(site: Site, sites: Sequence[Site]) -> Iterator[tuple[str, Facts]]:
    uses = sorted({use for other in sites for use in _list_uses(site, other)})
    for name in sorted({use.role for use in uses}):
        own = [use for use in uses if use.role == name]
        statements = [statement for use in own for statement in _allow(site, use)]
        yield (
            name,
            {
                "path": own[0].path,
                "subjects": [f"{use.namespace}:{use.account}" for use in own],
                "statements": [each for number, each in enumerate(statements) if each not in statements[:number]],
            },
        )


def _list_uses(site: Site, other: Site) -> Iterator[Use]:
    """The service accounts of one cluster whose roles lie in the site's account."""
    for identity in describe_edges(other)["identities"]:
        found = ARN.fullmatch(identity["identity"])
        if found and found["account"] == site.cluster.account:
            yield Use(found["path"], found["name"], identity["namespace"], identity["account"])
    if other.cluster.account == site.cluster.account and other.cluster.cloud == "aws" and _backs_up(other):
        role = name_scoped(site.project, site.environment.environment, "velero")
        yield Use("/", role, find_namespace(other, "velero"), VELERO)


def _allow(site: Site, use: Use) -> list[Facts]:
    """What a role may do where that is known here; the rest is its owner's to attach."""
    if use.account == READER and use.namespace == site.namespace:
        return _read_secrets(site)
    if use.namespace == find_namespace(site, MANAGER) and use.account != MANAGER:
        return _prove_hosts(site)
    if use.account == VELERO:
        return _write_backups(site)
    return []


def _read_secrets(site: Site) -> list[Facts]:
    section = site.environment.secrets
    if section is None or CLOUDS.get(section.backend) != "aws":
        return []
    path = f"{section.path or site.project}/{site.environment.environment}/*"
    where = f"arn:{find_partition(site.cluster.region)}:secretsmanager:*:{site.cluster.account}:secret:{path}"
    return [_describe(["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [where])]


def _prove_hosts(site: Site) -> list[Facts]:
    """What cert-manager does to prove that a host is ours."""
    zones = f"arn:{find_partition(site.cluster.region)}:route53:::"
    # A zone in another account is another account's to allow.
    own = f"{zones}hostedzone/{'{zone}' if find_zone(site) else '*'}"
    return [
        _describe(["route53:GetChange"], [f"{zones}change/*"]),
        _describe(["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"], [own]),
        _describe(["route53:ListHostedZonesByName"], ["*"]),
    ]


def _write_backups(site: Site) -> list[Facts]:
    buckets = [name_bucket(each, "backups") for each in (site, *list_siblings(site))]
    arns = [f"arn:{find_partition(site.cluster.region)}:s3:::{bucket}" for bucket in buckets]
    actions = ["AbortMultipartUpload", "DeleteObject", "GetObject", "ListMultipartUploadParts", "PutObject"]
    return [
        _describe(["s3:GetBucketLocation", "s3:ListBucket"], arns),
        _describe([f"s3:{action}" for action in actions], [f"{arn}/*" for arn in arns]),
    ]


def _describe(actions: list[str], resources: list[str]) -> Facts:
    return {"actions": actions, "resources": resources}


def _backs_up(site: Site) -> bool:
    recovery = site.environment.recovery
    return recovery is not None and recovery.backups is not None and site.addon("velero") is not None
