"""How files look: layout, order, comments, Helm lines, and what is refused."""

import math
from typing import Any

import pytest

from hftgen.render import emit, layout
from hftgen.render.emit import Emitter, emit_json, emit_yaml
from hftgen.render.unwritable import UnwritableError

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"annotations": {"z": "1", "name": "no"}, "labels": {"app": "a"}, "name": "a"},
    "spec": {
        "replicas": 2,
        "template": {
            "spec": {
                "containers": [
                    {
                        "args": ["--listen", ":8080", "-v"],
                        "env": [{"name": "LIMIT", "value": "1e3"}],
                        "image": "registry.example.com/a:v1@sha256:00",
                        "name": "a",
                        "ports": [{"containerPort": 8080, "name": "http"}],
                        "resources": {"limits": {"cpu": "500m"}, "requests": {"cpu": "500m"}},
                        "securityContext": {},
                    }
                ],
                "tolerations": [],
            }
        },
    },
}
DEPLOYMENT_TEXT = """\
# Made by hftgen.
#
# From a spec.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
  labels:
    app: a
  annotations:
    name: "no"
    z: "1"
spec:
  replicas: 2
  template:
    spec:
      tolerations: []
      containers:
        - name: a
          image: registry.example.com/a:v1@sha256:00
          args:
            - --listen
            - ":8080"
            - -v
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LIMIT
              value: "1e3"
          resources:
            requests:
              cpu: 500m
            limits:
              cpu: 500m
          securityContext: {}
"""


HELM_GUARDS = """\
kind: B
---
{{- if .Values.a }}
kind: A
{{- if .Values.b }}
{{- if .Values.c }}
count: 3
{{- end }}
{{- end }}
list:
  {{- if .Values.d }}
  - name: x
  {{- end }}
  {{- if .Values.e }}
  - yes sir
  {{- end }}
  -
    {{- if .Values.b }}
    {{- if .Values.c }}
    count: 3
    {{- end }}
    {{- end }}
{{- end }}
"""


def test_an_object_as_people_write_it() -> None:
    """Header on top, keys in the usual order, lists two deeper than their key, quotes only where needed."""
    assert emit_yaml([DEPLOYMENT], "Made by hftgen.\n\nFrom a spec.\n") == DEPLOYMENT_TEXT


def test_documents_are_separated() -> None:
    """One line of dashes between two documents, none before the first; what is no block stands behind dashes."""
    assert emit_yaml([{"a": 1}, {"b": 2}], "h") == "# h\na: 1\n---\nb: 2\n"
    assert emit_yaml([[1, [2, 3]], [], "x", {}], "") == "- 1\n-\n  - 2\n  - 3\n--- []\n--- x\n--- {}\n"
    assert emit_yaml([None], "h") == "# h\n--- null\n"


def test_text_of_several_lines_is_a_literal_block() -> None:
    """Each end of text has its indicator, and a first line that begins with a space is announced."""
    value = {"a": "x\n", "b": "x\n\ny", "c": "x\n\n\n", "d": " x\ny\n", "e": ["\n x\n", "\n\tx\n"], "f": "x\r\ny\n"}
    assert emit_yaml([value], "") == (
        "a: |\n  x\nb: |-\n  x\n\n  y\nc: |+\n  x\n\n\nd: |2\n   x\n  y\n"
        'e:\n  - |2\n\n     x\n  - "\\n\\tx\\n"\nf: "x\\r\\ny\\n"\n'
    )


def test_nothing_is_folded() -> None:
    """A long line stays one line."""
    line = "word " * 500 + "end"
    assert emit_yaml([{"a": line, "b": f"{line}: x"}], "") == f'a: {line}\nb: "{line}: x"\n'


def test_a_long_key_is_explicit() -> None:
    """Readers give up on keys beyond 1024 characters unless `?` announces them."""
    key = "k" * 1100
    assert emit_yaml([{"a": [{key: 1, "b": {key: {"c": 2}}}]}], "") == (
        f"a:\n  - b:\n      ? {key}\n      :\n        c: 2\n    ? {key}\n    : 1\n"
    )


def test_numbers() -> None:
    """Whole numbers of 64 bits without a dot; others so that YAML 1.1 sees a number."""
    values = [1.0, -0.0, 1e15, 1e18, 2.0**63, 1e22, 1e-7, 0.1, 10**19, True, False, None]
    assert emit_yaml([values], "").replace("\n", " ") == (
        "- 1 - 0 - 1000000000000000 - 1000000000000000000 - 9.223372036854776e+18 - 1.0e+22 - 1.0e-07 - 0.1"
        " - 10000000000000000000 - true - false - null "
    )
    assert emit_json([1.0, 1e22]) == "[\n  1,\n  1e+22\n]\n"


def test_the_order_of_keys_given_does_not_matter() -> None:
    """Two mappings that are equal make the same bytes, with a memory of other files too."""
    emitter = Emitter()
    turned = dict(reversed(DEPLOYMENT.items()))
    assert emitter.emit_yaml([turned], "") == emitter.emit_yaml([DEPLOYMENT], "") == emit_yaml([DEPLOYMENT], "")
    assert emit_json(turned) == emit_json(DEPLOYMENT)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an emitter remembers is forgotten now and then, and changes no byte."""
    monkeypatch.setattr(emit, "MAX_TEXTS", 3)
    monkeypatch.setattr(layout, "MAX_PLANS", 1)
    emitter = Emitter()
    assert emitter.emit_yaml([DEPLOYMENT, DEPLOYMENT], "") == emit_yaml([DEPLOYMENT, DEPLOYMENT], "")
    assert len(emitter._texts) <= 3


def test_comments() -> None:
    """Above the key, at the top of the mapping, above an item's dash; never for a key that is absent."""
    value = {
        "#": "all of it",
        "a": {"#": "inside", "b": 1, "#b": "two\n  lines\n"},
        "#a": "about a",
        "#gone": "never seen",
        "list": [{"#": "an item", "name": "x", "#name": "its name", "z": 1, "#z": "z"}, {"#": "nothing else"}],
        "empty": {"#": "dropped"},
    }
    assert emit_yaml([value, value["list"]], "head") == (
        "# head\n# all of it\n# about a\na:\n  # inside\n  # two\n  #   lines\n  b: 1\nempty: {}\n"
        "list:\n  # an item\n  # its name\n  - name: x\n    # z\n    z: 1\n  - {}\n"
        "---\n# an item\n# its name\n- name: x\n  # z\n  z: 1\n- {}\n"
    )
    assert emit_json(value["a"]) == '{\n  "b": 1\n}\n'


def test_a_comment_cannot_leave_its_line() -> None:
    """Line ends of any kind stay comments, and what is invisible is shown."""
    text = emit_yaml([{"#a": "x\r\ny: 1\x85z: 2\u2028\x00\u202e", "a": 1}], "p\rq: 1")
    assert text == "# p\n# q: 1\n# x\n# y: 1\n# z: 2\n# \\0\\u202e\na: 1\n"


def test_helm_expressions() -> None:
    """Only what a template asks for comes out as a Helm line, with the indent counted here."""
    value = {
        "image": {"{{}}": ".Values.image | quote"},
        "labels": {"app": "a", "{{include}}": 'include "a.labels" .'},
        "list": [{"{{}}": ".Values.x"}, {"{{toYaml}}": ".Values.y"}, {"a": {"{{toYaml}}": ".Values.z"}}],
        "text": "{{ .Values.image }}",
    }
    assert emit_yaml([value], "") == (
        "labels:\n  app: a\n"
        '  {{- include "a.labels" . | nindent 2 }}\n'
        "image: {{ .Values.image | quote }}\n"
        "list:\n  - {{ .Values.x }}\n"
        "  -\n    {{- .Values.y | toYaml | nindent 4 }}\n"
        "  - a:\n      {{- .Values.z | toYaml | nindent 6 }}\n"
        'text: "{{ .Values.image }}"\n'
    )


def test_helm_guards() -> None:
    """A document, a key and an item under a condition, inside one another."""
    key = {"{{if}}": ".Values.b", "then": {"{{if}}": ".Values.c", "then": 3}}
    item = {"{{if}}": ".Values.d", "then": {"name": "x"}}
    text = {"{{if}}": ".Values.e", "then": "yes sir"}
    document = {"{{if}}": ".Values.a", "then": {"kind": "A", "count": key, "list": [item, text, {"count": key}]}}
    assert emit_yaml([{"kind": "B"}, document], "") == HELM_GUARDS


def test_helm_lines_take_no_blank_lines_away() -> None:
    """`{{-` would eat the blank lines that `|+` keeps, so such text is quoted in a file with Helm lines."""
    value = {"a": "x\n\n", "b": {"{{if}}": ".Values.b", "then": 1}}
    emitter = Emitter()
    assert emitter.emit_yaml([value], "").startswith('a: "x\\n\\n"\n')
    assert emitter.emit_yaml([{"a": "x\n\n"}], "") == "a: |+\n  x\n\n"


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        (math.nan, (), "no JSON number"),
        (-math.inf, (), "no JSON number"),
        ("\ud800", (), "surrogate"),
        ({"\udfff": 1}, (), "surrogate"),
        ({"#a": "\ud800", "a": 1}, (), "surrogate"),
        ({"#a": 1, "a": 1}, (), "a comment is no text"),
        ({1: 2}, (), "a key is no text"),
        ({1, 2}, (), "set is no JSON value"),
        ((1, 2), (), "tuple is no JSON value"),
        ({"{{}}": "x", "a": 1}, (), "stands alone"),
        ({"{{}}": "a }} b"}, (), "Helm expression"),
        ({"{{}}": "a\nb"}, (), "Helm expression"),
        ({"{{}}": ""}, (), "Helm expression"),
        ({"{{toYaml}}": 1}, (), "Helm expression"),
        ({"{{if}}": "a"}, (), "stands with then"),
        ({"{{if}}": "a", "then": 1, "else": 2}, (), "stands with then"),
    ],
)
def test_what_cannot_be_written_is_named(value: Any, path: tuple[str, ...], message: str) -> None:
    """The error says what and where, and an emitter that failed goes on with the next file."""
    emitter = Emitter()
    with pytest.raises(UnwritableError, match=message) as caught:
        emitter.emit_yaml([{"ok": 1}, {"a": [{"b": value}]}], "")
    assert caught.value.path == (1, "a", 0, "b", *path)
    assert emitter.emit_yaml([{"a": 1}], "") == "a: 1\n"


@pytest.mark.parametrize("value", [math.nan, "\ud800", {1, 2}, {1: 2}])
def test_json_refuses_the_same(value: Any) -> None:
    """What is no JSON is refused with its path."""
    with pytest.raises(UnwritableError) as caught:
        emit_json({"a": [{"b": value}]})
    assert caught.value.path == ("a", 0, "b")


def test_a_number_of_five_thousand_digits_is_refused() -> None:
    """Python would not print it, and no reader take it."""
    with pytest.raises(UnwritableError, match="digits") as caught:
        emit_yaml([{"a": 10**5000}], "")
    assert caught.value.path == (0, "a")
    with pytest.raises(UnwritableError, match="digits") as caught:
        emit_json([{"a": 10**5000}])
    assert caught.value.path == (0, "a")


@pytest.mark.parametrize("write", [lambda value: emit_yaml([value], ""), emit_json])
@pytest.mark.parametrize("step", [lambda value: {"a": value}, lambda value: [value]])
def test_depth_is_bounded(write: Any, step: Any) -> None:
    """A hundred levels are written, a hundred thousand are an error and no crash."""
    value: Any = "x"
    for _ in range(90):
        value = step(value)
    assert write(value).count("\n") >= 90
    for _ in range(100_000):
        value = step(value)
    with pytest.raises(UnwritableError, match="deeper than 100"):
        write(value)
