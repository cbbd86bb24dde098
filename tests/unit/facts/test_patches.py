"""Which objects a patch means, and what follows for their names, places and values."""

from typing import Any

from hftgen.facts.parts import collect, divide
from hftgen.facts.patches import list_patches
from hftgen.facts.record import Record
from hftgen.facts.site import Site
from tests.unit.facts.sites import STANDBY, load_spec

MERGE = {"spec": {"minReadySeconds": 5}}


def make_sites(**web: Any) -> list[Site]:
    """One service on two clusters."""
    loaded = load_spec({"web": {"ports": {"http": 80}, **web}}, clusters=STANDBY)
    return [Site(loaded.environment, name, loaded.services[name], loaded.files, loaded.tables) for name in STANDBY]


def list_patched(site: Site) -> dict[str, Record]:
    """The records with patches, by kind and name."""
    return {f"{record['kind']}/{record['name']}": record for record in collect(site)["web"] if "patches" in record}


def test_a_patch_is_on_what_it_means() -> None:
    """Kind and name where one is said; all of the kind where none is."""
    main, _ = make_sites(patches=[{"target": {"kind": "Deployment", "name": "web"}, "merge": MERGE}])
    assert list(list_patched(main)) == ["Deployment/web"]
    main, _ = make_sites(patches=[{"target": {"kind": "Deployment", "name": "other"}, "merge": MERGE}])
    assert list_patched(main) == {}


def test_a_hashed_name_need_not_be_known() -> None:
    """A Job is meant by its service's name."""
    patch = {"target": {"kind": "Job", "name": "web"}, "merge": {"spec": {"activeDeadlineSeconds": 1}}}
    main, _ = make_sites(workload="job", ports={}, patches=[patch])
    assert list(list_patched(main)) == ["Job/web"]


def test_a_patch_of_one_cluster_is_whole_in_the_overlays() -> None:
    """What differs by cluster stands in no base; the place in the spec is the override's."""
    patch = {"target": {"kind": "Deployment"}, "merge": MERGE}
    sites = make_sites(clusters={"main": {}, "spare": {"patches": [patch]}})
    bases, overlays = divide(sites)
    assert "deployment" not in bases["web"]
    assert {name for name in STANDBY if "deployment" in overlays[name]["web"]["files"]} == set(STANDBY)
    (facts,) = list_patches(sites, bases, overlays)
    assert facts["path"] == ["services", "web", "clusters", "spare", "patches", 0]
    assert facts["target"] == "Deployment"
    assert "Deployment/web" in facts["objects"]


def test_the_same_patch_everywhere_is_in_the_base() -> None:
    """Nothing differs, so nothing is told apart."""
    bases, _ = divide(make_sites(patches=[{"target": {"kind": "Deployment"}, "merge": MERGE}]))
    assert bases["web"]["deployment"][0]["patches"] == [
        {"path": ["services", "web", "patches", 0], "merge": MERGE},
    ]
