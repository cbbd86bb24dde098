"""Argo CD's facts: names, order, freezes by service, what controllers write."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from hftgen.calendars import Calendars, Schedule
from hftgen.errors import InputError
from hftgen.facts.derive import derive
from tests.unit.facts.sites import STANDBY, load_spec

FREEZE = {
    "repoURL": "https://git.example.com/shop/config.git",
    "freeze": {
        "calendars": ["XNYS"],
        "before": "60m",
        "after": "30m",
        "horizon": {"start": "2026-01-01", "end": "2028-12-31"},
    },
}

AWS = {"main": {"cloud": "aws", "region": "us-east-1", "zones": ["us-east-1a"]}}


# Somebody else installs what releases and routes need.
ADDONS = {"argo-rollouts": {"manage": False}, "gateway": {"manage": False}}


def _derive(services: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return derive(load_spec(services, **{"addons": ADDONS, **sections}), Calendars())


def _argocd(services: dict[str, Any], calendars: Calendars | None = None, **sections: Any) -> dict[str, Any]:
    context = derive(load_spec(services, **{"addons": ADDONS, **sections}), calendars or Calendars())
    return dict(context["clusters"]["main"]["argocd"])


def test_platform_comes_first() -> None:
    """Services stand on the platform and the datastores; among themselves they come by name."""
    store = {"db": {"engine": "redis", "version": "7", "placement": "cluster"}}
    argocd = _argocd({"b": {}, "a": {}}, datastores=store)
    assert [application["part"] for application in argocd["applications"]] == ["platform", "datastores", "a", "b"]


def test_names_carry_project_and_environment() -> None:
    """Environments may share an Argo CD; paths are those of the rendered tree."""
    application = _argocd({"a": {}})["applications"][-1]
    assert application["name"] == "shop-test-a"
    assert application["path"] == "rendered/test/kustomize/overlays/main/a"
    assert application["generatePaths"] == ".;/rendered/test/kustomize/base/a"


def test_automatic_sync_by_tier() -> None:
    """Left out, production is synced by a person and everything else by itself."""
    git = {"repoURL": "https://git.example.com/shop/config.git"}
    assert _derive({"a": {}})["argocd"]["autoSync"] is True
    assert _derive({"a": {}}, tier="production")["argocd"]["autoSync"] is False
    assert _derive({"a": {}}, tier="production", gitops={**git, "autoSync": True})["argocd"]["autoSync"] is True


def test_freezes_by_service(calendars: Calendars) -> None:
    """One window for each calendar, naming who freezes by it; `none` is in no window."""
    services = {"a": {}, "b": {"freeze": {"calendars": ["XNYS", "XLON"]}}, "c": {"freeze": "none"}}
    windows = _argocd(services, calendars, gitops=FREEZE)["syncWindows"]
    assert [(window["timeZone"], window["applications"]) for window in windows] == [
        ("Europe/London", ["shop-test-b"]),
        ("America/New_York", ["shop-test-platform", "shop-test-a", "shop-test-b"]),
    ]
    assert {window["kind"] for window in windows} == {"deny"}
    assert all(len(window["description"]) <= 255 for window in windows)


def test_own_margins(calendars: Calendars) -> None:
    """A service's own margins make a window of its own."""
    services = {"a": {"freeze": {"calendars": ["XNYS"], "before": "90m"}}}
    schedules = {
        tuple(window["applications"]): window["schedule"]
        for window in _argocd(services, calendars, gitops=FREEZE)["syncWindows"]
    }
    assert schedules == {("shop-test-platform",): "29 8 * * 1-5", ("shop-test-a",): "59 7 * * 1-5"}


def test_one_window_for_the_same_hours(calendars: Calendars) -> None:
    """Argo CD refuses a project with two equal windows: calendars with the same hours share one, and so do aliases."""
    services = {"a": {"freeze": {"calendars": ["CME", "CMES"]}}, "b": {"freeze": {"calendars": ["CBOT"]}}}
    windows = _argocd(services, calendars, gitops=FREEZE)["syncWindows"]
    assert [(window["applications"], window["description"]) for window in windows] == [
        (
            ["shop-test-a", "shop-test-b"],
            "CBOT and CME and CMES trade: 1h before to 30m after; holidays and early closes too",
        ),
        (["shop-test-platform"], "XNYS trades: 1h before to 30m after; holidays and early closes too"),
    ]


def test_what_is_frozen_beyond_need(calendars: Calendars) -> None:
    """For each set of causes: the hours, and how often a window came in vain; both calendars' sessions are needed."""
    services = {"a": {}, "b": {"freeze": {"calendars": ["XNYS", "CMES"]}}, "c": {"freeze": "none"}}
    freezes = _argocd(services, calendars, gitops=FREEZE)["freezes"]
    assert [(each["applications"], each["percent"], each["calendars"]) for each in freezes] == [
        (["shop-test-b"], "3.4", {"CMES": {"closed": 7, "short": 22}, "XNYS": {"closed": 28, "short": 5}}),
        (["shop-test-platform", "shop-test-a"], "1.3", {"XNYS": {"closed": 28, "short": 5}}),
    ]
    assert [each["weekly"] for each in freezes] == [46, 127]


def test_calendars_are_asked_for_once(calendars: Calendars, monkeypatch: pytest.MonkeyPatch) -> None:
    """All calendars of an environment in one question, for a question may be a process; on whichever cluster."""
    asked = []

    def ask(self: Calendars, names: Iterable[str], start: date, end: date) -> dict[str, Schedule]:
        asked.append((sorted(names), start, end))
        return original(self, names, start, end)

    original = Calendars.schedules
    monkeypatch.setattr(Calendars, "schedules", ask)
    own = {"main": {}, "spare": {"freeze": {"calendars": ["CMES"]}}}
    services = {"a": {}, "b": {"freeze": {"calendars": ["XLON"]}, "clusters": own}}
    derive(load_spec(services, gitops=FREEZE, clusters=STANDBY), calendars)
    assert asked == [(["CMES", "XLON", "XNYS"], date(2026, 1, 1), date(2028, 12, 31))]


@pytest.mark.parametrize(
    ("services", "place"),
    [
        ({"a": {"freeze": {"calendars": ["XNYS"], "before": "50h", "after": "20h"}}}, "services.a.freeze"),
        ({"a": {"freeze": {"calendars": ["CMES", "XNYS"], "before": "50h"}}}, "services.a.freeze"),
    ],
)
def test_a_freeze_leaves_time(services: dict[str, Any], place: str, calendars: Calendars) -> None:
    """Calendars that close, and margins that fill what is between their sessions: an error at the freeze."""
    with pytest.raises(InputError, match=f"{place}: leaves no time to sync"):
        _argocd(services, calendars, gitops=FREEZE)


def test_a_horizon_of_a_day_is_no_endless_freeze(calendars: Calendars) -> None:
    """All of its minutes are a session's, and the rest of the week is free."""
    horizon = {"start": "2026-01-06", "end": "2026-01-07"}
    gitops = {**FREEZE, "freeze": {"calendars": ["CMES"], "before": "2h", "horizon": horizon}}
    (window,) = _argocd({"a": {}}, calendars, gitops=gitops)["syncWindows"]
    assert window["schedule"] == "59 14 * * 1-2"


def test_no_freeze_no_windows() -> None:
    """Without a freeze nothing is denied."""
    assert _argocd({"a": {}})["syncWindows"] == []


def test_what_the_rollouts_controller_writes() -> None:
    """Selectors of a Rollout's Services are left to it; a rolling service has nothing of the kind."""
    services = {
        "a": {"ports": {"http": 80}, "replicas": 2, "release": {"strategy": "blueGreen"}},
        "b": {"ports": {"http": 80}},
    }
    ignored = {each["part"]: each["ignoreDifferences"] for each in _argocd(services)["applications"]}
    assert [item["name"] for item in ignored["a"]] == ["a", "a-preview"]
    assert ignored["b"] == []


def test_what_a_router_is_told() -> None:
    """Weights of the route that a canary moves are the controller's."""
    canary = {"strategy": "canary", "steps": [{"weight": 50, "pause": "1m"}, {"weight": 100}], "analysis": "none"}
    ignored = {}
    for router in ("istio", "gateway", "alb", "none"):
        service = {
            "ports": {"http": 80},
            "replicas": 2,
            "expose": {"host": "a.example.com", "via": "ingress" if router == "alb" else "gateway"},
            "release": {**canary, "traffic": {"router": router}},
        }
        (*_, application) = _argocd({"a": service}, clusters=AWS)["applications"]
        ignored[router] = [item["kind"] for item in application["ignoreDifferences"]]
    services = ["Service", "Service"]
    kinds = {"istio": "VirtualService", "gateway": "HTTPRoute", "alb": "Ingress"}
    # Without a router there is one Service, and the controller does not touch it.
    assert ignored == {**{router: [*services, kind] for router, kind in kinds.items()}, "none": []}


def test_the_route_of_a_header_is_the_controllers() -> None:
    """It comes with the first step and goes with the last; Argo CD would take it away in between."""
    header = {"name": "X-Canary", "value": "yes"}
    expressions = {}
    for router in ("istio", "gateway", "alb"):
        service = {
            "ports": {"http": 80},
            "replicas": 2,
            "expose": {"host": "a.example.com", "via": "ingress" if router == "alb" else "gateway"},
            "release": {"strategy": "canary", "steps": [50, 100], "traffic": {"router": router, "header": header}},
        }
        (*_, application) = _argocd({"a": service}, clusters=AWS)["applications"]
        expressions[router] = application["ignoreDifferences"][-1]["jqPathExpressions"][1:]
    assert expressions["istio"] == ['.spec.http[] | select(.name == "canary-header")']
    assert expressions["gateway"] == ['.spec.rules[] | select(any(.matches[]?.headers[]?; .name == "X-Canary"))']
    assert expressions["alb"] == [
        '.metadata.annotations["alb.ingress.kubernetes.io/actions.canary-header"]',
        '.metadata.annotations["alb.ingress.kubernetes.io/conditions.canary-header"]',
        '.spec.rules[].http.paths[] | select(.backend.service.name == "canary-header")',
    ]
