"""Edges of the network policies."""

from typing import Any

from hftgen.facts.parts import collect
from tests.unit.facts.sites import IMAGE, PROMETHEUS, describe_app, find, list_names, make_site

PORTS = {"http": {"port": 80, "target": 8080}, "grpc": 7070, "metrics": 9090}


def describe_policy(app: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """The policy of `app`, which `caller` calls."""
    site = make_site({"app": app, "caller": {"calls": ["app"]}}, **sections)
    return find(collect(site)["app"], "NetworkPolicy")


def test_an_edge_opens_both_ends() -> None:
    """The called one lets the caller in on the ports of its container, but for metrics; the caller is let out there."""
    site = make_site({"app": {"ports": PORTS}, "caller": {"calls": ["app"]}})
    parts = collect(site)
    (ingress,) = find(parts["app"], "NetworkPolicy")["ingress"]
    (egress,) = find(parts["caller"], "NetworkPolicy", "caller")["egress"]
    assert ingress["peers"] == [{"pods": {"app.kubernetes.io/name": "caller"}}]
    assert egress["peers"] == [{"pods": {"app.kubernetes.io/name": "app"}}]
    assert (
        ingress["ports"]
        == egress["ports"]
        == [
            {"port": 7070, "protocol": "TCP"},
            {"port": 8080, "protocol": "TCP"},
        ]
    )


def test_a_named_port_is_the_only_one() -> None:
    """`{service, port}` opens no other."""
    services = {"app": {"ports": PORTS}, "caller": {"calls": [{"service": "app", "port": "grpc"}]}}
    (rule,) = find(collect(make_site(services))["app"], "NetworkPolicy")["ingress"]
    assert [port["port"] for port in rule["ports"]] == [7070]


def test_pods_of_a_stateful_service_reach_each_other() -> None:
    """Brokers copy, a holder hands over: both ways, on all ports but metrics. One pod has nobody to talk to."""
    stateful = {"workload": "stateful", "instances": "sharded", "replicas": 3, "ports": PORTS}
    policy = find(describe_app(stateful), "NetworkPolicy")
    (rule,) = policy["ingress"]
    assert policy["egress"] == [rule]
    assert rule["peers"] == [{"pods": {"app.kubernetes.io/name": "app"}}]
    assert [port["port"] for port in rule["ports"]] == [7070, 8080]
    single = {"workload": "stateful", "instances": "single", "replicas": 1, "ports": PORTS}
    assert list_names(describe_app(single), "NetworkPolicy") == []


def test_pods_of_a_stateless_service_reach_each_other_by_a_call() -> None:
    """Only those that say so: most need not."""
    called = {"replicas": 3, "ports": PORTS, "calls": [{"service": "app", "port": "grpc"}]}
    policy = find(describe_app(called), "NetworkPolicy")
    for (rule,) in (policy["ingress"], policy["egress"]):
        assert rule["peers"] == [{"pods": {"app.kubernetes.io/name": "app"}}]
        assert [port["port"] for port in rule["ports"]] == [7070]
    assert list_names(describe_app({"replicas": 3, "ports": PORTS}), "NetworkPolicy") == []


def test_a_number_is_opened_once() -> None:
    """Two ports of the Service may lead to one of the container."""
    ports = {"http": {"port": 80, "target": 8080}, "web": {"port": 8000, "target": 8080}}
    (rule,) = describe_policy({"ports": ports})["ingress"]
    assert rule["ports"] == [{"port": 8080, "protocol": "TCP"}]


def test_who_is_not_called_and_calls_nobody_has_no_policy() -> None:
    """The platform's default deny holds it."""
    assert list_names(describe_app({"config": {"A": "1"}}), "NetworkPolicy") == []


def test_prometheus_reaches_the_metrics_port() -> None:
    """From its namespace, which its address tells; from nowhere where there is no Prometheus."""
    rules = describe_policy({"ports": PORTS}, observability=PROMETHEUS)["ingress"]
    assert rules[-1]["peers"] == [{"namespace": "monitoring"}]
    assert rules[-1]["ports"] == [{"port": 9090, "protocol": "TCP"}]
    assert len(describe_policy({"ports": PORTS})["ingress"]) == 1


def test_a_host_opens_its_port_but_not_the_nodes_credentials() -> None:
    """A policy cannot hold a name; the reader is told."""
    calls = [{"host": "api.example.com"}, {"cidr": "192.0.2.0/24", "port": 443}]
    host, network = find(describe_app({"calls": calls}), "NetworkPolicy")["egress"]
    assert host["peers"] == [{"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}]
    assert "api.example.com" in host["why"]
    assert network["peers"] == [{"cidr": "192.0.2.0/24"}]
    assert host["ports"] == network["ports"] == [{"port": 443, "protocol": "TCP"}]


def test_venues_are_the_clusters_prefixes() -> None:
    """Another cluster reaches the same venue elsewhere."""
    clusters = {"main": {"cloud": "kind", "network": {"venues": {"nyse": "198.51.100.0/28"}}}}
    (rule,) = find(describe_app({"venues": ["nyse"]}, clusters=clusters), "NetworkPolicy")["egress"]
    assert (rule["peers"], rule["ports"]) == ([{"cidr": "198.51.100.0/28"}], [])


def test_an_external_datastore_is_held_by_its_address() -> None:
    """An IPv4 address is a network of one; a name opens the port alone."""
    for address, peers in (
        ("192.0.2.7", [{"cidr": "192.0.2.7/32"}]),
        ("db.example.com", [{"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}]),
    ):
        store = {"engine": "postgres", "version": "16", "placement": "external", "address": address}
        secrets = {"P": {"ref": "db/credentials", "key": "password"}}
        records = describe_app(
            {"calls": ["db"], "secrets": secrets}, datastores={"db": store}, secrets={"backend": "gcp-secret-manager"}
        )
        (rule,) = find(records, "NetworkPolicy")["egress"]
        assert (rule["peers"], rule["ports"]) == (peers, [{"port": 5432, "protocol": "TCP"}])


def test_the_gateway_brings_requests() -> None:
    """From the namespace of the add-on, to the exposed port."""
    app = {"image": IMAGE, "ports": PORTS, "expose": {"host": "a.example.com"}}
    addons = {"gateway": {"controller": "istio", "version": "1.31.1"}}
    (rule,) = find(describe_app(app, addons=addons), "NetworkPolicy")["ingress"]
    assert (rule["peers"], rule["ports"]) == ([{"namespace": "istio-system"}], [{"port": 8080, "protocol": "TCP"}])


def test_an_ingress_of_the_cloud_comes_from_its_addresses() -> None:
    """Where a load balancer asks pods itself, no other namespace of the cluster need reach them."""
    app = {"ports": PORTS, "expose": {"host": "a.example.com", "via": "ingress"}}
    aws = {"cloud": "aws", "account": "111122223333", "region": "us-east-1", "network": {"vpc": "10.0.0.0/16"}}
    google = {"cloud": "gcp", "account": "project-1", "region": "us-central1"}
    found = {}
    for cluster in (aws, google, {"cloud": "kind"}):
        (rule,) = find(describe_app(app, clusters={"main": cluster}), "NetworkPolicy")["ingress"]
        found[cluster["cloud"]] = rule["peers"]
    assert found == {
        "aws": [{"cidr": "10.0.0.0/16"}],
        "gcp": [{"cidr": "35.191.0.0/16"}, {"cidr": "130.211.0.0/22"}],
        "kind": [{"namespace": None}],
    }
