"""Where secrets lie, and what brings them."""

from typing import Any

import pytest

from hftgen.facts.names import name_vault
from hftgen.facts.parts import collect
from tests.unit.facts.sites import IMAGE, VAULT, describe_app, find, list_names, make_site

UUID = "00000000-0000-0000-0000-000000000001"
SECRETS = {"TOKEN": {"ref": "app/to_ken", "key": "value"}}


@pytest.mark.parametrize(
    ("section", "key"),
    [
        (VAULT, "shop/test/app/to_ken"),
        ({"backend": "aws-secrets-manager", "path": "other"}, "other/test/app/to_ken"),
        ({"backend": "gcp-secret-manager"}, "shop-test-app-to_ken"),
        ({"backend": "azure-key-vault"}, "shop-test-app-to-ken"),
    ],
)
def test_a_ref_is_a_name_that_its_backend_allows(section: dict[str, Any], key: str) -> None:
    """Below path and environment; the project is the path where the spec names none."""
    record = find(describe_app({"secrets": SECRETS}, secrets=section), "ExternalSecret")
    assert record["data"] == [{"secretKey": "TOKEN", "key": key, "property": "value"}]


def test_each_container_gets_its_own_secrets_only() -> None:
    """A Secret is named for the container that reads it."""
    sidecar = {"image": IMAGE, "secrets": {"OTHER": {"ref": "app/other", "key": "k"}}}
    records = describe_app({"secrets": SECRETS, "sidecars": {"proxy": sidecar}}, secrets=VAULT)
    assert list_names(records, "ExternalSecret") == ["app", "app-proxy"]
    pod = find(records, "Deployment")["pod"]
    assert pod["containers"][0]["env"] == [{"name": "TOKEN", "secret": "app", "key": "TOKEN"}]
    assert pod["init"][0]["env"] == [{"name": "OTHER", "secret": "app-proxy", "key": "OTHER"}]


def test_each_shard_has_one_of_its_own() -> None:
    """As many as there are shards where it is active: a standby has them before the failover."""
    secrets = {"FIX": {"ref": "app/fix-{ordinal}", "key": "password", "mount": "/etc/fix"}}
    service = {"workload": "stateful", "instances": "sharded", "replicas": 2, "secrets": secrets}
    data = find(describe_app(service, secrets=VAULT), "ExternalSecret", "app-shards")["data"]
    assert [(entry["secretKey"], entry["key"]) for entry in data] == [
        ("FIX-0", "shop/test/app/fix-0"),
        ("FIX-1", "shop/test/app/fix-1"),
    ]


def test_the_store_logs_in_by_cluster() -> None:
    """Each cluster has an authentication mount of its own; tokens are for Vault alone."""
    parts = collect(make_site({"app": {"secrets": SECRETS}}, secrets=VAULT))
    provider = find(parts["platform"], "SecretStore", "secrets")["provider"]
    assert (provider["authMount"], provider["audience"], provider["role"]) == ("k8s-main", "vault", "shop-test")


def test_a_vault_has_a_name_of_its_own() -> None:
    """Azure allows 24 characters; two environments of a long project must not share one."""
    assert name_vault("shop", "test") == "shop-test"
    names = {name_vault("order-management-equities", environment) for environment in ("production", "staging")}
    assert len(names) == 2
    assert all(len(name) <= 24 and "--" not in name for name in names)


@pytest.mark.parametrize(
    ("section", "cluster", "reader", "provider"),
    [
        (
            {"backend": "aws-secrets-manager"},
            "main",
            {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/shop-test-secrets"},
            {"region": "eu-west-1"},
        ),
        (
            {"backend": "aws-secrets-manager", "account": "444455556666", "region": "us-east-1"},
            "other",
            {"eks.amazonaws.com/role-arn": "arn:aws:iam::444455556666:role/shop-test-secrets"},
            {"region": "us-east-1"},
        ),
        ({"backend": "gcp-secret-manager"}, "main", {}, {"account": "project-1"}),
        (
            {"backend": "azure-key-vault", "tenant": UUID, "identity": {"azure": UUID}},
            "main",
            {"azure.workload.identity/client-id": UUID, "azure.workload.identity/tenant-id": UUID},
            {"address": "https://shop-test.vault.azure.net"},
        ),
    ],
)
def test_the_reader_is_somebody_to_the_backends_cloud(
    section: dict[str, Any], cluster: str, reader: dict[str, str], provider: dict[str, str]
) -> None:
    """By a fixed name, in the account that keeps the secrets, whatever cloud the cluster is in."""
    clusters = {
        "main": {"cloud": "aws", "account": "111122223333", "region": "eu-west-1"},
        "other": {"cloud": "gcp", "account": "project-1", "region": "us-central1"},
    }
    site = make_site({"app": {"secrets": SECRETS}}, cluster=cluster, clusters=clusters, secrets=section)
    platform = collect(site)["platform"]
    assert find(platform, "ServiceAccount", "secret-reader").get("annotations", {}) == reader
    assert find(platform, "SecretStore", "secrets")["provider"] == provider
