"""What the chart's values may be, and what the chart wants to find."""

from typing import Any

import jsonschema
import pytest

from hftgen.facts.chart_needs import describe_needs
from hftgen.facts.chart_schema import describe_schema
from hftgen.facts.parts import collect
from tests.unit.facts.sites import METRICS, VAULT, make_site

IMAGE = {"repository": "registry.example.com/shop/web", "tag": "v1", "digest": ""}
VALUES: dict[str, Any] = {
    "cluster": "main",
    "namespace": {"create": False},
    "services": {
        "web": {"replicas": 2, "image": IMAGE, "config": {"A": "b"}, "containers": {"proxy": {"image": IMAGE}}},
        "scaled": {"image": IMAGE, "resources": {"limits": {"cpu": "100m", "example.com/nic": 1}}},
    },
}
SCHEMA = describe_schema(
    {"main": VALUES, "spare": {**VALUES, "cluster": "spare", "datastores": {"db": {"replicas": 1}}}}
)


def change(path: str, value: Any) -> dict[str, Any]:
    """The values with one more."""
    changed = {**VALUES}
    here = changed
    *parents, last = path.split("/")
    for name in parents:
        here[name] = {**here.get(name, {})}
        here = here[name]
    here[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cluster", "spare"),
        ("services/web/replicas", 0),
        ("services/web/image/digest", f"sha256:{'0' * 64}"),
        ("services/web/config/NEW", "x"),
        ("services/scaled/resources/requests", {"memory": "1Gi", "cpu": 1}),
        ("datastores/db/replicas", 2),
        ("global/anything", {"a": 1}),
    ],
)
def test_what_objects_refer_to_may_be_set(path: str, value: Any) -> None:
    """On whatever cluster the reference is."""
    jsonschema.validate(change(path, value), SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cluster", "other"),
        ("services/wbe/replicas", 1),
        ("services/scaled/replicas", 1),
        ("services/web/replicas", -1),
        ("services/web/host", "a.example.com"),
        ("services/web/image/tag", "no tag"),
        ("services/web/image/repository", "Not/A/Repository"),
        ("services/web/config/A", 1),
        ("services/web/config/1 A", "x"),
        ("services/scaled/resources/limits", {"memory": "8GB"}),
        ("services/scaled/resources/claims", []),
        ("datastores/other/replicas", 2),
    ],
)
def test_what_would_do_nothing_is_refused(path: str, value: Any) -> None:
    """Or what an object could not hold."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(change(path, value), SCHEMA)


def test_what_kubernetes_lacks_is_told() -> None:
    """Kinds by group, other namespaces, and Secrets by the keys that pods read."""
    service = {
        "ports": {"http": 80, "metrics": 9090},
        "secrets": {"TOKEN": {"ref": "web/token", "key": "token"}},
        "metrics": METRICS,
        "release": {"strategy": "blueGreen"},
    }
    site = make_site({"web": service}, secrets=VAULT)
    needs = describe_needs(site, collect(site))
    kinds = {item["group"]: item["kinds"] for item in needs["kinds"]}
    assert kinds["argoproj.io"] == ["Rollout"]
    assert kinds["external-secrets.io"] == ["ExternalSecret", "SecretStore"]
    assert not {"", "apps", "networking.k8s.io"} & kinds.keys()
    secret = {"name": "web", "namespace": "shop-test", "type": "Opaque", "keys": ["TOKEN"]}
    assert (needs["secrets"], needs["unmade"]) == ([secret], [])
    assert site.namespace not in needs["namespaces"]


def test_secrets_that_nobody_makes_are_told() -> None:
    """By name and key: without the section `secrets` all of them, and certificates where there is no cert-manager."""
    token = {"ref": "web/{ordinal}", "key": "token", "mount": "/etc/token"}
    engine = {"workload": "stateful", "instances": "sharded", "replicas": 2, "secrets": {"TOKEN": token}}
    gateway = {"secrets": {"A": {"ref": "a", "key": "a"}}, "ports": {"fix": 9878}}
    gateway |= {"expose": {"via": "loadBalancer", "host": "fix.example.com", "tls": True}}
    site = make_site({"engine": engine, "gateway": gateway})
    told = {item["name"]: item["keys"] for item in describe_needs(site, collect(site))["unmade"]}
    shards, tls = ["TOKEN-0", "TOKEN-1"], ["tls.crt", "tls.key"]
    assert told == {"engine-shards": shards, "gateway": ["A"], "gateway-tls": tls}
