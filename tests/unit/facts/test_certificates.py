"""Certificates of exposed hosts."""

from typing import Any

import pytest

from hftgen.facts.certificates import find_certificate
from hftgen.facts.parts import collect
from tests.unit.facts.sites import describe_app, find, list_names, make_site

ADDONS = {"gateway": {"version": "1.31.1"}, "cert-manager": {"version": "1.21.2"}}
AWS = {"main": {"cloud": "aws", "account": "111122223333", "region": "eu-central-1"}}
GOOGLE = {"main": {"cloud": "gcp", "account": "project-1", "region": "us-central1"}}
AZURE = {"main": {"cloud": "azure", "account": "00000000-0000-0000-0000-000000000000", "region": "eastus2"}}
CANARY = {"strategy": "canary", "steps": [50, 100], "pause": "manual", "traffic": {"router": "istio"}}


def expose(via: str, **fields: Any) -> dict[str, Any]:
    """A service that is exposed."""
    return {"ports": {"http": 8080}, "expose": {"host": "a.example.com", "via": via, **fields}}


def dns(provider: str, **fields: Any) -> dict[str, Any]:
    """The zone of the hosts."""
    return {"provider": provider, "zone": "example.com", **fields}


@pytest.mark.parametrize("release", [None, CANARY])
def test_a_gateway_reads_in_its_own_namespace(release: dict[str, Any] | None) -> None:
    """There two environments meet, so the name carries project and environment."""
    service = expose("gateway") | ({"release": release} if release else {})
    records = describe_app(service, addons=ADDONS, dns=dns("aws"), clusters=AWS)
    record = find(records, "Certificate", "shop-test-app-tls")
    assert (record["namespace"], record["host"], record["issuer"]) == ("istio-system", "a.example.com", "shop-test")
    if release:
        assert find(records, "Gateway")["certificate"] == record["name"]


def test_an_ingress_reads_beside_it() -> None:
    """But for an ALB, which finds a certificate in ACM by the host's name."""
    record = find(
        describe_app(expose("ingress"), addons=ADDONS, dns=dns("gcp"), clusters=GOOGLE), "Certificate", "app-tls"
    )
    assert record["namespace"] == "shop-test"
    records = describe_app(expose("ingress"), addons=ADDONS, dns=dns("aws"), clusters=AWS)
    assert list_names(records, "Certificate") == []
    ingress = find(records, "Ingress")
    assert (ingress["tls"], "certificate" in ingress) == (True, False)
    assert ingress["annotations"]["alb.ingress.kubernetes.io/listen-ports"] == '[{"HTTPS": 443}]'


def test_a_load_balancer_hands_on_what_it_gets() -> None:
    """Only where the spec says so is there a certificate, and the pod itself shows it."""
    assert find_certificate(make_site({"app": expose("loadBalancer")}, dns=dns("aws")), "app", _service({})) is None
    records = describe_app(expose("loadBalancer", tls=True), addons=ADDONS, dns=dns("aws"), clusters=AWS)
    assert list_names(records, "Certificate") == ["app-tls"]
    pod = find(records, "Deployment")["pod"]
    assert {"name": "certificate", "secret": "app-tls"} in pod["volumes"]
    assert {"name": "certificate", "path": "/etc/certificate", "readOnly": True} in pod["containers"][0]["mounts"]


def _service(fields: dict[str, Any]) -> Any:
    return make_site({"app": expose("loadBalancer", **fields)}).services["app"]


@pytest.mark.parametrize(
    ("clusters", "section", "solver"),
    [
        (GOOGLE, dns("gcp"), {"cloudDNS": {"project": "project-1"}}),
        (AWS, dns("gcp", account="zones-1"), {"cloudDNS": {"project": "zones-1"}}),
        (
            AZURE,
            dns("azure", resourceGroup="zones"),
            {
                "azureDNS": {
                    "subscriptionID": "00000000-0000-0000-0000-000000000000",
                    "resourceGroupName": "zones",
                    "hostedZoneName": "example.com",
                }
            },
        ),
    ],
)
def test_hosts_are_proved_by_their_zone(clusters: dict[str, Any], section: dict[str, Any], solver: Any) -> None:
    """In the account that holds it, under names that are known before anything is made."""
    parts = collect(make_site({"app": expose("gateway")}, addons=ADDONS, dns=section, clusters=clusters))
    assert find(parts["platform"], "ClusterIssuer", "shop-test")["solver"] == solver


def test_route_53_is_asked_as_a_role_of_the_environment() -> None:
    """cert-manager may take the place of one service account, in its own namespace."""
    parts = collect(make_site({"app": expose("gateway")}, addons=ADDONS, dns=dns("aws"), clusters=AWS))
    route = find(parts["platform"], "ClusterIssuer", "shop-test")["solver"]["route53"]
    assert route["role"] == "arn:aws:iam::111122223333:role/shop-test-dns"
    assert route["auth"]["kubernetes"]["serviceAccountRef"]["name"] == "shop-test-dns"
    role = find(parts["platform"], "Role", "shop-test-dns")
    assert (role["namespace"], role["tokens"]) == ("cert-manager", "shop-test-dns")


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {"addons": {"gateway": {"version": "1.31.1"}}, "dns": dns("aws"), "clusters": AWS},
        {"addons": ADDONS, "clusters": AWS},
        {"addons": ADDONS, "dns": dns("aws")},
        {"addons": ADDONS, "dns": {"provider": "aws", "zone": "other.com"}, "clusters": AWS},
    ],
)
def test_nobody_makes_what_nobody_can_prove(sections: dict[str, Any]) -> None:
    """No add-on, no zone, no account, another zone: the Secret is somebody's to make, and no issuer is rendered."""
    site = make_site({"app": expose("ingress")}, **sections)
    found = find_certificate(site, "app", site.services["app"])
    assert found is None or found.secret is None or not found.made
    parts = collect(site)
    assert list_names(parts["app"], "Certificate") == list_names(parts["platform"], "ClusterIssuer") == []


def test_somebody_elses_issuer() -> None:
    """It proves any host, and none is rendered."""
    addons = {"cert-manager": {"version": "1.21.2", "issuer": "our-ca"}}
    parts = collect(make_site({"app": expose("ingress")}, addons=addons))
    assert find(parts["app"], "Certificate", "app-tls")["issuer"] == "our-ca"
    assert list_names(parts["platform"], "ClusterIssuer") == []
