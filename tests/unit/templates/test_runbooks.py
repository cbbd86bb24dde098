"""The runbook of each service: there is one, it names what is really there, and it says what a freeze leaves."""

import re

import pytest

from tests.unit.templates import trees

ALL = [(name, path) for name in trees.ENVIRONMENTS for path in trees.render_texts(name) if path.startswith("runbooks/")]


def read(name: str, service: str) -> str:
    """A runbook."""
    return trees.render_texts(name)[f"runbooks/{service}.md"]


@pytest.mark.parametrize("name", trees.ENVIRONMENTS)
def test_each_service_has_one(name: str) -> None:
    """And the environment's README says where."""
    parts = {folder.name for folder in trees.list_overlays(name)} - {"platform", "datastores"}
    assert {path for path in trees.render_texts(name) if path.startswith("runbooks/")} == {
        f"runbooks/{part}.md" for part in parts
    }
    assert "`runbooks/" in trees.render_texts(name)["README.md"]


@pytest.mark.parametrize(("name", "path"), ALL)
def test_commands_name_what_is_there(name: str, path: str) -> None:
    """Each workload and Service that a command names is one of the cluster's objects, in its namespace."""
    text = read(name, path.removeprefix("runbooks/").removesuffix(".md"))
    clusters = set(re.findall(r"--context ([a-z0-9-]+)", text))
    assert clusters <= set(trees.list_clusters(name))
    objects = [item for cluster in clusters for item in trees.build_cluster(name, cluster)]
    known = {(item["kind"].lower(), item["metadata"]["name"]) for item in objects}
    named = re.findall(r"\b(deployment|statefulset|service|cronjob)/([a-z0-9-]+)", text)
    named += [("rollout", found) for found in re.findall(r"argo rollouts (?:promote|abort|undo) ([a-z0-9-]+)", text)]
    assert set(named) <= known
    assert set(re.findall(r" -n ([a-z0-9-]+)", text)) <= {item["metadata"].get("namespace") for item in objects}


@pytest.mark.parametrize(("name", "path"), ALL)
def test_a_page_reads_well(name: str, path: str) -> None:
    """No holes where a template left something out, and a table stands apart from what is before it."""
    text = read(name, path.removeprefix("runbooks/").removesuffix(".md"))
    assert "\n\n\n" not in text
    assert "None" not in text
    assert not re.search(r"\n[^\n|]+\n *\| --- ", text)
    assert all(
        before == "" for before, line in zip(text.splitlines(), text.splitlines()[1:], strict=False) if "## " in line
    )


def test_what_a_release_waits_for() -> None:
    """Steps, analysis, the person, and the longest that it lasts without one."""
    text = read("production", "order-gateway")
    assert "| 1 | 10 % | 5m of pause |" in text
    assert "measurements without data pause it until a person decides" in text
    assert "Without a person a release lasts 40m at most" in text
    assert "**If nobody\n  decides, abort it**" in text
    assert "then it waits for one" in read("production", "risk-gateway")


def test_two_commits_of_a_partition() -> None:
    """Which pods get the new version now, and how a broken one comes back."""
    text = read("production", "trading-engine")
    assert "reaches trading-engine-1 and not trading-engine-0" in text
    assert "`kubectl delete pod trading-engine-1 " in text
    assert "not replaced, even when the spec is right again" in read("long", "one"), "OrderedReady waits for ever"


def test_an_engine_is_moved_by_hand() -> None:
    """Never by force, and only after the old side is fenced."""
    text = read("production", "trading-engine")
    assert "`kubectl drain` waits for ever" in text
    assert "Never `--force`" in text
    assert "First fence the old side" in text
    assert "Failover" not in read("production", "order-gateway")


def test_a_test_says_its_verdict() -> None:
    """Who gets what, which alert tells, and until when."""
    text = read("staging", "analytics")
    assert "| ranking-b | analytics-ranking-b | 50 % of the requests |" in text
    assert "each version needs 1000 samples" in text
    assert "before 2027-01-31" in text
