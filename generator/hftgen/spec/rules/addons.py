"""Add-ons: charts that the table knows, in versions that run on the clusters' Kubernetes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.addon_table import name_entry
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.addon_table import Span
    from hftgen.spec.addons import Addon
    from hftgen.spec.load import Loaded

CONTROLLER = "istio"
"""The gateway's controller where the spec names none."""

TABLE = "data/addons.yaml"


def know_addons(loaded: "Loaded") -> Iterator[Violation]:
    """An add-on that is installed from here is in data/addons.yaml, with this version or a chart of the spec's own."""
    table = loaded.tables.addons
    for name, addon in _list_managed(loaded):
        entry = table.get(_find_entry(name, addon))
        if entry is None:
            yield _refuse_unknown(name, addon, list(table))
        elif addon.chart is None and addon.version not in entry.versions:
            yield Violation(
                ("addons", name, "version"),
                "no chart is known for this version",
                str(addon.version),
                list_names(entry.versions, 60),
                f"say its chart here (chart: ...), or add the version to {_find_entry(name, addon)} in {TABLE}",
            )


def fit_kubernetes(loaded: "Loaded") -> Iterator[Violation]:
    """The authors of an add-on answer for its version on the clusters' Kubernetes, as data/addons.yaml has it."""
    kubernetes = loaded.environment.kubernetes.version
    for name, addon in _list_managed(loaded):
        entry = loaded.tables.addons.get(_find_entry(name, addon))
        release = entry.versions.get(str(addon.version)) if entry else None
        if entry is None or release is None or release.kubernetes is None or release.kubernetes.holds(kubernetes):
            continue
        fitting = [version for version, other in entry.versions.items() if _holds(other.kubernetes, kubernetes)]
        yield Violation(
            ("addons", name, "version"),
            f"{name} {addon.version} is not for Kubernetes {kubernetes}: its authors answer for {release.kubernetes}",
            str(addon.version),
            list_names(fitting, 60) if fitting else f"a version that supports {kubernetes}",
            f"the versions and what they support stand in {TABLE}, {_find_entry(name, addon)}",
        )


def keep_addon_names_free(loaded: "Loaded") -> Iterator[Violation]:
    """No service is called `addon-` and a chart's name: Argo CD's Application of that chart has this name."""
    for name, addon in _list_managed(loaded):
        entry = loaded.tables.addons.get(_find_entry(name, addon))
        for chart in entry.charts if entry is not None else ():
            if f"addon-{chart}" in loaded.environment.services:
                path = ("services", f"addon-{chart}")
                yield Violation(
                    path, f"we give this name to the Application of {name}", f"addon-{chart}", "another name"
                )


def _list_managed(loaded: "Loaded") -> Iterator[tuple[str, "Addon"]]:
    for name, addon in sorted(loaded.environment.addons.items()):
        if addon.manage:
            yield name, addon


def _find_entry(name: str, addon: "Addon") -> str:
    return name_entry(name, addon.controller or CONTROLLER)


def _holds(span: "Span | None", kubernetes: str) -> bool:
    return span is None or span.holds(kubernetes)


def _refuse_unknown(name: str, addon: "Addon", known: list[str]) -> Violation:
    hint = f"add it to {TABLE} beside the specs folder, or say manage: false where somebody else installs it"
    if name == "gateway":
        kinds = [entry.removeprefix("gateway-") for entry in known if entry.startswith("gateway-")]
        path, found, near = ("addons", name, "controller"), str(addon.controller), suggest(str(addon.controller), kinds)
        return Violation(path, "no chart is known for this controller", found, list_names(kinds, 60), near or hint)
    names = sorted({"gateway" if entry.startswith("gateway-") else entry for entry in known})
    return Violation(
        ("addons", name), "no chart is known for this add-on", name, list_names(names, 60), suggest(name, names) or hint
    )
