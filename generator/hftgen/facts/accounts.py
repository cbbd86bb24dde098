"""Who a service's pods are: to the cloud by annotations, to Kubernetes by roles. Most are nobody to both."""

from collections.abc import Iterator

from hftgen.facts.defaults import count_desired
from hftgen.facts.names import name_ordinal
from hftgen.facts.record import Record, describe
from hftgen.facts.site import Site
from hftgen.spec.service import Service

IDENTITIES = {
    "aws": "eks.amazonaws.com/role-arn",
    "gcp": "iam.gke.io/gcp-service-account",
    "azure": "azure.workload.identity/client-id",
}

# Pods with this label are given a token for Azure.
WORKLOAD_IDENTITY = "azure.workload.identity/use"


def describe_account(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The service account; for a service with a Lease also the right to hold it, and to label its pod as the holder."""
    identity = getattr(service.identity, site.cluster.cloud, None)
    annotations = {IDENTITIES[site.cluster.cloud]: str(identity)} if identity is not None else {}
    yield describe(site, "ServiceAccount", name, name, annotations=annotations)
    if service.instances == "activePassive":
        pods = [name_ordinal(name, ordinal) for ordinal in range(count_desired(service))]
        yield describe(site, "Role", name, name, lease=name, pods=pods)
        yield describe(site, "RoleBinding", name, name, account=name)
