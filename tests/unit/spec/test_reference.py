"""docs/spec.md comes from the code: every field and every rule is on the page."""

from hftgen.spec.reference import reference
from hftgen.spec.rules import RULES
from hftgen.spec.schema import list_nodes, schema


def test_every_field_is_on_the_page() -> None:
    """Each field of each model has a row with its words."""
    page = reference()
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


def test_every_rule_is_on_the_page() -> None:
    """Rules over several sections are listed by the words of their docstrings."""
    page = reference()
    for rule in RULES:
        assert f"- {' '.join((rule.__doc__ or '').split())}" in page


def test_the_page_reads_well() -> None:
    """No row lacks what it takes, nothing is said twice in a heading, and the page ends with one line break."""
    page = reference()
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(("| field", "| ---"))]
    assert all(row.split(" | ")[1].strip() for row in rows)
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert len(headings) == len(set(headings))
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


def test_the_page_is_the_same_each_time() -> None:
    """Nothing on the page depends on when it is written."""
    assert reference() == reference()
