"""Terraform's variables: one set of keys for all clouds, pools as the pods see them."""

from pathlib import Path
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from hftgen.facts.names import POOL_LABEL, POOL_TAINT
from tests.unit.rules.tiny import FAST, Bench


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The cluster of a tiny environment with a pinned pool."""
    loaded = Bench(tmp_path_factory.mktemp("terraform")).load(FAST)
    return dict(derive(loaded, Calendars())["clusters"]["one"])


def test_every_root_module_knows_where_it_is(cluster: dict[str, Any]) -> None:
    """Each has a state of its own, so each is told the cluster."""
    for variables in cluster["terraform"].values():
        assert (variables["cluster"], variables["region"]) == ("one", "us-east-1")


def test_a_pinned_pool_is_tainted_as_its_pods_tolerate(cluster: dict[str, Any]) -> None:
    """Label and taint are the ones of nodeSelector and toleration."""
    pools = cluster["terraform"]["cluster"]["node_pools"]
    assert pools["fast"]["labels"] == {POOL_LABEL: "fast"}
    assert pools["fast"]["taints"] == [{"key": POOL_TAINT, "value": "fast", "effect": "NoSchedule"}]
    assert pools["fast"]["cpu_manager_policy"] == "static"
    assert pools["fast"]["zones"] == ["us-east-1a"]
    assert pools["general"]["taints"] == []
    assert pools["general"]["cpu_manager_policy"] is None
    assert pools["general"]["zones"] == ["us-east-1a", "us-east-1b"]


def test_names_are_terraforms(cluster: dict[str, Any]) -> None:
    """Variables are snake_case, and null where the spec says nothing."""
    for variables in cluster["terraform"].values():
        assert all(key == key.lower() and "-" not in key for key in variables)
    assert cluster["terraform"]["network"]["vpc_cidr"] is None


def test_what_is_left_out_is_encrypted(cluster: dict[str, Any], tmp_path: Path) -> None:
    """Outside development disks are encrypted unless the spec says no, as those in the cluster are."""
    assert cluster["terraform"]["cluster"]["encryption_at_rest"] is True
    loaded = Bench(tmp_path).load(FAST + "\nsecurity: {encryptionAtRest: false}\n")
    said = derive(loaded, Calendars())["clusters"]["one"]
    assert said["terraform"]["cluster"]["encryption_at_rest"] is False
