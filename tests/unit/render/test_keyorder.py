"""The order of keys."""

import pytest

from hftgen.render.keyorder import FIRST, LAST, order_keys

EXPECTED = [
    "apiVersion kind metadata type data",
    "apiVersion kind metadata spec",
    "name namespace labels annotations",
    "name image command args ports env resources readinessProbe livenessProbe securityContext volumeMounts",
    "apiVersion kind namespace resources images patches",
    "project source destination syncPolicy",
    "repoURL targetRevision path",
    "stages default workflow include build",
    "stage image variables rules script artifacts",
    "replicas selector strategy template",
    "alert expr for labels annotations",
    "name interval rules",
    "name on permissions jobs",
    "apiVersion name description type version appVersion",
    "serviceAccountName affinity tolerations initContainers containers volumes",
    "apiGroups resources verbs",
    "key operator values",
    "podSelector policyTypes ingress egress",
    "from ports",
    "requests limits",
    "name ansible.builtin.copy register when notify",
]


@pytest.mark.parametrize("line", EXPECTED)
def test_people_find_what_they_expect(line: str) -> None:
    """Each format's keys in the order of its manual, whatever order they come in."""
    keys = line.split()
    assert order_keys(reversed(keys)) == order_keys(sorted(keys)) == keys


def test_the_users_own_words_are_sorted() -> None:
    """A label called kind is no kind."""
    assert order_keys(["kind", "b", "containers", "a"], free=True) == ["a", "b", "containers", "kind"]


def test_each_word_has_one_place() -> None:
    """A word listed twice would have a place that depends on the table's making."""
    assert len({*FIRST, *LAST}) == len(FIRST) + len(LAST)
