"""How long a release takes that nobody watches."""

from typing import Any

import pytest

from hftgen.spec.pace import find_deadline, find_measuring, find_pace, find_surge, find_wait_alert
from hftgen.spec.release import Analysis
from tests.unit.facts.sites import PROMETHEUS, make_site

TEN = 600
CANARY = {"strategy": "canary"}
STATEFUL = {"workload": "stateful", "instances": "sharded"}
POST = {"post": {"interval": "30s", "metrics": [{"name": "x", "query": "x", "pass": "< 1"}]}}


def pace(service: dict[str, Any], tier: str = "staging") -> tuple[int, bool]:
    """Seconds, and whether it then waits for a person."""
    site = make_site({"app": service}, tier=tier, observability=PROMETHEUS)
    found = find_pace(site.environment, site.services["app"])
    return found.seconds, found.person


@pytest.mark.parametrize(
    ("service", "seconds", "person"),
    [
        ({"workload": "job"}, 0, False),
        ({"replicas": 0}, 0, False),
        ({"replicas": 8}, 2 * TEN, False),  # two more, two fewer
        ({"replicas": 8, "release": {"strategy": "rolling", "maxUnavailable": 0}}, 4 * TEN, False),
        ({"replicas": 8, "release": {"strategy": "rolling", "maxSurge": "100%"}}, TEN, False),
        ({"replicas": 8, "volumes": {"d": {"path": "/d", "size": "1Gi"}}}, TEN, False),
        ({"autoscale": {"min": 1, "max": 8, "cpu": "70%"}, "cpu": 1}, 2 * TEN, False),
        ({**STATEFUL, "replicas": 3}, 3 * (TEN + 30), False),
        ({**STATEFUL, "replicas": 3, "release": {"strategy": "rolling", "partition": 2}}, TEN + 30, False),
        ({"release": {"strategy": "canary", "steps": [100]}}, TEN, False),
        (
            {"replicas": 4, "release": {"strategy": "canary", "steps": [25, 50, 100], "pause": "5m"}},
            3 * TEN + 600,
            False,
        ),
        (
            {"replicas": 2, "release": {"strategy": "canary", "steps": [{"weight": 50, "pause": "manual"}, 100]}},
            TEN,
            True,
        ),
        ({"release": {"strategy": "blueGreen", "autoPromote": False}}, TEN, True),
        ({"release": {"strategy": "blueGreen"}}, TEN, False),
        ({"release": {"strategy": "blueGreen", "previewReplicas": 1}}, 2 * TEN, False),
        ({"release": {"strategy": "blueGreen", "analysis": POST}}, TEN + 60 + 5 * 30, False),
    ],
)
def test_the_worst_case(service: dict[str, Any], seconds: int, person: bool) -> None:  # noqa: FBT001
    """One deadline a step or batch, and each pause and analysis; what waits for a person ends it."""
    assert pace(service) == (seconds, person)


def test_a_person_promotes_in_production() -> None:
    """So that what comes after is not counted there."""
    assert pace({"release": {"strategy": "blueGreen", "previewReplicas": 1}}, tier="production") == (TEN, True)


def test_a_slow_start_has_its_time() -> None:
    """By its probe, and five minutes for what is before: an image, a node."""
    service = {"ports": {"http": 80}, "probes": {"ready": "/r", "startup": "20m"}}
    assert find_deadline(make_site({"app": service}).services["app"]) == 25 * 60
    probe = {"http": "/s", "delay": "60s", "period": "20s", "failures": 60}
    service = {"ports": {"http": 80}, "probes": {"startup": probe}}
    assert find_deadline(make_site({"app": service}).services["app"]) == 60 + 20 * 60 + 300


def test_a_class_above_standard_misses_nobody() -> None:
    """Unless nothing is added; then something must go first."""
    low = {"latency": "low", "cpu": 1, "memory": "1Gi", "replicas": 2}
    assert find_surge(make_site({"app": low}).services["app"]) == ("25%", 0)
    none = {**low, "release": {"strategy": "rolling", "maxSurge": 0}}
    assert find_surge(make_site({"app": none}).services["app"]) == (0, "25%")


def test_numbers_of_an_analysis_suit_the_controller() -> None:
    """A finite one takes at least as many measurements as may fail, and one more."""
    environment = make_site({"app": {}}, observability=PROMETHEUS).environment
    measuring = find_measuring(environment, Analysis.model_validate({"failures": 9, "interval": "10s"}), finite=True)
    assert (measuring.times, measuring.delay, measuring.until_failure) == (10, 60, 60 + 90)
    assert find_measuring(environment, Analysis.model_validate({}), finite=True).times == 5


def test_nobody_is_told_of_a_pause_that_ends() -> None:
    """Ten minutes at least, and five more than the longest pause."""
    steps = {"strategy": "canary", "steps": [{"weight": 50, "pause": "30m"}, 100]}
    assert find_wait_alert(make_site({"app": {"replicas": 2, "release": steps}}).services["app"]) == 35 * 60
    assert find_wait_alert(make_site({"app": {}}).services["app"]) == 600
