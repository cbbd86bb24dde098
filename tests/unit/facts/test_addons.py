"""Add-ons: charts, values, and who needs them."""

from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.errors import InputError
from hftgen.facts.addon_values import GATEWAYS, find_values
from hftgen.facts.derive import derive
from hftgen.facts.routes import ISTIO_GATEWAYS
from hftgen.spec.addon_table import Span
from hftgen.tables import read_tables
from tests.unit.facts.sites import PROMETHEUS, STANDBY, load_spec, make_site

CANARY = {"strategy": "canary", "steps": [{"weight": 50, "pause": "1m"}, {"weight": 100}], "analysis": "none"}
EXPOSED = {"ports": {"http": 80}, "replicas": 2, "expose": {"host": "a.example.com", "via": "gateway"}}
ROLLOUTS = {"argo-rollouts": {"version": "1.9.1"}}
ISTIO = {**ROLLOUTS, "gateway": {"version": "1.31.1"}}


def _cluster(services: dict[str, Any], **sections: Any) -> dict[str, Any]:
    context = derive(load_spec(services, **sections), Calendars())
    return dict(context["clusters"]["main"])


def _route(router: str, **fields: Any) -> dict[str, Any]:
    return {**EXPOSED, **fields, "release": {**CANARY, "traffic": {"router": router}}}


def test_a_chart_is_an_application() -> None:
    """Pinned by the table, in the add-on's namespace; what holds CRDs never goes by itself."""
    (application,) = _cluster({"a": {}}, addons=ROLLOUTS)["addons"]["argo-rollouts"]["applications"]
    assert application["name"] == "shop-test-addon-argo-rollouts"
    assert (application["chart"], application["revision"]) == ("argo-rollouts", "2.41.1")
    assert {"CreateNamespace=true", "Prune=confirm", "Delete=confirm"} <= set(application["syncOptions"])


def test_a_spec_may_say_the_chart() -> None:
    """And then the version need not be known."""
    addons = {"velero": {"version": "1.99.0", "chart": "13.1.0"}}
    (application,) = _cluster({"a": {}}, addons=addons)["addons"]["velero"]["applications"]
    assert application["revision"] == "13.1.0"


def test_what_others_install_is_not_rendered() -> None:
    """No Application, no right of the project; the README says what is left to them."""
    cluster = _cluster({"a": _route("none")}, addons={"argo-rollouts": {"manage": False}, "gateway": {"manage": False}})
    assert cluster["addons"] == {}
    assert cluster["argocd"]["addonProject"] is None
    assert [(each["name"], each["kinds"]) for each in cluster["argocd"]["unmanaged"]] == [
        ("argo-rollouts", ["Rollout"]),
        ("gateway", ["Gateway", "HTTPRoute"]),
    ]


def test_what_others_install_must_fit() -> None:
    """A controller without the plugin fails each release; a route on gateway pods that nobody has leads nowhere."""
    addons = {"argo-rollouts": {"manage": False}, "gateway": {"manage": False}}
    wanted = {
        "none": {"argo-rollouts": [], "gateway": []},
        "gateway": {"argo-rollouts": ["its plugin `argoproj-labs/gatewayAPI`"], "gateway": []},
        "istio": {"argo-rollouts": [], "gateway": ["pods labelled `istio: ingressgateway`"]},
    }
    for router, conditions in wanted.items():
        unmanaged = _cluster({"a": _route(router)}, addons=addons)["argocd"]["unmanaged"]
        assert {each["name"]: each["with"] for each in unmanaged} == conditions


def test_istios_own_gateway_only_where_it_is_used() -> None:
    """A Gateway of the Gateway API makes its own pods."""
    names = {}
    for router, internal in (("istio", False), ("istio", True), ("none", False)):
        service = _route(router, expose={"host": "a.example.com", "via": "gateway", "internal": internal})
        applications = _cluster({"a": service}, addons=ISTIO)["addons"]["gateway"]["applications"]
        found = [application["name"].removeprefix("shop-test-addon-") for application in applications]
        names[router, internal] = found
    shared = ["gateway-api", "istio-base", "istiod"]
    assert names == {
        ("none", False): shared,
        ("istio", False): [*shared, "istio-ingressgateway"],
        ("istio", True): [*shared, "istio-ingressgateway-internal"],
    }


def test_istios_plugin_where_pod_security_admits_no_init_container() -> None:
    """Without it an injected pod asks for NET_ADMIN, and the API server refuses it. Nodes that trade have none."""
    meshed = {"a": {"mesh": True}}
    pools = {
        "fast": {"machine": "c5.metal", "min": 1, "max": 1, "pinning": "static"},
        "rest": {"machine": "m5.large", "min": 1, "max": 2},
    }
    place = {"cloud": "aws", "region": "us-east-1", "zones": ["us-east-1a"]}
    for level, wanted in (("restricted", True), ("baseline", True), ("privileged", False)):
        sections = {
            "addons": ISTIO,
            "security": {"podSecurity": level},
            "clusters": {"main": {**place, "pools": pools}},
        }
        applications = _cluster(meshed, **sections)["addons"]["gateway"]["applications"]
        found = {item["name"].removeprefix("shop-test-addon-"): item["values"] for item in applications}
        assert ("istio-cni" in found, "cni" in found["istiod"]) == (wanted, wanted)
        kinds = _cluster(meshed, **sections)["argocd"]["addonProject"]["namespaced"]
        assert ({"group": "apps", "kind": "DaemonSet"} in kinds) is wanted
        assert not wanted or "'NotIn', 'values': ['fast']" in str(found["istio-cni"])
    google = {"main": {"cloud": "gcp", "region": "us-central1"}}
    site = make_site(meshed, addons=ISTIO, security={"podSecurity": "restricted"}, clusters=google)
    assert find_values(site, "istio-cni") == {"global": {"platform": "gke"}}
    others = _cluster(
        meshed, addons={"gateway": {"controller": "istio", "manage": False}}, security={"podSecurity": "baseline"}
    )
    assert "Istio's CNI plugin" in " ".join(others["argocd"]["outside"])


def test_clouds_with_a_metrics_server_get_no_other() -> None:
    """Theirs has the same name, and takes back what another writes."""
    for cloud, wanted in (("kind", True), ("gcp", False), ("azure", False)):
        clusters = {"main": {"cloud": cloud, **({"region": "r"} if cloud != "kind" else {})}}
        assert (
            "metrics-server"
            in _cluster({"a": {}}, addons={"metrics-server": {"version": "0.8.1"}}, clusters=clusters)["addons"]
        ) is wanted


def test_the_project_admits_what_the_charts_install() -> None:
    """Each repository, namespace and kind of the charts, namespaces by name, and nothing by pattern."""
    project = _cluster({"a": {}}, addons={**ROLLOUTS, "metrics-server": {"version": "0.8.1"}})["argocd"]["addonProject"]
    assert project["repositories"] == [
        "https://argoproj.github.io/argo-helm",
        "https://kubernetes-sigs.github.io/metrics-server",
    ]
    assert project["namespaces"] == ["argo-rollouts", "kube-system"]
    assert project["cluster"][0] == {"group": "", "kind": "Namespace", "name": "argo-rollouts"}
    assert {"group": "apiregistration.k8s.io", "kind": "APIService"} in project["cluster"]
    assert len(project["namespaced"]) == len({tuple(each.items()) for each in project["namespaced"]})
    assert "*" not in str(project)


def test_the_plugin_only_where_a_router_needs_it() -> None:
    """The controller does not start where a plugin cannot be had."""
    for router, wanted in (("gateway", True), ("none", False)):
        values = find_values(make_site({"a": _route(router)}, addons=ISTIO), "argo-rollouts")
        assert ("trafficRouterPlugins" in values["controller"]) is wanted


def test_the_plugin_is_for_the_nodes_there_are() -> None:
    """Pods that ask for nodes of another kind wait for ever, and no release goes on; pinned nodes take none of them."""
    arm, amd = ({"machine": machine, "min": 1, "max": 3} for machine in ("m7g.2xlarge", "m7i.4xlarge"))
    pinned = {"machine": "c7i.metal-24xl", "min": 3, "max": 3, "pinning": "static", "reserved": "0-1,48-49"}
    wanted = {"arm64": {"a": arm, "b": pinned}, "amd64": {"a": arm, "b": amd}}
    for architecture, pools in wanted.items():
        clusters = {"main": {"cloud": "aws", "region": "us-east-1", "zones": ["us-east-1a"], "pools": pools}}
        service = _route("gateway", cpu="1", memory="1Gi", pool="a")
        values = find_values(make_site({"a": service}, addons=ISTIO, clusters=clusters), "argo-rollouts")["controller"]
        assert values["nodeSelector"] == {"kubernetes.io/arch": architecture}
        assert values["trafficRouterPlugins"][0]["location"].endswith(f"-{architecture}")


def test_prometheus_has_the_name_that_the_spec_calls_it_by() -> None:
    """A Service of that name and port, where the address lies in the add-on's namespace."""
    addons = {"prometheus-operator": {"version": "0.93.0"}}
    values = find_values(make_site({"a": {}}, addons=addons, observability=PROMETHEUS), "prometheus-operator")
    (service,) = values["extraManifests"]
    assert (service["metadata"]["name"], service["spec"]["ports"][0]["port"]) == ("prometheus", 9090)
    assert values["prometheus"]["prometheusSpec"]["ruleSelectorNilUsesHelmValues"] is False
    elsewhere = {"prometheus": {"address": "https://prometheus.example.com", "scrapeInterval": "15s"}}
    site = make_site({"a": {}}, addons=addons, observability=elsewhere)
    assert "extraManifests" not in find_values(site, "prometheus-operator")


def test_one_of_istios_gateways_is_on_the_internet() -> None:
    """The other is private, whatever else is exposed; the pods' label is that of the routes."""
    aws = {"main": {"cloud": "aws", "region": "us-east-1"}}
    for suffix, scheme in (("", "internet-facing"), ("-internal", "internal")):
        values = find_values(make_site({"a": {}}, addons=ISTIO, clusters=aws), f"istio-ingressgateway{suffix}")
        annotations = values["service"]["annotations"]
        assert annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"] == scheme
    assert {f"istio-{selector['istio']}": internal for internal, selector in ISTIO_GATEWAYS.items()} == GATEWAYS


def test_no_value_is_a_credential() -> None:
    """Values of every chart, however the spec is: no key that holds one."""
    site = make_site({"a": _route("istio")}, addons=ISTIO, observability=PROMETHEUS)
    for entry in site.tables.addons.values():
        for chart in entry.charts:
            assert not {"password", "token", "secretContents"} & set(str(find_values(site, chart)).lower().split("'"))


def test_a_kind_that_nobody_brings_is_refused() -> None:
    """Once for each add-on and field, with its place, on whichever cluster it is rendered."""
    with pytest.raises(InputError) as caught:
        derive(load_spec({"a": _route("none"), "b": {}}, clusters=STANDBY), Calendars())
    assert [(problem.path, problem.found) for problem in caught.value.problems] == [
        ("services.a.expose", "no addons.gateway"),
        ("services.a.release", "no addons.argo-rollouts"),
    ]
    assert all(problem.line for problem in caught.value.problems)


def test_a_service_without_releases_needs_nothing() -> None:
    """Deployments and load balancers are Kubernetes' own."""
    assert _cluster({"a": {"ports": {"http": 80}, "expose": {"via": "loadBalancer", "port": "http"}}})["addons"] == {}


def test_a_repository_adds_versions_and_charts() -> None:
    """A version is added to ours; a whole entry is another add-on."""
    own = b"""
velero: {versions: {2.0.0: {chart: 20.0.0, kubernetes: 1.40+}}}
kyverno:
  charts: {kyverno: {repository: https://kyverno.github.io/kyverno, chart: kyverno}}
  kinds: {cluster: [rbac.authorization.k8s.io/ClusterRole]}
  versions: {1.15.0: {chart: 3.5.0}}
"""
    addons = read_tables({"addons.yaml": own}).addons
    assert set(addons["velero"].versions) == {*read_tables().addons["velero"].versions, "2.0.0"}
    assert addons["velero"].charts == read_tables().addons["velero"].charts
    assert addons["kyverno"].kinds.cluster[0].split_group() == ("rbac.authorization.k8s.io", "ClusterRole")


def test_a_span_of_versions() -> None:
    """Both ends belong to it; a plus has no end."""
    assert [Span.parse("1.33-1.36").holds(f"1.{minor}") for minor in (32, 33, 36, 37)] == [False, True, True, False]
    assert Span.parse("1.9+".replace("1.9", "1.31")).holds("1.100")
