"""Variables and files: order, place, and names by content."""

from hftgen.facts.configuration import find_used, hash_content, order_variables
from tests.unit.facts.sites import IMAGE, describe_app, find, list_names


def test_a_variable_comes_after_those_it_uses() -> None:
    """Kubernetes expands $(X) only by what stands before."""
    texts = {"A": "$(C)/$(B)", "B": "$(C)", "C": "c"}
    assert order_variables(texts, {}) == ["C", "B", "A"]


def test_a_ring_of_variables_ends() -> None:
    """Variables that use each other have no right order, but one order."""
    assert order_variables({"A": "$(B)", "B": "$(A)"}, {}) == ["B", "A"]


def test_an_escaped_reference_is_none() -> None:
    """$$(X) is Kubernetes' way to write $(X)."""
    assert find_used("$$(A) $(B) $$$(C) $(not a name)") == ["B", "C"]


def test_the_hash_is_the_one_that_helm_computes() -> None:
    """`dict "A" "<x & é>" | toJson | sha256sum | trunc 10` in Helm; Go escapes <, > and &."""
    assert hash_content({"A": "<x & é>"}) == "1bf411d522"


def test_plain_variables_come_from_a_config_map() -> None:
    """What Kubernetes must expand, and what it is expanded with, stands in the pod template; the rest does not."""
    config = {"PLAIN": "x", "PRICE": "5$$", "HOST": "db", "URL": "$(HOST):1", "IP": {"field": "status.podIP"}}
    records = describe_app({"config": config})
    (name,) = list_names(records, "ConfigMap")
    container = find(records, "Deployment")["pod"]["containers"][0]
    assert find(records, "ConfigMap", name)["data"] == {"PLAIN": "x"}
    assert container["envFrom"] == [name]
    assert container["env"] == [
        {"name": "HOST", "value": "db"},
        {"name": "IP", "field": "status.podIP"},
        {"name": "PRICE", "value": "5$$"},
        {"name": "URL", "value": "$(HOST):1"},
    ]


def test_changed_content_is_another_config_map() -> None:
    """Old pods keep what they started with."""
    names = [list_names(describe_app({"config": {"A": value}}), "ConfigMap")[0] for value in ("1", "2")]
    assert len(set(names)) == 2


def test_files_are_mounted_one_by_one() -> None:
    """A folder mounted over the image's own would hide what lies there."""
    records = describe_app({"files": {"a.toml": "x", "b": {"path": "/srv/b", "content": "y"}}})
    mounts = find(records, "Deployment")["pod"]["containers"][0]["mounts"]
    assert [(mount["path"], mount["subPath"]) for mount in mounts] == [("/etc/app/a.toml", "a.toml"), ("/srv/b", "b")]


def test_each_container_has_a_config_map_of_its_own() -> None:
    """A sidecar does not see the service's variables."""
    sidecar = {"image": IMAGE, "config": {"B": "2"}}
    records = describe_app({"config": {"A": "1"}, "sidecars": {"proxy": sidecar}})
    data = [record["data"] for record in records if record["kind"] == "ConfigMap"]
    assert data == [{"A": "1"}, {"B": "2"}]


def test_ordinals_below_a_partition_keep_their_config_map() -> None:
    """Argo CD takes a partitioned release for done; pruned then, a shard that is made anew would not start."""
    kept = {"argocd.argoproj.io/sync-options": "Prune=false", "argocd.argoproj.io/compare-options": "IgnoreExtraneous"}
    for service, annotations in (
        ({"workload": "stateful", "instances": "sharded", "replicas": 2}, kept),
        ({}, {"argocd.argoproj.io/sync-options": "PruneLast=true"}),
    ):
        records = describe_app({**service, "config": {"A": "1"}, "files": {"a": "x"}})
        found = [record["annotations"] for record in records if record["kind"] == "ConfigMap"]
        assert found == [annotations, annotations]
