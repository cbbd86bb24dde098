"""Values of the Helm chart: what a Helm user changes, for each cluster.

The chart is made from the same records as the Kustomize tree. Its values mirror the spec: `services.<name>` has
`replicas`, `image`, `resources`, `config` and `host`, those that there are; `containers.<name>` below it the init
containers and sidecars, `variants.<name>` the variants of an A/B test; `datastores.<name>` is like a service.
templates/_lib/chart.libsonnet refers to them by the same paths.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hftgen.facts.chart_schema import describe_schema
from hftgen.facts.configuration import hash_content
from hftgen.facts.record import Facts, Record

Values = dict[str, Any]


def derive_chart(clusters: Mapping[str, Facts], bases: Mapping[str, Any], roles: Mapping[str, str]) -> Facts:
    """`{cluster, values, differences, jobs, schema, needs}`.

    `cluster` is the one whose values are the chart's own, `differences` what differs on each, `jobs` hashes of Jobs'
    values (_list_jobs), `schema` what all values keep, `needs` what each cluster must have, which is filled in when it
    is known what it is sent. `clusters` are overlays by cluster and part, `roles` say which cluster is primary.
    """
    values = {name: _collect(name, overlay, bases) for name, overlay in clusters.items()}
    default = min(values, key=lambda name: (roles[name] != "primary", name))
    return {
        "cluster": default,
        "values": values[default],
        "differences": {name: subtract(found, values[default]) for name, found in values.items()},
        "jobs": {name: _list_jobs(clusters[name], bases, found) for name, found in values.items()},
        "schema": describe_schema(values),
        "needs": {},
    }


def _list_jobs(overlay: Mapping[str, Facts], bases: Mapping[str, Any], values: Values) -> dict[str, str]:
    """By service that is a Job, the hash of its values: other values must make another Job."""
    return {
        part: hash_content(values["services"][part])
        for part, facts in overlay.items()
        for record in _list_records(facts, bases[part])
        if record["kind"] == "Job"
    }


def subtract(wanted: Values, given: Values) -> Values:
    """What Helm must merge onto `given` to get `wanted`; null removes a key."""
    difference: Values = {key: None for key in given if key not in wanted}
    for key, value in wanted.items():
        if key not in given or not isinstance(value, dict) or not isinstance(given[key], dict):
            if given.get(key) != value:
                difference[key] = value
        elif inner := subtract(value, given[key]):
            difference[key] = inner
    return dict(sorted(difference.items()))


def _collect(cluster: str, overlay: Mapping[str, Facts], bases: Mapping[str, Any]) -> Values:
    values: Values = {"cluster": cluster, "namespace": {"create": False}, "services": {}, "datastores": {}}
    for part, facts in overlay.items():
        images = {image["name"]: {key: image[key] for key in image if key != "name"} for image in facts["images"]}
        counts = {item["name"]: item["count"] for item in facts["replicas"]}
        for record in _list_records(facts, bases[part]):
            _add(values, part, record, images, counts)
    return {key: value for key, value in values.items() if value != {}}


def _list_records(facts: Facts, base: Mapping[str, list[Record]]) -> Iterable[Record]:
    return [record for files in (base, facts["files"]) for entries in files.values() for record in entries]


def _add(values: Values, part: str, record: Record, images: Facts, counts: Facts) -> None:
    """What one record takes from the values."""
    if part == "platform":
        return
    if part == "datastores":
        if "pod" in record:
            _add_workload(values["datastores"].setdefault(record["name"], {}), record, images, counts)
        return
    service = values["services"].setdefault(part, {})
    if "pod" in record:
        _add_workload(service, record, images, counts)
    if "variables" in record:
        _reach(service, record["variables"], part)["config"] = record["data"]
    if "host" in record:
        service["host"] = record["host"]


def _add_workload(service: Values, record: Record, images: Facts, counts: Facts) -> None:
    own = service.setdefault("variants", {}).setdefault(record["variant"], {}) if "variant" in record else service
    count = counts.get(record["name"], record.get("replicas"))
    if count is not None:
        own["replicas"] = count
    pod = record["pod"]
    for container in [*pod.get("init", []), *pod["containers"]]:
        main = container in pod["containers"]
        place = own if main else service.setdefault("containers", {}).setdefault(container["name"], {})
        place["image"] = images[container["image"]]
        if "resources" in container and "fixed" not in record:
            place["resources"] = container["resources"]


def _reach(service: Values, owner: str, part: str) -> Values:
    """The values of the container that a ConfigMap is for."""
    if owner == part:
        return service
    place: Values = service.setdefault("containers", {}).setdefault(owner.removeprefix(f"{part}-"), {})
    return place
