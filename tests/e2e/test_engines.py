"""What rjsonnet renders is what Jsonnet says: every template of the repository, by the C++ jsonnet too."""

from pathlib import Path
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from hftgen.facts.pipelines.derive import add_pipelines
from hftgen.facts.repository import derive_repository
from hftgen.render.engine import Failure
from hftgen.render.jsonnet import JsonnetEngine, evaluate_reference
from hftgen.render.outputs import Scope, expand, for_environment, for_repository
from hftgen.render.templates import discover
from hftgen.spec.load import Sources, load

ENVIRONMENTS = ("development", "production", "staging")


@pytest.fixture(scope="module")
def contexts(repository: Path) -> dict[str, dict[str, Any]]:
    """What templates get, for each environment of specs/."""
    sources, calendars = Sources(), Calendars(None)
    return {name: derive(load(repository / "specs", name, sources), calendars) for name in ENVIRONMENTS}


def compare(repository: Path, scope: Scope) -> None:
    """Both engines give each output the same value, and some output has one."""
    templates = discover([repository / "templates"], repository)
    outputs = expand(templates, scope)
    values = JsonnetEngine(templates).evaluate(outputs, scope)
    assert [value for value in values if isinstance(value, Failure)] == []
    assert any(isinstance(value, dict) for value in values)
    reference = evaluate_reference(templates, outputs, scope)
    for output, ours, theirs in zip(outputs, values, reference, strict=True):
        assert (output.path, repr(ours)) == (output.path, repr(theirs))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_is_the_same_by_both_engines(
    repository: Path, contexts: dict[str, dict[str, Any]], name: str
) -> None:
    """Values and their types; a template may use only what both engines have."""
    compare(repository, for_environment(name, contexts[name]))


def test_the_repository_s_outputs_are_the_same_by_both_engines(
    repository: Path, contexts: dict[str, dict[str, Any]]
) -> None:
    """The outputs that belong to all environments."""
    compare(repository, for_repository(add_pipelines(derive_repository(contexts))))
