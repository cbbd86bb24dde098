"""What stands before any service, and datastores."""

from typing import Any

from hftgen.facts.parts import collect
from hftgen.facts.record import Record
from tests.unit.facts.sites import STANDBY, VAULT, find, list_names, make_site

REDIS = {"engine": "redis", "version": "7", "placement": "cluster", "memory": "1Gi"}
POSTGRES = {"engine": "postgres", "version": "16", "placement": "cluster", "storage": "1Gi", "highAvailability": True}
CALLER = {
    "calls": ["cache", "db"],
    "secrets": {
        "A": {"ref": "cache/credentials", "key": "password"},
        "B": {"ref": "db/credentials", "key": "password"},
    },
}


def describe_part(part: str, services: dict[str, Any] | None = None, **sections: Any) -> list[Record]:
    """The records of one part."""
    return collect(make_site(services or {"app": {}}, **sections)).get(part, [])


def test_a_namespace_demands_what_the_spec_says() -> None:
    """Without a section `security` the API server demands nothing of a pod."""
    labels = find(describe_part("platform"), "Namespace", "shop-test")["labels"]
    assert not [key for key in labels if key.startswith("pod-security")]
    security = {"podSecurity": "restricted"}
    labels = find(describe_part("platform", security=security), "Namespace", "shop-test")["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert labels["pod-security.kubernetes.io/enforce-version"] == "v1.36"


def test_everything_is_closed_but_names() -> None:
    """Both ways, for every pod; names are asked of the cluster and of a node's cache."""
    records = describe_part("platform")
    deny, dns = find(records, "NetworkPolicy", "default-deny"), find(records, "NetworkPolicy", "allow-dns")
    assert (deny["selector"], deny["ingress"], deny["egress"]) == ({}, [], [])
    assert {"cidr": "169.254.20.10/32"} in dns["egress"][0]["peers"]


def test_names_are_asked_of_googles_own_cache() -> None:
    """Dataplane V2 hands a question to a pod that is none of kube-dns."""
    google = {"main": {"cloud": "gcp", "account": "project-1", "region": "us-central1"}}
    peers = find(describe_part("platform", clusters=google), "NetworkPolicy", "allow-dns")["egress"][0]["peers"]
    assert {"namespace": "kube-system", "pods": {"k8s-app": "node-local-dns"}} in peers
    assert {"cidr": "169.254.169.254/32"} in peers


def test_names_are_asked_of_azures_own_cache() -> None:
    """LocalDNS answers pods at an address of their node, where a pool has it."""
    azure = {"main": {"cloud": "azure", "account": "00000000-0000-0000-0000-000000000000", "region": "westeurope"}}
    peers = find(describe_part("platform", clusters=azure), "NetworkPolicy", "allow-dns")["egress"][0]["peers"]
    assert {"cidr": "169.254.10.11/32"} in peers


def test_priorities_are_made_where_they_are_used() -> None:
    """They are the cluster's, so they carry project and environment."""
    assert list_names(describe_part("platform"), "PriorityClass") == []
    services = {"app": {"latency": "low", "replicas": 2, "cpu": 1, "memory": "1Gi"}}
    assert list_names(describe_part("platform", services), "PriorityClass") == ["shop-test-low"]


def test_another_name_is_a_class_of_the_cluster() -> None:
    """Only `fast` and `standard` are ours to make."""
    volumes = {name: {"path": f"/{name}", "size": "1Gi", "class": name} for name in ("fast", "special")}
    services = {"app": {"workload": "stateful", "instances": "single", "volumes": volumes}}
    claims = find(collect(make_site(services))["app"], "StatefulSet")["claims"]
    assert [claim["class"] for claim in claims] == ["standard", "special"]


def describe_stores(**sections: Any) -> list[Record]:
    """A cache and a database that a service calls."""
    stores = {"cache": REDIS, "db": POSTGRES}
    return describe_part("datastores", {"app": CALLER}, datastores=stores, secrets=VAULT, **sections)


def test_a_database_is_the_operators() -> None:
    """Three instances survive the loss of a machine; its password is the one that services read."""
    records = describe_stores()
    assert find(records, "Cluster", "db")["instances"] == 3
    secret = find(records, "ExternalSecret", "db-credentials")
    assert secret["data"][0]["key"] == "shop/test/db/credentials"
    policy = find(records, "NetworkPolicy", "db")
    assert policy["ingress"][0]["peers"] == [{"pods": {"app.kubernetes.io/name": "app"}}]


def test_a_cache_forgets_before_it_is_killed() -> None:
    """Redis stays below the limit of its memory, keeps nothing on disk, and asks for a password."""
    args = find(describe_stores(), "StatefulSet", "cache")["pod"]["containers"][0]["args"]
    assert args[args.index("--maxmemory") + 1] == str(768 * 2**20)
    assert args[args.index("--maxmemory-policy") + 1] == "allkeys-lru"
    assert args[args.index("--aclfile") + 1] == "/etc/redis/users.acl"


def test_no_second_database_takes_writes() -> None:
    """A standby has none until it can be a replica; a cache without a disk runs anywhere."""
    records = describe_stores(cluster="spare", clusters=STANDBY)
    assert list_names(records, "Cluster") == []
    assert list_names(records, "StatefulSet") == ["cache"]


def test_an_environment_without_datastores_has_no_such_part() -> None:
    """Nothing is made for none."""
    assert describe_part("datastores") == []
