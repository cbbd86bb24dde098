"""What must be in a cluster before the chart is: for whoever installs it without Argo CD."""

from collections.abc import Iterable, Mapping, Sequence

from hftgen.facts.record import Facts, Record, find_kind

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


def describe_needs(parts: Mapping[str, Sequence[Record]], namespace: str) -> Facts:
    """`{kinds, namespaces, secrets}` of what one cluster is sent by part.

    `kinds` are those that Kubernetes does not have, `{group, kinds}`; `namespaces` others than the chart's own;
    `secrets` what ExternalSecrets make, `{name, type, keys}`, which somebody else may make instead.
    """
    records = [record for entries in parts.values() for record in entries]
    spaces = {record["namespace"] for record in records if "namespace" in record} - {namespace}
    return {
        "kinds": _list_kinds(records),
        "namespaces": sorted(spaces),
        "secrets": [_describe_secret(record) for record in _sort(records) if record["kind"] == "ExternalSecret"],
    }


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
    return {"name": record["name"], "type": template.get("type", "Opaque"), "keys": sorted(keys)}
