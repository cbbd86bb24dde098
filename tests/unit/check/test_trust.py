"""Findings on whom clouds trust among pipelines."""

from typing import Any

import pytest

from hftgen.check.trust import find_mixed_trust
from tests.unit.check.test_aws import CLUSTER, load_cluster
from tests.unit.facts.sites import load_spec

ISSUER = {"issuer": "https://gitlab.example.com", "subjects": ["engine"]}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, ["plan and apply infrastructure"]),
        ({"plan": ["config"]}, ["may apply infrastructure"]),
        ({"plan": ["config"], "apply": ["config"]}, []),
    ],
)
def test_who_pushes_may_apply(said: dict[str, Any], words: list[str]) -> None:
    """HFT-X73: until the spec says who plans and who applies."""
    found = list(find_mixed_trust(load_cluster(ci={"systems": ["gitlab"], "oidc": ISSUER | said})))
    assert [(finding.rule, finding.subject) for finding in found] == [("HFT-X73", "ci.oidc") for _ in words]
    assert all(word in finding.message for word, finding in zip(words, found, strict=True))


def test_nobody_is_trusted() -> None:
    """Nothing is told where no cloud trusts pipelines: without the section, or without Terraform."""
    assert list(find_mixed_trust(load_cluster(ci={"systems": ["gitlab"]}))) == []
    bare = load_spec({"web": {}}, clusters={"main": CLUSTER}, ci={"systems": ["gitlab"], "oidc": ISSUER})
    assert list(find_mixed_trust(bare)) == []
