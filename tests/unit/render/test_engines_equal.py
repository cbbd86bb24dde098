"""rjsonnet and the C++ jsonnet, which says what is right, give the same values."""

from pathlib import Path
from typing import Any

import pytest

from hftgen.render.engine import Failure
from hftgen.render.jsonnet import JsonnetEngine, evaluate_reference
from hftgen.render.outputs import expand, for_environment
from tests.unit.render.trees import CONTEXT, fail, find_templates

CORPUS = Path(__file__).with_name("corpus.jsonnet")


def evaluate_both(base: Path, template: str) -> tuple[Any, Any]:
    """The value by rjsonnet and by the reference."""
    templates = find_templates(base, {"a.json.jsonnet": template})
    scope = for_environment("production", CONTEXT)
    outputs = expand(templates, scope)
    return JsonnetEngine(templates).evaluate(outputs, scope)[0], evaluate_reference(templates, outputs, scope)[0]


def test_a_corpus_has_the_same_values(tmp_path: Path) -> None:
    """Numbers and their types, text, the standard library, objects and their order: what templates use."""
    ours, reference = evaluate_both(tmp_path, CORPUS.read_text(encoding="utf-8"))
    assert not isinstance(ours, Failure), ours
    for name, value in reference.items():
        assert (name, repr(ours[name])) == (name, repr(value))
    assert list(ours) == list(reference)


@pytest.mark.parametrize(
    ("expression", "ours", "reference"),
    [
        ("'' + 0.1", "0.1", "0.10000000000000001"),
        ("std.base64('é')", "w6k=", "6Q=="),
    ],
)
def test_known_differences_are_these(tmp_path: Path, expression: str, ours: Any, reference: Any) -> None:
    """Where the engines differ and the reference is the worse: no template should depend on it."""
    assert evaluate_both(tmp_path, f"function(env) {expression}") == (ours, reference)


@pytest.mark.parametrize("expression", ["1e400", "std.log(0)", "std.pow(0, -1)", "1e308 * 10"])
def test_no_infinity_gets_through(tmp_path: Path, expression: str) -> None:
    """In places rjsonnet computes infinities where the reference refuses; nothing renders them."""
    text = fail(tmp_path, {"a.json.jsonnet": f"function(env) {expression}"})
    assert text.startswith("templates/a.json.jsonnet:1:15: overflow\n")
