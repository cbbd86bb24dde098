"""Findings about what Google Cloud knows by another name."""

import pytest

from hftgen.check.google import find_unknown_members
from tests.unit.facts.sites import load_spec
from tests.unit.facts.test_terraform_gcp import IOWA


@pytest.mark.parametrize(
    ("admins", "made", "told"),
    [
        (["oncall@example.com", "user:ann@example.com"], True, []),
        (["oncall@example.com", "platform-oncall"], True, ["platform-oncall"]),
        (["platform-oncall"], False, []),
    ],
)
def test_an_administrator_has_an_address(admins: list[str], told: list[str], *, made: bool) -> None:
    """HFT-X58: a name that is no address is told, where Terraform gives the rights."""
    sections = {"terraform": {"version": "1.11"}} if made else {}
    loaded = load_spec(
        {"web": {"pool": "general"}}, clusters={"iowa": {**IOWA, "access": {"admins": admins}}}, **sections
    )
    found = list(find_unknown_members(loaded))
    assert [(finding.rule, finding.message.split(": ")[1].split(" ")[0]) for finding in found] == [
        ("HFT-X58", name) for name in told
    ]
