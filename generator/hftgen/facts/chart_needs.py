"""What must be in a cluster before the chart is: for whoever installs it without Argo CD."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hftgen.facts.certificates import find_certificate
from hftgen.facts.defaults import runs_here
from hftgen.facts.record import Facts, Record, find_kind
from hftgen.facts.secrets import list_keys
from hftgen.facts.site import Site

BUILTIN = frozenset(("", "apps", "autoscaling", "batch", "policy"))
"""Kubernetes' own groups without a dot."""

KUBERNETES = (
    "admissionregistration.k8s.io",
    "coordination.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
)
"""Kubernetes' own groups with one; others below k8s.io, such as the Gateway API's, are installed."""


def describe_needs(site: Site, parts: Mapping[str, Sequence[Record]]) -> Facts:
    """`{kinds, namespaces, secrets, unmade}` of what one cluster is sent by part.

    `kinds` are those that Kubernetes does not have, `{group, kinds}`; `namespaces` others than the chart's own;
    `secrets` what ExternalSecrets make, `{name, namespace, type, keys}`, which somebody else may make instead; `unmade`
    those that nothing of ours makes.
    """
    records = [record for entries in parts.values() for record in entries]
    spaces = {record["namespace"] for record in records if "namespace" in record} - {site.namespace}
    return {
        "kinds": _list_kinds(records),
        "namespaces": sorted(spaces),
        "secrets": [_describe_secret(record) for record in _sort(records) if record["kind"] == "ExternalSecret"],
        "unmade": [*_list_unmade(site), *_list_certificates(site)],
    }


def _list_unmade(site: Site) -> Iterator[Facts]:
    """What pods read of Secrets where the spec has no section `secrets`."""
    if site.environment.secrets is not None:
        return
    for name, service in sorted(site.services.items()):
        for secret, keys in list_keys(str(name), service) if runs_here(site, service) else ():
            yield {"name": secret, "namespace": site.namespace, "type": "Opaque", "keys": sorted(keys)}


def _list_certificates(site: Site) -> Iterator[Facts]:
    """Certificates that cert-manager does not make."""
    for name, service in sorted(site.services.items()):
        found = find_certificate(site, str(name), service)
        if found is not None and not found.made and found.secret is not None:
            place = {"name": found.secret, "namespace": found.namespace}
            yield {**place, "type": "kubernetes.io/tls", "keys": ["tls.crt", "tls.key"]}


def _list_kinds(records: Iterable[Record]) -> list[Facts]:
    kinds: dict[str, set[str]] = {}
    for record in records:
        group, kind = find_kind(record)
        if group not in BUILTIN and group not in KUBERNETES:
            kinds.setdefault(group, set()).add(kind)
    return [{"group": group, "kinds": sorted(found)} for group, found in sorted(kinds.items())]


def _sort(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: str(record["name"]))


def _describe_secret(record: Record) -> Facts:
    template = record.get("template") or {}
    keys = template.get("data") or [entry["secretKey"] for entry in record["data"]]
    place = {"name": record["name"], "namespace": record["namespace"]}
    return {**place, "type": template.get("type", "Opaque"), "keys": sorted(keys)}
