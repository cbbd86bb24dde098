"""How many of a stateful service act at once."""

import pytest

from tests.unit.rules.tiny import Bench

STATEFUL = "services: {{web: {{workload: stateful, instances: {}, {}}}}}\n"
SECOND = "clusters: {{two: {{cloud: gcp, role: {}}}}}\n"


def test_a_single_engine_is_one(bench: Bench) -> None:
    """Two would trade one session."""
    assert bench.problems(STATEFUL.format("single", "replicas: 1")) == ()
    problem = bench.only(STATEFUL.format("single", "replicas: 2"), "services.web.replicas")
    assert problem.expected == "0 or 1"


@pytest.mark.parametrize("instances", ["single", "sharded", "activePassive"])
def test_a_standby_waits(bench: Bench, instances: str) -> None:
    """The same replicas on primary and standby are the normal case: there are none on it before a failover."""
    replicas = 1 if instances == "single" else 3
    assert bench.problems(SECOND.format("standby") + STATEFUL.format(instances, f"replicas: {replicas}")) == ()


@pytest.mark.parametrize("instances", ["single", "sharded", "activePassive"])
def test_two_primaries_are_two_engines(bench: Bench, instances: str) -> None:
    """Each shard, and each holder of a Lease, would be there twice; unless one cluster has none."""
    problem = bench.only(SECOND.format("primary") + STATEFUL.format(instances, ""), "services.web.instances")
    assert "clusters one and two are both primary" in problem.message
    one = STATEFUL.format(instances, "clusters: {one: {}}")
    none = STATEFUL.format(instances, "clusters: {one: {}, two: {replicas: 0}}")
    assert bench.problems(SECOND.format("primary") + one) == bench.problems(SECOND.format("primary") + none) == ()


def test_stateless_services_run_everywhere(bench: Bench) -> None:
    """They act for whoever asks."""
    assert bench.problems(SECOND.format("primary") + "services: {web: {replicas: 5}}") == ()


def test_a_stateful_service_is_not_autoscaled(bench: Bench) -> None:
    """An instance more is a session more."""
    text = STATEFUL.format("sharded", "cpu: 1, autoscale: {min: 1, max: 3, cpu: 80%}")
    assert bench.paths(text) == ["services.web.autoscale"]


def test_shards_are_not_exposed(bench: Bench) -> None:
    """A balancer would send an order to any session."""
    expose = "ports: {http: 80}, expose: {host: a.example.com}"
    assert bench.paths(STATEFUL.format("sharded", expose)) == ["services.web.expose"]
    assert bench.problems(STATEFUL.format("single", expose)) == ()


def test_ordinals_are_shards(bench: Bench) -> None:
    """Only a sharded service has a secret for each, which each shard reads from its own file."""
    secret = "secrets: {KEY: {ref: 'fix/{ordinal}', key: k, mount: /etc/fix}}"
    assert bench.problems(STATEFUL.format("sharded", secret)) == ()
    variable = secret.replace(", mount: /etc/fix", "")
    assert bench.paths(STATEFUL.format("sharded", variable)) == ["services.web.secrets.KEY"]
    assert bench.paths(STATEFUL.format("single", secret)) == ["services.web.secrets.KEY.ref"]
