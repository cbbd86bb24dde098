"""The Applications that install add-ons, and what their AppProject must admit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hftgen.facts.addon_values import find_values, is_needed
from hftgen.facts.addons import DEFAULT_CONTROLLER, find_namespace
from hftgen.facts.gitops import list_sync_options
from hftgen.facts.names import name_scoped
from hftgen.facts.record import Facts, Record, find_kind
from hftgen.facts.site import Site
from hftgen.spec.addon_table import AddonEntry, Chart, name_entry
from hftgen.spec.addons import Addon

FIRST = "prometheus-operator"
"""Other charts have objects of its kinds."""

KUBERNETES = "kube-"
"""Namespaces that begin so are there before anything else."""


Parts = Mapping[str, Sequence[Record]]


class Managed(NamedTuple):
    """An add-on that is installed from here, with its entry of the table."""

    name: str
    addon: Addon
    entry: AddonEntry
    namespace: str


def list_managed(site: Site) -> list[Managed]:
    """The add-ons that are installed from here, in order; not those that the table or this cluster does not know."""
    found = []
    for name, addon in sorted(site.environment.addons.items(), key=lambda item: (item[0] != FIRST, item[0])):
        entry = site.tables.addons.get(name_entry(name, addon.controller or DEFAULT_CONTROLLER))
        if addon.manage and entry is not None and any(is_needed(site, chart) for chart in entry.charts):
            found.append(Managed(name, addon, entry, find_namespace(site, name)))
    return found


def describe_addons(site: Site, parts: Parts) -> Facts:
    """By add-on: its `applications` in the order of their sync. `parts` are what the cluster is sent.

    Each has `name`, `repoURL`, `chart` or `path`, `revision`, `release`, `namespace`, `values`, `syncOptions`,
    `ignoreDifferences`.
    """
    return {
        managed.name: {
            "name": managed.name,
            "applications": [
                _describe_application(site, managed, name, chart) for name, chart in _pick_charts(site, managed, parts)
            ],
        }
        for managed in list_managed(site)
    }


def describe_project(site: Site, parts: Parts) -> Facts | None:
    """`{repositories, namespaces, cluster, namespaced}`: what the add-ons' AppProject admits; None without any."""
    found = list_managed(site)
    if not found:
        return None
    charts = [(item, chart) for item in found for _, chart in _pick_charts(site, item, parts)]
    kinds = [*(item.entry.kinds for item in found), *(chart.kinds for _, chart in charts)]
    own = {managed.namespace for managed in found if not managed.namespace.startswith(KUBERNETES)}
    created: list[Facts] = [{"group": "", "kind": "Namespace", "name": name} for name in sorted(own)]
    return {
        "repositories": sorted({chart.repository for _, chart in charts}),
        "namespaces": sorted({name for item in found for name in (item.namespace, *item.entry.namespaces)}),
        "cluster": [*created, *_list_kinds(kind for each in kinds for kind in each.cluster)],
        "namespaced": list(_list_kinds(kind for each in kinds for kind in each.namespaced)),
    }


def _list_kinds(kinds: Iterable[str]) -> Iterator[Facts]:
    for text in sorted(set(kinds), key=lambda kind: kind.rpartition("/")[::2]):
        group, _, kind = text.rpartition("/")
        yield {"group": group, "kind": kind}


def _pick_charts(site: Site, managed: Managed, parts: Parts) -> Iterator[tuple[str, Chart]]:
    """The charts that this cluster needs, in their order."""
    kinds = {find_kind(record) for records in parts.values() for record in records}
    for name, chart in managed.entry.charts.items():
        if is_needed(site, name) and (chart.only is None or chart.only.split_group() in kinds):
            yield name, chart


def _describe_application(site: Site, managed: Managed, name: str, chart: Chart) -> Facts:
    return {
        "name": name_scoped(site.project, site.environment.environment, f"addon-{name}"),
        "repoURL": str(chart.repository),
        **({"chart": str(chart.chart)} if chart.chart is not None else {"path": str(chart.path)}),
        "revision": str(chart.revision or _find_revision(managed)),
        "release": str(chart.release or managed.name),
        "namespace": managed.namespace,
        "values": find_values(site, name),
        "syncOptions": _list_options(managed, chart),
        "ignoreDifferences": [
            {**_split(ignored.kind), "jqPathExpressions": list(map(str, ignored.expressions))}
            for ignored in chart.ignore
        ],
    }


def _list_options(managed: Managed, chart: Chart) -> list[str]:
    """As of every Application; and nothing of an add-on goes unless a person says so: with a CRD go all its objects."""
    options = list_sync_options(ignores=bool(chart.ignore), waits=True)
    if _creates_namespace(managed, chart):
        options.append("CreateNamespace=true")
    return [*options, "Prune=confirm", "Delete=confirm"]


def _creates_namespace(managed: Managed, chart: Chart) -> bool:
    return chart.chart is not None and not managed.namespace.startswith(KUBERNETES)


def _split(kind: str) -> Facts:
    group, _, name = kind.rpartition("/")
    return {"group": group, "kind": name}


def _find_revision(managed: Managed) -> str:
    """The version of its charts: the spec's own, else the table's."""
    if managed.addon.chart is not None:
        return str(managed.addon.chart)
    return str(managed.entry.versions[str(managed.addon.version)].chart)
