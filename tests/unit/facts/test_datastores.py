"""Datastores: copies that follow, and names of those outside."""

from typing import Any

import pytest

from hftgen.facts.parts import collect
from hftgen.facts.record import Record
from tests.unit.facts.sites import VAULT, find, list_names, make_site

POSTGRES = {"engine": "postgres", "version": "16", "placement": "cluster", "storage": "1Gi"}
AWS = {"cloud": "aws", "account": "111122223333", "region": "us-east-1", "network": {"vpc": "10.1.0.0/16"}}
GOOGLE = {
    "cloud": "gcp",
    "account": "project-1",
    "region": "us-central1",
    "role": "standby",
    "network": {"vpc": "10.2.0.0/16", "pods": "10.4.0.0/14"},
}
REPLICATED: dict[str, Any] = {
    "clusters": {"main": AWS, "spare": GOOGLE},
    "recovery": {"rto": "1h", "rpo": "1m", "replication": "continuous"},
    "dns": {"provider": "aws", "zone": "example.com"},
    "datastores": {"db": POSTGRES},
    "secrets": VAULT,
}
CALLER = {"calls": ["db"], "secrets": {"P": {"ref": "db/credentials", "key": "password"}}}


def describe_stores(cluster: str = "main", **sections: Any) -> list[Record]:
    """The datastores of a site whose service calls `db`."""
    site = make_site({"app": CALLER}, cluster=cluster, **{**REPLICATED, **sections})
    return collect(site).get("datastores", [])


@pytest.mark.parametrize(("cluster", "source", "follows"), [("main", "spare", False), ("spare", "main", True)])
def test_a_standby_follows(cluster: str, source: str, follows: bool) -> None:  # noqa: FBT001
    """Both know both, and who is written to: a failover changes one field on each."""
    topology = find(describe_stores(cluster), "Cluster", "db")["topology"]
    assert (topology["here"], topology["primary"], topology["source"]) == (cluster, "main", source)
    assert topology["follows"] == follows
    assert topology["clusters"] == [
        {"name": "main", "host": "db.main.test.example.com"},
        {"name": "spare", "host": "db.spare.test.example.com"},
    ]


def test_who_follows_has_a_password_that_is_known_before() -> None:
    """The operator's own certificates are made when it comes up, so no manifest can name them."""
    secret = find(describe_stores("spare"), "ExternalSecret", "db-replicator")
    assert secret["data"][0]["key"] == "shop/test/db/replicator"
    assert secret["template"]["data"]["username"] == "replicator"


def test_copies_reach_each_other_and_nobody_else_does() -> None:
    """On AWS the balancer asks in the callers' place; elsewhere the others' machines and pods do."""
    for cluster, ingress, egress in (
        ("main", ["10.1.0.0/16"], ["10.2.0.0/16"]),
        ("spare", ["10.1.0.0/16"], ["10.1.0.0/16"]),
    ):
        policy = find(describe_stores(cluster), "NetworkPolicy", "db")
        assert [peer["cidr"] for peer in policy["ingress"][-1]["peers"]] == ingress
        assert [peer["cidr"] for peer in policy["egress"][-1]["peers"]] == egress


def test_the_way_in_for_copies_is_private() -> None:
    """A balancer in the private network, under the name that the others know."""
    service = find(describe_stores("spare"), "Cluster", "db")["topology"]["service"]
    assert service["name"] == "db-replicator"
    assert service["annotations"] == {
        "networking.gke.io/load-balancer-type": "Internal",
        "external-dns.alpha.kubernetes.io/hostname": "db.spare.test.example.com",
    }


def test_without_replication_a_standby_has_none() -> None:
    """A second database that takes writes would be worse than none; and nothing selects what is not there."""
    kept = {"schedule": "0 2 * * *", "keep": "48h"}
    sections = {**REPLICATED, "recovery": {"rto": "1h", "rpo": "2d", "backups": kept}}
    parts = collect(make_site({"app": CALLER}, cluster="spare", **sections))
    assert "datastores" not in parts
    assert list_names(parts["app"], "NetworkPolicy") == []


def test_a_name_outside_is_an_alias() -> None:
    """Callers know `db`, wherever it lies; another namespace's Service is named whole."""
    for address, alias in (("pg.example.com", "pg.example.com"), ("pg.data.svc", "pg.data.svc.cluster.local")):
        store = {"engine": "postgres", "version": "16", "placement": "external", "address": address, "port": 6432}
        record = find(describe_stores(datastores={"db": store}), "Service", "db")
        assert (record["type"], record["externalName"]) == ("ExternalName", alias)
        assert record["ports"] == [{"name": "postgres", "port": 6432, "protocol": "TCP"}]


def test_an_address_outside_stands_in_its_callers_hosts() -> None:
    """A Service would need an EndpointSlice, which Argo CD leaves out."""
    store = {"engine": "mysql", "version": "8", "placement": "external", "address": "192.0.2.7"}
    site = make_site({"app": CALLER, "other": {}}, **{**REPLICATED, "datastores": {"db": store}})
    parts = collect(site)
    assert find(parts["app"], "Deployment")["pod"]["aliases"] == [{"ip": "192.0.2.7", "names": ["db"]}]
    assert "aliases" not in find(parts["other"], "Deployment", "other")["pod"]
    assert "datastores" not in parts


def test_a_managed_one_has_a_name_that_is_known_before() -> None:
    """In the zone, one a cluster; the cloud's own where the spec says it."""
    store = {"engine": "redis", "version": "7", "placement": "managed"}
    found = {}
    for addresses in ({}, {"main": "db.abc.rds.amazonaws.com"}):
        records = describe_stores(datastores={"db": {**store, "addresses": addresses}})
        found[len(addresses)] = find(records, "Service", "db")["externalName"]
    assert found == {0: "db.main.test.example.com", 1: "db.abc.rds.amazonaws.com"}
