"""How a cluster comes up, and who may do what."""

import csv
from typing import Any

from hftgen.calendars import Calendars
from hftgen.facts.delivery import find_channel, order_services, write_policy
from hftgen.facts.derive import derive
from tests.unit.facts.sites import load_spec, make_site

ADDONS = {
    "gateway": {"version": "1.31.1"},
    "argo-rollouts": {"version": "1.9.1"},
    "prometheus-operator": {"version": "0.93.0"},
}
OWNER = {"team": "desk, the", "contact": "#desk-oncall"}
ADMINS = {"main": {"cloud": "kind", "access": {"admins": ["oncall", 'the "a", team']}}}


def _argocd(services: dict[str, Any], **sections: Any) -> dict[str, Any]:
    context = derive(load_spec(services, **sections), Calendars())
    return dict(context["clusters"]["main"]["argocd"])


def test_stages() -> None:
    """Add-ons, of which others need the kinds first; platform; datastores; services after those that they call."""
    services = {"a": {"calls": ["b"]}, "b": {"ports": {"http": 80}}}
    stores = {"db": {"engine": "redis", "version": "7", "placement": "cluster"}}
    stages = [stage["applications"] for stage in _argocd(services, addons=ADDONS, datastores=stores)["stages"]]
    assert [[name.removeprefix("shop-test-") for name in stage] for stage in stages] == [
        ["settings"],
        ["addon-prometheus-operator", "addon-argo-rollouts", "addon-gateway-api"],
        ["addon-istio-base"],
        ["addon-istiod"],
        ["platform"],
        ["datastores"],
        ["b"],
        ["a"],
    ]


def test_services_that_call_each_other_come_together() -> None:
    """Nobody can be first among them."""
    ports = {"ports": {"http": 80}}
    services = {"a": {**ports, "calls": ["b"]}, "b": {**ports, "calls": ["a"]}, "c": {"calls": ["a"]}, "d": ports}
    assert list(order_services(make_site(services))) == [["d"], ["a", "b", "c"]]


def test_every_application_is_in_one_stage() -> None:
    """What is in none is never synced."""
    argocd = _argocd({"a": {}, "b": {}}, addons=ADDONS)
    staged = [name for stage in argocd["stages"] for name in stage["applications"]]
    assert len(staged) == len(set(staged))
    assert {each["name"] for each in argocd["applications"]} <= set(staged)


def test_settings_that_others_have() -> None:
    """No stage for them."""
    gitops = {"repoURL": "https://git.example.com/shop/config.git", "settings": {"manage": False}}
    stages = _argocd({"a": {}}, gitops=gitops)["stages"]
    assert [stage["applications"] for stage in stages] == [["shop-test-platform"], ["shop-test-a"]]


def test_operators() -> None:
    """Groups as the spec says them, whatever is in their names, and no right outside of this environment."""
    policy = write_policy(make_site({"a": {}}, clusters=ADMINS), "shop-test")
    rows = list(csv.reader((policy or "").splitlines()))
    assert [row for row in rows if row[0] == "g"] == [
        ["g", "oncall", "role:shop-test-operator"],
        ["g", 'the "a", team', "role:shop-test-operator"],
    ]
    rights = {tuple(row[2:5]) for row in rows if row[0] == "p"}
    assert {("projects", "update", project) for project in ("shop-test", "shop-test-addons")} <= rights
    assert ("applications", "action/argoproj.io/Rollout/abort", "shop-test/*") in rights
    assert all(row[4].partition("/")[0].startswith("shop-test") for row in rows if row[0] == "p")
    assert write_policy(make_site({"a": {}}), "shop-test") is None


def test_the_owners_team_may_sync() -> None:
    """Each Application by name; a group whose name has a comma is quoted, as Argo CD wants it."""
    (role,) = _argocd({"a": {}}, owner=OWNER)["roles"]
    assert role["groups"] == ['"desk, the"']
    assert "p, proj:shop-test:deployer, applications, sync, shop-test/shop-test-a, allow" in role["policies"]
    assert "*" not in str(role)
    assert _argocd({"a": {}})["roles"] == []
    assert _argocd({"a": {}}, owner={"team": 'the "a" team'})["roles"] == []


def test_the_owners_channel() -> None:
    """A channel begins with #; another contact is nobody's channel."""
    contacts = {"#desk": "desk", "desk@example.com": None, "#": None, "#two words": None}
    for contact, channel in contacts.items():
        assert find_channel(make_site({"a": {}}, owner={"team": "desk", "contact": contact})) == channel


def test_a_commit_that_waits_is_news_where_a_person_syncs() -> None:
    """Where Argo CD syncs by itself, it waits for nobody."""
    git = {"repoURL": "https://git.example.com/shop/config.git"}
    for automatic in (True, False):
        subscriptions = _argocd({"a": {}}, owner=OWNER, gitops={**git, "autoSync": automatic})["subscriptions"]
        assert set(subscriptions.values()) == {"desk-oncall"}
        assert any("out-of-sync" in key for key in subscriptions) is not automatic


def test_what_nothing_here_installs() -> None:
    """Named where something needs it, and not where the cloud brings it."""
    scaled = {"a": {"autoscale": {"min": 2, "max": 3, "cpu": "70%"}, "cpu": "1", "memory": "1Gi"}}
    said = {}
    for cloud in ("kind", "gcp"):
        region = {"region": "us-central1"} if cloud == "gcp" else {}
        said[cloud] = " ".join(_argocd(scaled, clusters={"main": {"cloud": cloud, **region}})["outside"])
    assert "metrics-server" in said["kind"]
    assert "metrics-server" not in said["gcp"]
    known = _argocd(scaled, addons={"metrics-server": {"version": "0.8.1"}})
    assert "metrics-server" not in " ".join(known["outside"])


def test_nodes_that_somebody_else_makes_are_told() -> None:
    """Pods look for the label of their pool; where Terraform makes it, a person need not know."""
    pools = {"fast": {"machine": "c5.metal", "min": 3, "max": 3, "pinning": "static", "hugepages": {"2Mi": "8Gi"}}}
    pools["fast"] |= {"zones": ["us-east-1a"], "reserved": "0,48"}
    place = {"cloud": "aws", "account": "111122223333", "region": "us-east-1", "zones": ["us-east-1a", "us-east-1b"]}
    clusters = {"main": {**place, "network": {"vpc": "10.0.0.0/16"}, "state": {"bucket": "shop-state"}, "pools": pools}}
    outside = _argocd({"a": {"pool": "fast"}}, clusters=clusters)["outside"]
    (told,) = [line for line in outside if line.startswith("nodes of pool fast, with the label `hftgen.io/pool=fast`")]
    for part in ("taint `hftgen.io/pool=fast:NoSchedule`", "8Gi of 2Mi pages", "whole CPUs of one NUMA node"):
        assert part in told
    made = _argocd({"a": {"pool": "fast"}}, clusters=clusters, terraform={"version": "1.11"})["outside"]
    assert not [line for line in made if "pool fast" in line]


def test_what_googles_gateway_does_not_know_is_told() -> None:
    """It reads no probes: a service that answers elsewhere than at `/` has a policy that says so."""
    google = {"main": {"cloud": "gcp", "region": "us-central1"}}
    addons = {"gateway": {"controller": "gke-l7-global-external-managed", "manage": False}}
    exposed = {name: {"ports": {"http": 80}, "expose": {"host": f"{name}.example.com"}} for name in ("a", "b")}
    exposed["a"]["probes"] = {"ready": "/"}
    (line,) = [each for each in _argocd(exposed, addons=addons, clusters=google)["outside"] if "HealthCheck" in each]
    assert line.startswith("HealthCheckPolicies for b:")


def test_what_googles_ingress_does_not_know_is_told() -> None:
    """It reads the readiness probe of the exposed port; one of another port, or by TCP, says nothing to it."""
    google = {"main": {"cloud": "gcp", "region": "us-central1"}}
    ports = {"http": 80, "admin": 81}
    exposed: dict[str, Any] = {
        name: {"ports": ports, "expose": {"host": f"{name}.example.com", "via": "ingress"}} for name in ("a", "b")
    }
    exposed["a"]["probes"], exposed["b"]["probes"] = {"ready": "/ready"}, {"ready": {"http": "/r", "port": "admin"}}
    (line,) = [each for each in _argocd(exposed, clusters=google)["outside"] if "BackendConfig" in each]
    assert line.startswith("BackendConfigs for b:")


def test_retries_outlast_the_add_ons() -> None:
    """Automatic syncs try for three quarters of an hour at least, and take up a commit that mends them."""
    context = derive(load_spec({"a": {}}), Calendars())
    retry = context["argocd"]["retry"]
    waits = [min(10 * 2**attempt, 180) for attempt in range(retry["limit"])]
    assert sum(waits) >= 45 * 60
    assert retry["refresh"] is True


def test_sync_options_are_those_that_are_needed() -> None:
    """Differences are respected where some are ignored; a dry run is left out where kinds come later."""
    release = {"ports": {"http": 80}, "replicas": 2, "release": {"strategy": "blueGreen"}}
    argocd = _argocd({"a": release, "b": {}}, addons={"argo-rollouts": {"manage": False}})
    options = {each["part"]: set(each["syncOptions"]) for each in argocd["applications"]}
    needed = {"RespectIgnoreDifferences=true", "SkipDryRunOnMissingResource=true"}
    assert options["a"] - options["b"] == needed
    assert "ClientSideApplyMigration=false" in argocd["settingsOptions"]


def test_what_goes_with_its_application() -> None:
    """A service outside of production; never the platform."""
    for tier, cascades in (("staging", True), ("production", False)):
        parts = {each["part"]: each["cascade"] for each in _argocd({"a": {}}, tier=tier)["applications"]}
        assert parts == {"platform": False, "a": cascades}
