"""Kubernetes' own YAML reader (sigs.k8s.io/yaml: kubectl, Argo CD, Helm) reads back what hftgen emits."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hftgen.render.emit import emit_yaml
from tests.tools import pins
from tests.tools.process import run
from tests.unit.render.values import MORE, PIECES, documents, keys

pytestmark = pytest.mark.tools

_CHART = "apiVersion: v2\nname: reader\nversion: 0.0.1\n"
# Helm reads its own output once more: in base64 no character is lost on the way.
_ANSWER = """
apiVersion: v1
kind: ConfigMap
answers:
{{- range $path, $_ := .Files.Glob "given/*.yaml" }}
- {{ $.Files.Get $path | fromYaml | toJson | b64enc }}
{{- end }}
"""

Reader = Callable[[list[str]], list[Any]]


@pytest.fixture
def read(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Reads mappings in YAML as Helm's fromYaml does; all of them in one run."""

    def each(given_texts: list[str]) -> list[Any]:
        chart = tmp_path_factory.mktemp("chart")
        for name, text in (("Chart.yaml", _CHART), ("templates/answer.yaml", _ANSWER)):
            (chart / name).parent.mkdir(exist_ok=True)
            (chart / name).write_text(text, encoding="utf-8")
        (chart / "given").mkdir()
        for number, text in enumerate(given_texts):
            (chart / "given" / f"{number:05}.yaml").write_bytes(text.encode())
        done = run([pins.BIN / "helm", "template", "reader", chart])
        assert done.code == 0, done.both()
        return [json.loads(base64.b64decode(line[2:])) for line in done.out.splitlines() if line.startswith("- ")]

    return each


def test_go_reads_back_treacherous_texts(read: Reader) -> None:
    """As a value, as an item and inside a key: a known trap stays the same text."""
    values = [{"value": text, "items": [text], "keys": {f"x{text}": {"deep": text}}} for text in [*PIECES, *MORE]]
    assert read([emit_yaml([value], "made by a test") for value in values]) == values


def test_go_reads_back_any_value(read: Reader) -> None:
    """Whatever hypothesis makes of mappings, lists, texts and numbers. Go reads each number as a float."""
    values: list[Any] = []

    @given(st.dictionaries(keys, documents, min_size=1, max_size=4))
    @settings(max_examples=400)
    def collect(value: Any) -> None:
        values.append(value)

    collect()
    answers = read([emit_yaml([value], "made by a test") for value in values])
    for answer, value in zip(answers, values, strict=True):
        assert _as_floats(answer) == _as_floats(value)


def _as_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_floats(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_as_floats(child) for child in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
