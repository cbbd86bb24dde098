"""What is rendered needs add-ons: an object whose kind nobody brings along would be refused by every API server."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hftgen.errors import InputError
from hftgen.facts.addons import DEFAULT_CONTROLLER, find_gateway
from hftgen.facts.record import Record, find_kind
from hftgen.facts.site import Site
from hftgen.spec.addon_table import name_entry
from hftgen.spec.load import Loaded
from hftgen.spec.problems import list_violations
from hftgen.spec.rules.violation import Violation

# The add-on that brings the kinds of an API group.
GROUPS = {
    "argoproj.io": "argo-rollouts",
    "cert-manager.io": "cert-manager",
    "cilium.io": "cilium",
    "external-secrets.io": "external-secrets",
    "gateway.networking.k8s.io": "gateway",
    "monitoring.coreos.com": "prometheus-operator",
    "networking.istio.io": "gateway",
    "postgresql.cnpg.io": "cloudnative-pg",
    "velero.io": "velero",
}

# The field of a service that asks for a kind; the first that the service has.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "AnalysisTemplate": ("release",),
    "Certificate": ("expose",),
    "ExternalSecret": ("secrets",),
    "HTTPRoute": ("expose",),
    "PrometheusRule": ("slo", "release"),
    "Rollout": ("release",),
    "ServiceMonitor": ("metrics",),
    "VirtualService": ("release", "expose"),
    "Gateway": ("expose",),
}

# The section that asks for what the platform or the datastores hold.
SECTIONS = {
    "external-secrets.io": "secrets",
    "monitoring.coreos.com": "observability",
    "velero.io": "recovery",
}

STORES = "datastores"


class Need(NamedTuple):
    """An add-on that an object asks for, and where in the spec the object comes from."""

    addon: str
    kind: str
    path: tuple[str | int, ...]


def refuse_missing(loaded: Loaded, collected: Iterable[tuple[Site, Mapping[str, Sequence[Record]]]]) -> None:
    """Raises InputError where a rendered kind has no add-on: one problem for each add-on and service that needs it."""
    violations: dict[tuple[str, tuple[str | int, ...]], Violation] = {}
    for site, parts in collected:
        for need in list_needs(site, parts):
            violation = _refuse(site, need)
            if violation is not None:
                violations.setdefault((need.addon, need.path), violation)
    if violations:
        raise InputError(list_violations(violations.values(), loaded.node))


def list_needs(site: Site, parts: Mapping[str, Sequence[Record]]) -> Iterator[Need]:
    """The add-ons that the objects of a cluster ask for."""
    for part, records in parts.items():
        for record in records:
            group, kind = find_kind(record)
            if group in GROUPS:
                yield Need(GROUPS[group], kind, _find_path(site, part, record, group))


def _refuse(site: Site, need: Need) -> Violation | None:
    """What is wrong with the add-on that is needed, or None."""
    if site.addon(need.addon) is None:
        version = _find_version(site, need.addon)
        return Violation(
            need.path,
            f"is rendered as {need.kind}, a kind that {need.addon} brings to a cluster",
            f"no addons.{need.addon}",
            f"addons: {{{need.addon}: {{version: {version}}}}}",
            f"or {need.addon}: {{manage: false}} where somebody else installs it",
        )
    controller = (find_gateway(site) or ("", ""))[0]
    if need.kind == "VirtualService" and controller != "istio":
        return Violation(
            need.path,
            "is rendered as VirtualService, a kind of Istio, and the gateway is another",
            f"addons.gateway.controller: {controller}",
            "controller: istio, or another router",
        )
    return None


def _find_version(site: Site, addon: str) -> str:
    """The latest version in the table that runs on the clusters' Kubernetes."""
    kubernetes = site.environment.kubernetes.version
    entry = site.tables.addons.get(name_entry(addon, DEFAULT_CONTROLLER))
    versions = entry.versions.items() if entry is not None else ()
    fitting = [name for name, row in versions if row.kubernetes is None or row.kubernetes.holds(kubernetes)]
    return fitting[-1] if fitting else "..."


def _find_path(site: Site, part: str, record: Record, group: str) -> tuple[str | int, ...]:
    """The field that asks for an object: the service's, the datastore's, or a section's."""
    if part in site.services:
        node = site.services[part]
        field = next((name for name in FIELDS.get(record["kind"], ()) if getattr(node, name, None)), None)
        return ("services", part, *((field,) if field else ()))
    if part == STORES:
        name = next((store for store in site.environment.datastores if record["name"].startswith(store)), None)
        return (STORES, *((name,) if name else ()))
    if group in ("gateway.networking.k8s.io", "cert-manager.io"):
        exposed = [name for name, service in sorted(site.services.items()) if service.expose is not None]
        return ("services", exposed[0], "expose") if exposed else ("services",)
    if group == "cilium.io":
        return ("clusters", site.name, "metal", "balancers")
    return (SECTIONS.get(group, "services"),)
