"""An environment's objects in parts: `platform`, `datastores`, and each service.

A part's base holds the objects that are the same on every cluster where the part is, apart from image and number of
pods. A cluster's overlay names the images, sets the numbers, and holds whole every object that differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hftgen.facts.accounts import describe_account
from hftgen.facts.alerts import describe_rules
from hftgen.facts.analysis import describe_templates
from hftgen.facts.availability import describe_autoscaler, describe_budgets
from hftgen.facts.certificates import describe_certificates
from hftgen.facts.configuration import describe_config_maps, list_containers
from hftgen.facts.datastores import describe_datastores
from hftgen.facts.datastores import list_images as list_store_images
from hftgen.facts.endpoints import describe_endpoints
from hftgen.facts.images import split_image
from hftgen.facts.names import name_variant
from hftgen.facts.network import describe_policies
from hftgen.facts.patches import attach
from hftgen.facts.platform import PART as PLATFORM
from hftgen.facts.platform import describe_platform
from hftgen.facts.record import Facts, Record, find_kind
from hftgen.facts.routes import describe_routes
from hftgen.facts.secrets import describe_external_secrets
from hftgen.facts.site import Site
from hftgen.facts.stores import PART as DATASTORES
from hftgen.facts.workload import describe_workloads
from hftgen.spec.release import AbTest
from hftgen.spec.service import Service

# What a service consists of; each gives the records of its theme for one service on one site.
THEMES = (
    describe_account,
    describe_config_maps,
    describe_external_secrets,
    describe_workloads,
    describe_endpoints,
    describe_routes,
    describe_certificates,
    describe_autoscaler,
    describe_budgets,
    describe_policies,
    describe_templates,
    describe_rules,
)

Files = dict[str, list[Record]]


def collect(site: Site) -> dict[str, list[Record]]:
    """Every object of a site by part; a part without objects is left out."""
    parts = {PLATFORM: list(describe_platform(site)), DATASTORES: list(describe_datastores(site))}
    for name, service in sorted(site.services.items()):
        parts[name] = attach(site, name, service, (record for theme in THEMES for record in theme(site, name, service)))
    return {part: records for part, records in parts.items() if records}


def divide(sites: Sequence[Site]) -> tuple[dict[str, Files], dict[str, dict[str, Facts]]]:
    """Bases by part, and overlays by cluster and part: `{base, files, images, replicas}`.

    `replicas` are `{apiVersion, kind, name, count}` of workloads in the base; an object in the overlay has its own.
    """
    collected = {site.name: collect(site) for site in sites}
    shared = {part: _find_shared(part, collected) for part in _list_parts(collected.values())}
    bases = {part: _file(records) for part, records in shared.items()}
    overlays: dict[str, dict[str, Facts]] = {}
    for site in sites:
        parts = collected[site.name].items()
        overlays[site.name] = {part: _describe_overlay(site, part, records, bases[part]) for part, records in parts}
    return bases, overlays


def _list_parts(collected: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({part for parts in collected for part in parts})


def _find_shared(part: str, collected: Mapping[str, Mapping[str, list[Record]]]) -> list[Record]:
    """The records of a part that are equal wherever it is, without their number of pods."""
    places = [[_without_count(record) for record in parts[part]] for parts in collected.values() if part in parts]
    first, *others = places
    return [record for record in first if all(record in other for other in others)]


def _without_count(record: Record) -> Record:
    return {key: value for key, value in record.items() if key != "replicas"}


def _describe_overlay(site: Site, part: str, records: list[Record], base: Files) -> Facts:
    inside = [record for entries in base.values() for record in entries]
    own = [record for record in records if _without_count(record) not in inside]
    counts = [record for record in records if record not in own and "replicas" in record]
    images = _list_images(site, part)
    return {
        "base": bool(base),
        "files": _file(own),
        "images": [{"name": symbol, **split_image(reference)} for symbol, reference in sorted(images.items())],
        "replicas": [
            {**{key: record[key] for key in ("apiVersion", "kind", "name")}, "count": record["replicas"]}
            for record in counts
        ],
    }


def _file(records: Iterable[Record]) -> Files:
    """Records by the file that holds them, both by name."""
    files: defaultdict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda record: record["name"]):
        files[record["file"]].append(record)
    return dict(sorted(files.items()))


def _list_images(site: Site, part: str) -> dict[str, str]:
    """Images of a part by the symbol that stands for each in its pod templates."""
    if part == DATASTORES:
        return list_store_images(site)
    service = site.services.get(part)
    return dict(list_service_images(part, service)) if service is not None else {}


def list_service_images(name: str, service: Service) -> Iterator[tuple[str, str]]:
    """Symbol and image of each container of a service, variants too."""
    for owner, container in list_containers(name, service).items():
        yield owner, str(container.image)
    if isinstance(service.release, AbTest):
        for variant, item in service.release.variants.items():
            yield name_variant(name, variant), str(item.image)


def list_records(overlay: Mapping[str, Facts], bases: Mapping[str, Files]) -> dict[str, list[Record]]:
    """What one cluster is sent, by part."""
    return {
        part: [record for files in (bases[part], facts["files"]) for entries in files.values() for record in entries]
        for part, facts in overlay.items()
    }


def list_kinds(parts: Mapping[str, Sequence[Record]]) -> Facts:
    """The kinds of records: `{cluster, namespaced, namespaces}`; `{group, kind}`, and outside namespaces `name` too."""
    records = [record for entries in parts.values() for record in entries]
    own = [record for record in records if "namespace" not in record]
    return {
        "cluster": [
            {**_write_kind(record), "name": record["name"]}
            for record in sorted(own, key=lambda record: (record["apiVersion"], record["kind"], record["name"]))
        ],
        "namespaced": _list_groups(record for record in records if "namespace" in record),
        "namespaces": sorted({record["namespace"] for record in records if "namespace" in record}),
    }


def _write_kind(record: Record) -> Facts:
    return dict(zip(("group", "kind"), find_kind(record), strict=True))


def _list_groups(records: Iterable[Record]) -> list[Facts]:
    found = {find_kind(record) for record in records}
    return [{"group": group, "kind": kind} for group, kind in sorted(found)]
