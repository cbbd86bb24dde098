"""Findings on AWS: what is made as it is told, and may not be what was meant."""

from typing import Any

import pytest

from hftgen.check import aws
from hftgen.spec.load import Loaded
from tests.unit.facts.sites import load_spec

CLUSTER: dict[str, Any] = {
    "cloud": "aws",
    "account": "111122223333",
    "region": "eu-west-2",
    "zones": ["eu-west-2a", "eu-west-2b"],
    "state": {"bucket": "shop-tfstate"},
    "network": {"vpc": "10.0.0.0/16"},
}
KEPT = {"schedule": "0 2 * * *", "keep": "2000h", "offsite": True}
DATABASE = {"engine": "postgres", "version": "16", "placement": "managed", "storage": "100Gi"}


def load_cluster(access: dict[str, Any] | None = None, **sections: Any) -> Loaded:
    """An environment of one cluster in London that Terraform makes."""
    clusters = {"main": CLUSTER | ({} if access is None else {"access": access})}
    return load_spec({"web": {}}, **{"clusters": clusters, "terraform": {"version": "1.11"}, **sections})


def test_a_cluster_in_which_nobody_has_rights() -> None:
    """HFT-X54: without admins, and only where Terraform makes it."""
    assert [finding.rule for finding in aws.find_locked_clusters(load_cluster())] == ["HFT-X54"]
    assert list(aws.find_locked_clusters(load_cluster({"admins": ["oncall"]}))) == []
    assert list(aws.find_locked_clusters(load_spec({"web": {}}, clusters={"main": CLUSTER}))) == []


def test_an_api_server_that_everybody_reaches() -> None:
    """HFT-X55: the whole internet, and no smaller part of it."""
    found = list(aws.find_open_clusters(load_cluster({"cidrs": ["192.0.2.0/24", "0.0.0.0/0"]})))
    assert [finding.subject for finding in found] == ["clusters.main.access.cidrs[1]"]


@pytest.mark.parametrize(
    ("sections", "paths"),
    [
        ({}, []),
        ({"cost": {"currency": "EUR", "monthlyBudget": 100}}, ["cost.currency"]),
        ({"recovery": {"rto": "1h", "rpo": "24h", "backups": KEPT}}, ["recovery.backups.offsite"]),
        (
            {
                "recovery": {"rto": "1h", "rpo": "24h", "backups": KEPT | {"offsite": False}},
                "datastores": {"orders": DATABASE | {"addresses": {"main": "db.example.com"}}},
            },
            ["recovery.backups.keep"],
        ),
    ],
)
def test_less_than_is_promised(sections: dict[str, Any], paths: list[str]) -> None:
    """HFT-X56: budgets in another currency, no second region, backups for longer than AWS keeps them."""
    assert [finding.subject for finding in aws.find_less_than_promised(load_cluster(**sections))] == paths


def test_a_database_whose_password_another_cluster_makes() -> None:
    """HFT-X56: a second primary's; one that follows has its source's."""
    other = CLUSTER | {"region": "eu-west-1", "zones": ["eu-west-1a", "eu-west-1b"], "network": {"vpc": "10.1.0.0/16"}}
    sections: dict[str, Any] = {
        "datastores": {"orders": DATABASE},
        "dns": {"provider": "aws", "zone": "shop.example.com"},
    }
    two = load_cluster(clusters={"main": CLUSTER, "other": other}, **sections)
    assert [finding.subject for finding in aws.find_less_than_promised(two)] == ["datastores.orders"]
    sections |= {"recovery": {"rto": "1h", "rpo": "1m", "replication": "continuous"}}
    pair = load_cluster(clusters={"main": CLUSTER, "other": other | {"role": "standby"}}, **sections)
    assert list(aws.find_less_than_promised(pair)) == []
