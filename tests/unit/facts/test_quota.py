"""The namespace's bound."""

from typing import Any

import pytest

from hftgen.facts.parts import collect
from tests.unit.facts.sites import STANDBY, find, make_site


def bound(services: dict[str, Any], **sections: Any) -> int:
    """The number of pods that the namespace holds."""
    quota = find(collect(make_site(services, **sections))["platform"], "ResourceQuota", "pods")
    return int(quota["pods"])


@pytest.mark.parametrize(
    ("service", "most"),
    [
        ({"replicas": 8}, 10),
        ({"replicas": 8, "release": {"strategy": "blueGreen"}}, 16),
        ({"replicas": 8, "release": {"strategy": "canary", "steps": [50, 100]}}, 10),
        ({"autoscale": {"min": 2, "max": 8, "cpu": "70%"}, "cpu": 1}, 10),
        ({"workload": "stateful", "instances": "sharded", "replicas": 8}, 8),
    ],
)
def test_no_release_of_ours_meets_the_bound(service: dict[str, Any], most: int) -> None:
    """New pods beside the old, while those of the last release and of its rollback still end."""
    extra = {"clusters": {"main": {"cloud": "kind"}}}
    assert bound({"app": service}, **extra) >= 3 * most


def test_a_standby_has_room_for_a_failover() -> None:
    """The bound is the same before and after."""
    shards = {"app": {"workload": "stateful", "instances": "sharded", "replicas": 8}}
    assert bound(shards, cluster="spare", clusters=STANDBY) == bound(shards, cluster="main", clusters=STANDBY)
