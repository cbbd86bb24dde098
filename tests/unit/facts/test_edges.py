"""What people make around a cluster: names, identities, passwords."""

from typing import Any

from hftgen.facts.edges import describe_edges
from hftgen.facts.site import Site
from tests.unit.facts.sites import make_site

AWS = {"main": {"cloud": "aws", "account": "111122223333", "region": "us-gov-east-1"}}
SPARE = {"spare": {"cloud": "azure", "role": "standby"}}
STORES = {
    "db": {"engine": "postgres", "version": "16", "placement": "cluster", "storage": "1Gi"},
    "ledger": {"engine": "redis", "version": "7", "placement": "managed", "storage": "1Gi"},
}
SECTIONS: dict[str, Any] = {
    "clusters": AWS | SPARE,
    "datastores": STORES,
    "dns": {"provider": "aws", "zone": "example.com"},
    "recovery": {"rto": "1h", "rpo": "1m", "replication": "continuous"},
    "secrets": {"backend": "aws-secrets-manager"},
    "addons": {"cert-manager": {"version": "1.21.2"}},
}
SERVICES: dict[str, Any] = {
    "lead": {"workload": "stateful", "instances": "activePassive", "replicas": 2, "ports": {"http": 80}},
    "web": {
        "ports": {"http": 80},
        "expose": {"host": "a.example.com", "via": "loadBalancer", "tls": True},
        "identity": {"aws": "arn:aws-us-gov:iam::111122223333:role/web"},
    },
}


def make(cluster: str = "main", **sections: Any) -> Site:
    """A site with a bit of everything."""
    return make_site(SERVICES, cluster=cluster, **{**SECTIONS, **sections})


def test_names_that_lead_somewhere() -> None:
    """A copy's way in, and the cloud's own name of what it manages."""
    records = describe_edges(make())["records"]
    assert [record["name"] for record in records] == ["db.main.test.example.com", "ledger.main.test.example.com"]
    said = {**STORES, "ledger": {**STORES["ledger"], "addresses": {"main": "x.rds.amazonaws.com"}}}
    assert len(describe_edges(make(datastores=said))["records"]) == 1


def test_whom_the_cloud_must_know() -> None:
    """Roles under fixed names, in the region's partition; on another cloud none of a service's."""
    found = {each["account"]: each["identity"] for each in describe_edges(make())["identities"]}
    prefix = "arn:aws-us-gov:iam::111122223333:role"
    assert found == {
        "secret-reader": f"{prefix}/shop-test-secrets",
        "shop-test-dns": f"{prefix}/shop-test-dns",
        "web": f"{prefix}/web",
    }
    assert "web" not in {each["account"] for each in describe_edges(make("spare"))["identities"]}


def test_what_is_told_of_a_host_and_of_a_holder() -> None:
    """Who makes the certificate, and whose label leads requests."""
    edges = describe_edges(make())
    (entry,) = edges["entries"]
    assert entry["certificate"] == "by cert-manager in `shop-test`"
    (holder,) = edges["holders"]
    assert holder["pods"] == ["lead-0", "lead-1"]
    (entry,) = describe_edges(make(addons={}))["entries"]
    assert entry["certificate"] == "Secret `web-tls` in `shop-test`, by hand"
