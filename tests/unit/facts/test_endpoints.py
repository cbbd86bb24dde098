"""Services of Kubernetes."""

from typing import Any

import pytest

from hftgen.facts.parts import collect
from tests.unit.facts.sites import STANDBY, describe_app, find, list_names, make_site

PORTS = {"http": 80, "metrics": 90}
STEPS = {"strategy": "canary", "steps": [50, 100]}
ROUTED = {**STEPS, "traffic": {"router": "istio"}}


def describe_stateful(instances: str) -> list[dict[str, Any]]:
    """A stateful service with ports."""
    return describe_app({"workload": "stateful", "instances": instances, "replicas": 2, "ports": PORTS})


@pytest.mark.parametrize(
    ("service", "names"),
    [
        ({}, []),
        ({"ports": PORTS}, ["app"]),
        ({"ports": PORTS, "replicas": 2, "release": STEPS}, ["app"]),
        ({"ports": PORTS, "release": ROUTED, "expose": {"host": "a.example.com"}}, ["app", "app-canary"]),
        ({"ports": PORTS, "release": {"strategy": "blueGreen"}}, ["app", "app-preview"]),
        ({"ports": PORTS, "workload": "job"}, []),
    ],
)
def test_services_follow_from_the_release(service: dict[str, Any], names: list[str]) -> None:
    """A canary without a router has one Service: the controller would keep stable's to the old pods."""
    assert list_names(describe_app(service), "Service") == names


def test_shards_are_addressed_by_ordinal() -> None:
    """No Service stands before two shards, so that nobody trades on another's session."""
    records = describe_stateful("sharded")
    assert list_names(records, "Service") == ["app-headless", "app-0", "app-1"]
    assert find(records, "Service", "app-1")["selector"] == {"statefulset.kubernetes.io/pod-name": "app-1"}


def test_two_ports_of_a_service_may_lead_to_one_of_its_pods() -> None:
    """Its container lists a number once, or a server-side apply is refused; Service and probes name that one."""
    ports: dict[str, Any] = {"http": {"port": 80, "target": 8080}, "web": {"port": 8000, "target": 8080}}
    ports["feed"] = {"port": 80, "target": 8080, "protocol": "UDP"}
    records = describe_app({"ports": ports, "probes": {"ready": {"tcp": "web"}, "live": {"http": "/", "port": "web"}}})
    (container,) = find(records, "Deployment")["pod"]["containers"]
    assert [port["name"] for port in container["ports"]] == ["feed", "http"]
    assert (container["probes"]["ready"]["tcp"], container["probes"]["live"]["port"]) == ("http", "http")
    targets = {port["name"]: port["target"] for port in find(records, "Service")["ports"]}
    assert targets == {"feed": "feed", "http": "http", "web": "http"}


def test_callers_reach_the_holder_only() -> None:
    """Of two passive pods one holds the Lease, and says so by a label."""
    records = describe_stateful("activePassive")
    assert find(records, "Service")["selector"]["hftgen.io/holder"] == "true"
    assert find(records, "Role")["pods"] == ["app-0", "app-1"]


def test_a_load_balancer_offers_one_port() -> None:
    """Metrics stay inside."""
    record = find(describe_app({"ports": PORTS, "expose": {"via": "loadBalancer"}}), "Service", "app-public")
    assert [port["name"] for port in record["ports"]] == ["http"]


def test_a_load_balancer_stands_before_what_was_promoted() -> None:
    """A Service beside the one that the controller switches would reach the preview's pods as well."""
    service = {"ports": PORTS, "expose": {"via": "loadBalancer"}, "release": {"strategy": "blueGreen"}}
    records = describe_app(service)
    assert list_names(records, "Service") == ["app", "app-preview"]
    assert find(records, "Service")["type"] == "LoadBalancer"
    assert "type" not in find(records, "Service", "app-preview")


def test_a_load_balancer_before_what_was_promoted_offers_what_somebody_uses() -> None:
    """It is the callers' name too. Metrics stay inside; of two protocols most clouds make no balancer."""
    ports = {"fix": 9878, "http": 80, "jmx": 9010, "feed": {"port": 7000, "protocol": "UDP"}, "metrics": 90}
    app = {"ports": ports, "expose": {"via": "loadBalancer", "port": "fix"}, "release": {"strategy": "blueGreen"}}
    site = make_site({"app": app, "caller": {"calls": [{"service": "app", "port": "http"}]}})
    records = collect(site)["app"]
    assert [port["name"] for port in find(records, "Service")["ports"]] == ["fix", "http"]
    assert len(find(records, "Service", "app-preview")["ports"]) == len(ports)


@pytest.mark.parametrize("release", [{"strategy": "rolling"}, {"strategy": "blueGreen"}])
def test_a_standby_claims_no_name(release: dict[str, Any]) -> None:
    """Of two clusters that say one name external-dns believes either: callers meet an engine that is not there."""
    app = {"ports": PORTS, "expose": {"via": "loadBalancer", "host": "fix.example.com"}, "release": release}
    name = "app" if release["strategy"] == "blueGreen" else "app-public"
    for cluster, claimed in (("main", True), ("spare", False)):
        record = find(describe_app(app, cluster=cluster, clusters=STANDBY), "Service", name)
        assert ("external-dns.alpha.kubernetes.io/hostname" in record.get("annotations", {})) is claimed


def test_a_load_balancer_stands_before_the_holder() -> None:
    """The pods that wait for the Lease answer nobody."""
    expose = {"via": "loadBalancer", "port": "http"}
    stateful = {"workload": "stateful", "instances": "activePassive", "replicas": 2, "ports": PORTS, "expose": expose}
    selector = find(describe_app(stateful), "Service", "app-public")["selector"]
    assert selector == {"app.kubernetes.io/name": "app", "hftgen.io/holder": "true"}


@pytest.mark.parametrize(
    ("ports", "probes", "said"),
    [
        ({"grpc": 50051}, {}, {"grpc": "kubernetes.io/h2c"}),
        ({"api": 50051}, {"ready": {"grpc": "api"}}, {"api": "kubernetes.io/h2c"}),
        ({"grpc": {"port": 50051, "appProtocol": "grpc"}}, {}, {"grpc": "grpc"}),
        ({"grpc-web": 8080}, {}, {"grpc-web": None}),
        ({"http": 80, "grpc": 50051}, {}, {"http": None, "grpc": None}),
    ],
)
def test_a_gateway_is_told_of_grpc(ports: dict[str, Any], probes: dict[str, Any], said: dict[str, str | None]) -> None:
    """Envoy speaks HTTP/1.1 to a port of an HTTPRoute that says nothing, and gRPC is HTTP/2 alone."""
    service = {"ports": ports, "probes": probes, "expose": {"host": "a.example.com"}}
    record = find(describe_app(service), "Service")
    assert {port["name"]: port.get("appProtocol") for port in record["ports"]} == said


def test_only_a_gateway_is_told_of_grpc() -> None:
    """Istio's own routes go by the port's name, and load balancers look at no requests."""
    router = {"release": ROUTED, "expose": {"host": "a.example.com"}}
    for service in ({}, router, {"expose": {"via": "loadBalancer"}}):
        (port,) = find(describe_app({"ports": {"grpc": 50051}, **service}), "Service")["ports"]
        assert "appProtocol" not in port
