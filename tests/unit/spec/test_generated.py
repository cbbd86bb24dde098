"""The committed pages are what the code says; `make docs` writes them."""

import json
from pathlib import Path

from hftgen.spec.reference import reference
from hftgen.spec.schema import schema


def test_the_schema_beside_the_specs_is_true(repository: Path) -> None:
    """specs/environment.schema.json is the output of `hftgen schema`."""
    written = (repository / "specs" / "environment.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(schema(resolved=False), indent=2, ensure_ascii=False) + "\n"


def test_the_reference_page_is_true(repository: Path) -> None:
    """docs/spec.md is made from the models and the rules."""
    assert (repository / "docs" / "spec.md").read_text(encoding="utf-8") == reference()
