"""Terraform's root modules: what each calls and with which variables, where its state lies, whose login it uses."""

from pathlib import Path
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from hftgen.facts.names import POOL_LABEL, POOL_TAINT
from hftgen.facts.terraform.common import escape
from hftgen.facts.terraform.types import describe_type
from tests.unit.facts.sites import IMAGE, load_spec
from tests.unit.rules.tiny import FAST, Bench

MADE = """
terraform: {version: "1.11"}
clusters:
  one: {account: "111122223333", state: {bucket: demo-tfstate}, network: {vpc: 10.0.0.0/16}}
"""
AWS = {
    "cloud": "aws",
    "account": "111122223333",
    "region": "us-east-1",
    "zones": ["us-east-1a", "us-east-1b"],
    "state": {"bucket": "shop-tfstate"},
}
GCP = {"cloud": "gcp", "account": "shop-prod", "region": "us-central1", "state": {"bucket": "shop-tfstate-gcp"}}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The cluster of a tiny environment with a pinned pool, made by Terraform."""
    loaded = Bench(tmp_path_factory.mktemp("terraform")).load(MADE, base="fast")
    return dict(derive(loaded, Calendars())["clusters"]["one"])


def derive_spec(**clusters: Any) -> dict[str, Any]:
    """The context of an environment with these clusters, each of which has a network of its own."""
    for number, each in enumerate(clusters.values()):
        each.setdefault("network", {"vpc": f"10.{number}.0.0/16"})
    sections = {"clusters": clusters, "terraform": {"version": "1.11"}}
    return derive(load_spec({"web": {"image": IMAGE}}, **sections), Calendars())


def test_every_root_module_knows_where_it_is(cluster: dict[str, Any]) -> None:
    """Each has a state of its own, so each is told the cluster."""
    for root in cluster["terraform"].values():
        assert root["variables"]["name"].endswith("-one")
        assert root["variables"]["region"] == "us-east-1"


def test_a_pinned_pool_is_tainted_as_its_pods_tolerate(cluster: dict[str, Any]) -> None:
    """Label and taint are the ones of nodeSelector and toleration."""
    pools = cluster["terraform"]["cluster"]["variables"]["node_pools"]
    assert pools["fast"]["labels"] == {POOL_LABEL: "fast"}
    assert pools["fast"]["taints"] == [{"key": POOL_TAINT, "value": "fast", "effect": "NoSchedule"}]
    assert pools["fast"]["zones"] == ["us-east-1a"]
    assert pools["general"]["taints"] == []
    assert pools["general"]["zones"] == ["us-east-1a", "us-east-1b"]


def test_names_are_terraforms(cluster: dict[str, Any]) -> None:
    """Variables are snake_case, and null where the spec says nothing."""
    for root in cluster["terraform"].values():
        assert all(key == key.lower() and "-" not in key for key in root["variables"])
    assert cluster["terraform"]["network"]["variables"]["pods_cidr"] is None


def test_what_is_left_out_is_encrypted(cluster: dict[str, Any], tmp_path: Path) -> None:
    """Outside development disks are encrypted unless the spec says no, as those in the cluster are."""
    assert cluster["terraform"]["cluster"]["variables"]["encryption_at_rest"] is True
    loaded = Bench(tmp_path).load(MADE + "\nsecurity: {encryptionAtRest: false}\n", base="fast")
    said = derive(loaded, Calendars())["clusters"]["one"]
    assert said["terraform"]["cluster"]["variables"]["encryption_at_rest"] is False


def test_without_the_section_somebody_else_makes_the_cluster(tmp_path: Path) -> None:
    """A section that is left out has no outputs."""
    context = derive(Bench(tmp_path).load(FAST), Calendars())
    assert "terraform" not in context
    assert "terraform" not in context["clusters"]["one"]


def test_a_cluster_that_no_cloud_runs_has_no_root_modules() -> None:
    """Of an environment's clusters Terraform makes those of clouds."""
    context = derive_spec(one=AWS | {}, two={"cloud": "kind"})
    assert "terraform" not in context["clusters"]["two"]
    assert list(context["terraform"]["bootstrap"]["variables"]) == ["one_state"]
    assert "bootstrap" not in derive_spec(two={"cloud": "kind"})["terraform"]


def test_states_lie_apart() -> None:
    """Each root module has a key of its own in its cluster's bucket, which is locked."""
    roots = derive_spec(one=AWS | {}, two=GCP | {"role": "standby"})["clusters"]
    assert roots["one"]["terraform"]["data"]["backend"]["s3"]["key"] == "shop/test/one/data/terraform.tfstate"
    assert roots["one"]["terraform"]["data"]["backend"]["s3"]["use_lockfile"] is True
    assert roots["two"]["terraform"]["network"]["backend"] == {
        "gcs": {"bucket": "shop-tfstate-gcp", "prefix": "shop/test/two/network"}
    }


def test_a_bucket_is_made_once() -> None:
    """Clusters that share a bucket have one call of `state`, with the login of a primary."""
    context = derive_spec(a=AWS | {"role": "standby"}, b=AWS | {})
    assert list(context["terraform"]["bootstrap"]["modules"]) == ["b_state"]


def test_each_call_has_its_clusters_login() -> None:
    """Several accounts in one root module: a provider for each, under the cluster's name as an identifier."""
    bootstrap = derive_spec(**{"us-east": AWS | {}, "us-mid": GCP | {}})["terraform"]["bootstrap"]
    assert bootstrap["modules"]["us_east_state"]["providers"] == {"aws": "aws.us_east"}
    assert bootstrap["modules"]["us_mid_state"]["providers"] == {"google": "google.us_mid"}
    assert [each["alias"] for each in bootstrap["providers"]["aws"]] == ["us_east"]


def test_text_of_the_spec_is_no_template() -> None:
    """Strings of `.tf.json` are templates: what the spec says is escaped, though rules leave little to escape."""
    assert escape("${file(1)} %{if true}") == "$${file(1)} %%{if true}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1, "b": [True]}, "object({a = number, b = list(bool)})"),
        ({"x/y": "text"}, "map(string)"),
        ([{"a": "x"}, {"b": "x"}], "list(any)"),
        ({}, "map(any)"),
        (None, "any"),
    ],
)
def test_types_are_those_of_values(value: Any, expected: str) -> None:
    """A call's variable is as narrow as its value tells."""
    assert describe_type(value) == expected
