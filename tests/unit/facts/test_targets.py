"""What an ALB asks pods."""

from typing import Any

import pytest

from hftgen.facts.parts import collect
from tests.unit.facts.sites import find, make_site

AWS = {"main": {"cloud": "aws", "region": "us-east-1"}}
EXPOSE = {"host": "a.example.com", "via": "ingress", "port": "main"}
PREFIX = "alb.ingress.kubernetes.io/"


@pytest.mark.parametrize(
    ("port", "ready", "expected"),
    [
        ({}, {"http": "/ready", "port": "main"}, {"healthcheck-path": "/ready", "success-codes": "200-399"}),
        ({}, {"http": "/ready", "port": "admin"}, {"success-codes": "200-499"}),
        ({}, {"http": "/ready", "port": "twin"}, {"healthcheck-path": "/ready", "success-codes": "200-399"}),
        ({}, {"tcp": "main"}, {"success-codes": "200-499"}),
        ({}, {"grpc": "main"}, {"backend-protocol-version": "GRPC"}),
        ({"appProtocol": "grpc"}, {"tcp": "main"}, {"backend-protocol-version": "GRPC"}),
        (
            {"appProtocol": "kubernetes.io/h2c"},
            {"tcp": "main"},
            {"backend-protocol-version": "HTTP2", "success-codes": "200-499"},
        ),
        (
            {},
            {"http": "/ready", "port": "main", "scheme": "HTTPS"},
            {
                "backend-protocol": "HTTPS",
                "healthcheck-path": "/ready",
                "healthcheck-protocol": "HTTPS",
                "success-codes": "200-399",
            },
        ),
    ],
)
def test_pods_are_asked_as_kubernetes_does(
    port: dict[str, Any], ready: dict[str, Any], expected: dict[str, str]
) -> None:
    """`/` in HTTP/1.1 with 200 is an ALB's own question, which few programs answer so: good pods would get nothing."""
    service = {
        "ports": {"main": {"port": 80, **port}, "admin": 81, "twin": {"port": 82, "target": 80}},
        "probes": {"ready": ready},
        "expose": EXPOSE,
    }
    annotations = find(collect(make_site({"app": service}, clusters=AWS))["app"], "Ingress")["annotations"]
    found = {key.removeprefix(PREFIX): value for key, value in annotations.items()}
    assert {
        key: value for key, value in found.items() if key not in ("scheme", "target-type", "listen-ports")
    } == expected
