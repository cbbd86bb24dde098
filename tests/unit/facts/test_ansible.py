"""What Ansible is told of hosts, and Packer of images."""

import json
from pathlib import Path

from hftgen.calendars import Calendars
from hftgen.facts.ansible import derive_ansible, derive_inventory
from hftgen.facts.derive import list_sites
from hftgen.facts.freezes import compute_freezes
from hftgen.facts.nodes import describe_node
from hftgen.spec.load import Loaded, Sources, load
from tests.unit.rules.tiny import FAST, Bench

METAL = Path(__file__).parents[2] / "e2e" / "platforms" / "metal"


def _load_metal() -> Loaded:
    return load(METAL / "specs", "production", Sources())


def test_only_pools_with_an_image_are_told_on_eks(tmp_path: Path) -> None:
    """The image is that which the launch template looks up; managed nodes themselves are nobody's hosts."""
    loaded = Bench(tmp_path).load(FAST)
    site = list_sites(loaded)[0]
    found = derive_ansible(site, compute_freezes(loaded, Calendars()), None)
    assert found is not None
    assert list(found["pools"]) == list(found["images"]) == ["fast"]
    assert found["images"]["fast"]["image"] == describe_node(site, "fast").image
    assert found["images"]["fast"]["source"] == "amazon-eks-node-al2023-x86_64-standard-1.36-*"
    assert derive_inventory([site]) is None


def test_a_release_of_the_image_is_the_one_said(tmp_path: Path) -> None:
    """A build then always begins with the same image."""
    text = FAST.replace("min: 3", "min: 3\n        tuning: {image: v20261103}")
    loaded = Bench(tmp_path).load(text)
    found = derive_ansible(list_sites(loaded)[0], compute_freezes(loaded, Calendars()), None)
    assert found is not None
    assert found["images"]["fast"]["source"].endswith("-1.36-v20261103")


def test_nothing_is_told_where_nothing_is_tuned(tmp_path: Path) -> None:
    """A cluster of managed nodes without pinning has no part in Ansible."""
    loaded = Bench(tmp_path).load("")
    assert derive_ansible(list_sites(loaded)[0], compute_freezes(loaded, Calendars()), None) is None


def test_hosts_stand_in_their_pools_groups() -> None:
    """Each host once with its variables; groups name it again without."""
    sites = list_sites(_load_metal())
    inventory = derive_inventory(sites)
    assert inventory is not None
    groups = inventory["all"]["children"]
    for site in sites:
        assert site.cluster.metal is not None
        cluster = groups["metal"]["children"][f"cluster_{site.name}"]
        assert set(cluster["hosts"]) == set(site.cluster.metal.hosts)
        for pool in site.cluster.pools:
            group = f"pool_{site.name}_{pool}"
            assert list(cluster["children"][group]["hosts"]) == site.cluster.metal.list_workers(pool)
            assert group in groups["workers"]["children"]
    assert json.loads(json.dumps(inventory)) == inventory


def test_a_pool_of_hosts_is_told_what_its_nodes_are() -> None:
    """The same numbers that the kubelet and the rules have."""
    site = list_sites(_load_metal())[0]
    found = derive_ansible(site, compute_freezes(_load_metal(), Calendars()), None)
    assert found is not None
    node = describe_node(site, "latency").dump()
    assert {**node, **found["pools"]["latency"]["node"]} == node


def test_where_nothing_freezes_hosts_are_taken_out_at_any_hour(tmp_path: Path) -> None:
    """And else in the hours that the cluster's freezes leave."""
    loaded = Bench(tmp_path).load(FAST)
    found = derive_ansible(list_sites(loaded)[0], compute_freezes(loaded, Calendars()), None)
    assert found is not None
    assert found["variables"]["reboots"] == {"policy": "any"}
