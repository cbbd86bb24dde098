"""docs/spec.md comes from the code: every field and every rule is on the page."""

import pytest

from hftgen.spec.reference import reference
from hftgen.spec.rules import RULES
from hftgen.spec.schema import list_nodes, schema


@pytest.fixture(scope="module")
def page() -> str:
    """The page, written once."""
    return reference()


def test_every_field_is_on_the_page(page: str) -> None:
    """Each field of each model has a row with its words."""
    models = [
        model for model in list_nodes(schema(resolved=True)["$defs"]) if model.get("additionalProperties") is False
    ]
    whole = [model for model in models if not model["title"].startswith("Override")]
    assert len(whole) > 80
    for model in whole:
        for name, field in model["properties"].items():
            if field != {"type": "null"}:
                assert f"| {name} |" in page or f"| **{name}** |" in page
                assert field["description"].replace("|", "\\|") in page


def test_every_rule_is_on_the_page(page: str) -> None:
    """Rules over several sections are listed by the words of their docstrings."""
    for rule in RULES:
        assert f"- {' '.join((rule.__doc__ or '').split())}" in page


def test_the_page_reads_well(page: str) -> None:
    """No row lacks what it takes, nothing is said twice in a heading, and the page ends with one line break."""
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(("| field", "| ---"))]
    assert all(row.split(" | ")[1].strip() for row in rows)
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert len(headings) == len(set(headings))
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


def test_the_page_is_the_same_each_time(page: str) -> None:
    """Nothing on the page depends on when it is written."""
    assert reference() == page
