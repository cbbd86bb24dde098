"""Bases, overlays, and the chart's values."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hftgen.facts.chart import subtract
from hftgen.facts.parts import collect, divide, list_kinds, list_records
from hftgen.facts.record import Record
from hftgen.facts.site import Site
from tests.unit.facts.sites import STANDBY, load_spec

VALUES = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
    lambda inner: st.dictionaries(st.sampled_from("abc"), st.integers(0, 2) | inner),
    max_leaves=8,
)


def make_sites() -> list[Site]:
    """Two clusters: a stateful, a stateless and a scheduled service, one service on the first alone."""
    services = {
        "engine": {"workload": "stateful", "instances": "single"},
        "web": {"ports": {"http": 80}, "replicas": 3, "clusters": {"main": {}, "spare": {"replicas": 2}}},
        "nightly": {"workload": "cron", "schedule": "0 2 * * *"},
        "alone": {"clusters": {"main": {}}},
    }
    loaded = load_spec(services, clusters=STANDBY)
    return [Site(loaded.environment, name, loaded.services[name], loaded.files, loaded.tables) for name in STANDBY]


def sort(records: list[Record]) -> list[Record]:
    """Records in one order."""
    return sorted(records, key=lambda record: (record["kind"], record["name"]))


def flatten(files: dict[str, list[Record]]) -> list[Record]:
    """The records of all files."""
    return [record for entries in files.values() for record in entries]


def test_base_and_overlay_are_the_whole() -> None:
    """With its number of pods put back, every object of every cluster stands in one of them, once."""
    sites = make_sites()
    bases, overlays = divide(sites)
    for site in sites:
        for part, records in collect(site).items():
            overlay = overlays[site.name][part]
            counts = {(item["kind"], item["name"]): item["count"] for item in overlay["replicas"]}
            shared = [
                record | ({"replicas": counts[key]} if (key := (record["kind"], record["name"])) in counts else {})
                for record in flatten(bases[part])
            ]
            assert sort([*shared, *flatten(overlay["files"])]) == sort(records)


def test_a_base_holds_what_is_equal_everywhere() -> None:
    """Numbers of pods differ in the overlays; an object that differs more is whole in each."""
    bases, overlays = divide(make_sites())
    assert list(bases["engine"]) == ["service", "serviceaccount", "statefulset"]
    assert [overlays[name]["engine"]["replicas"][0]["count"] for name in ("main", "spare")] == [1, 0]
    assert [overlays[name]["web"]["replicas"][0]["count"] for name in ("main", "spare")] == [3, 2]
    assert list(bases["nightly"]) == ["serviceaccount"]
    assert [list(overlays[name]["nightly"]["files"]) for name in ("main", "spare")] == [["cronjob"], ["cronjob"]]


def test_a_part_is_where_its_service_runs() -> None:
    """No overlay, and so no Application, where it does not."""
    _, overlays = divide(make_sites())
    assert ["alone" in overlays[name] for name in ("main", "spare")] == [True, False]


def test_rights_are_for_what_is_rendered() -> None:
    """Kinds of the cluster apart from those of namespaces, each once."""
    bases, overlays = divide(make_sites())
    kinds = list_kinds(list_records(overlays["main"], bases))
    assert kinds["cluster"] == [{"group": "", "kind": "Namespace", "name": "shop-test"}]
    assert {"group": "batch", "kind": "CronJob"} in kinds["namespaced"]
    assert kinds["namespaces"] == ["shop-test"]


@given(VALUES, VALUES)
def test_differences_lead_from_one_cluster_to_another(given_values: Any, wanted: Any) -> None:
    """Helm merges them onto the chart's values key by key, and null removes."""
    assert merge(given_values, subtract(wanted, given_values)) == wanted


def merge(given_values: Any, difference: Any) -> Any:
    """As Helm merges a values file onto the chart's values."""
    if not isinstance(given_values, dict) or not isinstance(difference, dict):
        return difference
    merged = {**given_values}
    for key, value in difference.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged[key], value) if key in merged else value
    return merged
