"""Ways in from outside."""

from typing import Any

from hftgen.facts.parts import collect
from tests.unit.facts.sites import DIGEST, describe_app, find, make_site

ADDONS = {"gateway": {"controller": "istio", "version": "1.31.1"}}
PORTS = {"http": {"port": 80, "target": 8080}}
EXPOSE = {"host": "a.example.com", "internal": True}


def describe_route(service: dict[str, Any], kind: str) -> dict[str, Any]:
    """The route of an exposed service."""
    return find(describe_app({"ports": PORTS, "expose": EXPOSE, **service}, addons=ADDONS), kind)


def test_a_route_hangs_on_the_gateway_of_its_network() -> None:
    """Its listener is the platform's, in the gateway's namespace; names there carry project and environment."""
    route = describe_route({}, "HTTPRoute")
    assert route["parent"] == {"name": "shop-test-internal", "namespace": "istio-system", "section": "app"}
    parts = collect(make_site({"app": {"ports": PORTS, "expose": EXPOSE}}, addons=ADDONS))
    gateway = find(parts["platform"], "Gateway", "shop-test-internal")
    assert gateway["namespace"] == "istio-system"
    assert gateway["listeners"] == [{"name": "app", "host": "a.example.com", "certificate": "shop-test-app-tls"}]


def test_development_needs_no_certificate() -> None:
    """TLS left out is TLS everywhere else."""
    site = make_site({"app": {"ports": PORTS, "expose": EXPOSE}}, addons=ADDONS, tier="development")
    gateway = find(collect(site)["platform"], "Gateway", "shop-test-internal")
    assert gateway["listeners"] == [{"name": "app", "host": "a.example.com"}]


def test_a_variant_gets_its_header_or_its_share() -> None:
    """Headers are looked at first; the service keeps what the weights leave."""
    image = f"registry.example.com/shop/app:v2@{DIGEST}"
    variants = {
        "b": {"image": image, "weight": 30},
        "c": {"image": image, "header": {"name": "X-V", "value": "c"}},
    }
    test = {
        "strategy": "abTest",
        "variants": variants,
        "metric": {"query": "x", "better": "higher", "minSamples": 1},
        "until": "2030-01-01",
    }
    header, shares = describe_route({"release": test}, "HTTPRoute")["rules"]
    assert header["header"] == {"name": "X-V", "value": "c"}
    assert header["backends"] == [{"name": "app-c", "port": 80}]
    assert shares["backends"] == [
        {"name": "app", "port": 80, "weight": 70},
        {"name": "app-b", "port": 80, "weight": 30},
    ]


def test_a_canary_begins_with_nothing() -> None:
    """All weight is stable's until the controller moves it."""
    steps = {"strategy": "canary", "steps": [50, 100], "traffic": {"router": "istio"}}
    route = describe_route({"release": steps}, "VirtualService")
    assert [backend["weight"] for backend in route["backends"]] == [100, 0]
    assert (route["host"], route["aliases"], route["gateways"]) == ("a.example.com", [], ["app"])


def test_callers_in_the_mesh_are_weighed_too() -> None:
    """Only pods with a proxy see a VirtualService inside."""
    steps = {"strategy": "canary", "steps": [50, 100], "traffic": {"router": "istio"}}
    app = {"ports": PORTS, "expose": EXPOSE, "release": steps}
    site = make_site({"app": app, "other": {"calls": ["app"], "mesh": True}}, addons=ADDONS)
    route = find(collect(site)["app"], "VirtualService")
    assert (route["aliases"], route["gateways"]) == (["app"], ["app", "mesh"])


def test_an_internal_host_never_hangs_on_a_public_gateway_of_googles() -> None:
    """Its classes have one reach each, and no annotation changes it."""
    services = {
        name: {"ports": {"http": 80}, "expose": {"host": f"{name}.example.com", "internal": name == "inside"}}
        for name in ("inside", "outside")
    }
    addons = {"gateway": {"controller": "gke-l7-global-external-managed", "manage": False}}
    google = {"main": {"cloud": "gcp", "region": "us-central1"}}
    records = collect(make_site(services, addons=addons, clusters=google))["platform"]
    found = {record["name"]: record for record in records if record["kind"] == "Gateway"}
    assert found["shop-test-internal"]["controller"] == "gke-l7-rilb"
    assert found["shop-test"]["controller"] == "gke-l7-global-external-managed"
    assert not [name for name, record in found.items() if record.get("balancer")]


def test_callers_in_the_mesh_keep_their_other_ports() -> None:
    """A VirtualService means every port of a host unless it says one: others would lead to the one that is weighed."""
    steps = {"strategy": "canary", "steps": [50, 100], "traffic": {"router": "istio"}}
    app = {"ports": {**PORTS, "http-admin": 81}, "release": steps}
    caller = {"calls": ["app"], "mesh": True}
    inside = find(collect(make_site({"app": app, "other": caller}, addons=ADDONS))["app"], "VirtualService")
    assert inside["matches"] == [{"port": 80}]
    both = find(
        collect(make_site({"app": {**app, "expose": EXPOSE}, "other": caller}, addons=ADDONS))["app"], "VirtualService"
    )
    assert both["matches"] == [{"gateways": ["app"]}, {"gateways": ["mesh"], "port": 80}]
    assert "matches" not in describe_route({"release": steps}, "VirtualService")


def test_nginx_speaks_grpc_to_what_speaks_it() -> None:
    """Else it speaks HTTP/1.1."""
    nginx = {
        "ports": {"api": 50051},
        "probes": {"ready": {"grpc": "api"}},
        "expose": {"host": "a.example.com", "via": "ingress", "port": "api"},
        "release": {"strategy": "canary", "steps": [50, 100], "traffic": {"router": "nginx"}},
    }
    annotations = find(describe_app(nginx), "Ingress")["annotations"]
    assert annotations == {"nginx.ingress.kubernetes.io/backend-protocol": "GRPC"}
