"""Which objects of a service its patches are meant for. hftgen.patch applies them, where objects are rendered."""

import re
from collections.abc import Iterable, Mapping, Sequence

from hftgen.facts.record import Facts, Record
from hftgen.facts.site import Site
from hftgen.spec.patch import MergePatch, Patch, Target
from hftgen.spec.service import Service
from hftgen.spec.units import ClusterName

HASH = re.compile(r"-[0-9a-f]{10}$")
HASHED = frozenset(("ConfigMap",))
"""Kinds whose records' names end with a hash of what they hold; a Job gets its own where it is written."""


def attach(site: Site, name: str, service: Service, records: Iterable[Record]) -> list[Record]:
    """The records of a service, with `patches` on those that are meant: `{path, merge}` or `{path, json}` in order.

    `path` is where the spec says the patch. `fixed` says that a patch is about the containers' resources, which the
    chart then no longer takes from its values.
    """
    if not service.patches:
        return list(records)
    described = [(patch.target, _describe(site, name, index, patch)) for index, patch in enumerate(service.patches)]
    return [_attach(record, [facts for target, facts in described if is_meant(target, record)]) for record in records]


def is_meant(target: Target, record: Record) -> bool:
    """Whether a target means an object. A name may leave out the hash at the end of a ConfigMap's."""
    if target.kind != record["kind"]:
        return False
    names = {record["name"], HASH.sub("", record["name"]) if record["kind"] in HASHED else record["name"]}
    return target.name is None or target.name in names


def list_patches(sites: Sequence[Site], bases: Facts, overlays: Mapping[str, Facts]) -> list[Facts]:
    """Every patch once, by its place in the spec: `{path, target, objects}`; what it means, and what it might mean.

    Both are kinds and names, `Service/web`. `bases` and `overlays` as parts.divide gives them.
    """
    found: dict[str, Facts] = {}
    for site in sites:
        for name, service in site.services.items():
            files = [*bases[name].values(), *overlays[site.name][name]["files"].values()] if service.patches else []
            objects = {f"{record['kind']}/{record['name']}" for records in files for record in records}
            for index, patch in enumerate(service.patches):
                path, target = _locate(site, name, index), _show(patch.target)
                known = found.get(str(path), {}).get("objects", ())
                found[str(path)] = {"path": list(path), "target": target, "objects": sorted({*known, *objects})}
    return [facts for _, facts in sorted(found.items())]


def _show(target: Target) -> str:
    return str(target.kind) if target.name is None else f"{target.kind}/{target.name}"


def _attach(record: Record, patches: list[Facts]) -> Record:
    if not patches:
        return record
    patched = record | {"patches": patches}
    if "resources" in str(patches):
        patched["fixed"] = True
    # Helm must not take such text for its own.
    return patched | {"escape": True} if "{{" in str(patches) else patched


def _describe(site: Site, name: str, index: int, patch: Patch) -> Facts:
    facts: Facts = {"path": list(_locate(site, name, index))}
    if isinstance(patch, MergePatch):
        return facts | {"merge": patch.merge}
    dumped = (operation.model_dump(mode="json", by_alias=True, exclude_unset=True) for operation in patch.json_)
    return facts | {"json": list(dumped)}


def _locate(site: Site, name: str, index: int) -> tuple[str | int, ...]:
    """Where the spec says it: for the service, or for this cluster alone."""
    overrides = site.environment.services[name].clusters.get(ClusterName(site.name), {})
    place = ("services", name, "clusters", site.name) if "patches" in overrides else ("services", name)
    return (*place, "patches", index)
