"""Jinja2: what templates may reach and print, and what their errors say."""

from pathlib import Path

import pytest

from hftgen.render.jinja import JinjaEngine
from hftgen.render.outputs import expand, for_environment
from hftgen.render.run import Renderer
from tests.unit.render.trees import CONTEXT, fail, find_templates, render


def test_text_stays_as_written(tmp_path: Path) -> None:
    """Nothing is escaped, the last line feed stays, a line with only a tag leaves nothing."""
    text = "{% if true %}\n<a href='{{ env.project }}'> & \"x\"\n{% endif %}\n\n"
    assert render(tmp_path, {"a.html.j2": text}) == {"a.html": b"<a href='shop'> & \"x\"\n\n"}


@pytest.mark.parametrize("text", ["", "\n", "{% if false %}x{% endif %}\n", "{# nothing #}\n\n"])
def test_what_renders_to_nothing_is_no_file(tmp_path: Path, text: str) -> None:
    """White space alone is nothing."""
    assert render(tmp_path, {"a.j2": text}) == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\n{{ env.nope }}", 2, "'dict object' has no attribute 'nope'"),
        ("{{ nope }}", 1, "'nope' is undefined"),
        ("{% if env.nope %}{% endif %}", 1, "'dict object' has no attribute 'nope'"),
        ("a\n{% for %}", 2, "Expected an expression, got 'end of statement block'"),
        ("{{ 1 / 0 }}", 1, "ZeroDivisionError: division by zero"),
        ("{{ [1] | random }}", 1, "No filter named 'random'."),
        ("{{ '<' | safe }}", 1, "No filter named 'safe'."),
        ("{{ lipsum() }}", 1, "'lipsum' is undefined"),
        ("{{ ''.__class__.__mro__ }}", 1, "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ env.update({}) }}", 1, "access to attribute 'update' of 'dict' object is unsafe."),
        ("{% set _ = env.services.pop('web') %}", 1, "access to attribute 'pop' of 'dict' object is unsafe."),
        (
            "{{ range(1000000) }}",
            1,
            "OverflowError: Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
        ),
        ("{{ env.services }}", 1, "a mapping cannot be printed; write it out, or use the filter `tojson`"),
        ("{{ [1] }}", 1, "a list cannot be printed; write it out, or use the filter `tojson`"),
        ("{{ none }}", 1, "null cannot be printed; write it out, or use the filter `tojson`"),
        ("{{ true }}", 1, "a boolean cannot be printed; write it out, or use the filter `tojson`"),
        ("{{ range }}", 1, "this cannot be printed; write it out, or use the filter `tojson`"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "RecursionError: maximum recursion depth exceeded"),
    ],
)  # fmt: skip
def test_errors_name_the_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    """Undefined names, syntax, unsafe access, what is random or prints as Python would: each with file and line."""
    assert fail(tmp_path, {"a.j2": text}) == f"templates/a.j2:{line}: {message}\n    for: environment production"


@pytest.mark.parametrize("target", ["../secret", "/etc/hostname", "_lib/../../secret", "./_lib/a.j2", "secret"])
@pytest.mark.parametrize(
    "tag", ["{% include 'X' %}", "{% import 'X' as x %}", "{% extends 'X' %}", "{% from 'X' import y %}"]
)
def test_includes_never_leave_the_tree(tmp_path: Path, target: str, tag: str) -> None:
    """Only the tree's files by their path from its root."""
    (tmp_path / "secret").write_text("secret")
    text = fail(tmp_path, {"a.j2": tag.replace("X", target), "_lib/a.j2": "x"})
    message = f"there is no file '{target}' in the template tree; paths begin at its root"
    assert text == f"templates/a.j2:1: {message}\n    for: environment production"


def test_includes_within_the_tree(tmp_path: Path) -> None:
    """Include, import and extends see the tree; an error in an included file is told at its line, with who used it."""
    files = {
        "a.j2": "{% extends '_lib/base.j2' %}{% from '_lib/m.j2' import hi %}{% block b %}{{ hi('x') }}{% endblock %}",
        "_lib/base.j2": "[{% block b %}{% endblock %}]{% include '_lib/end.txt' %}",
        "_lib/m.j2": "{% macro hi(name) %}hi {{ name }}{% endmacro %}",
        "_lib/end.txt": "!",
    }
    assert render(tmp_path / "1", files) == {"a": b"[hi x]!"}
    assert fail(tmp_path / "2", {"[service].j2": "{% include '_lib/x.j2' %}", "_lib/x.j2": "\n{{ service.nope }}"}) == (
        "templates/_lib/x.j2:2: 'dict object' has no attribute 'nope'\n"
        "    for: environment production, service api, and 1 more\n"
        "    hint: used by templates/[service].j2"
    )


def test_a_key_beats_a_method(tmp_path: Path) -> None:
    """A service called `items` or `keys` is a service; where no such key is, the method is."""
    context = {**CONTEXT, "services": {"items": {"name": "items"}, "web": {"name": "web"}}}
    text = "{{ env.services.items.name }} {% for name in env.services.keys() %}{{ name }} {% endfor %}"
    made = Renderer(find_templates(tmp_path, {"a.j2": text})).render_environment("x", context)
    assert made[0].data == b"items items web "


def test_loops_over_mappings_are_sorted(tmp_path: Path) -> None:
    """The order of the spec's keys decides no byte."""
    renderer = Renderer(find_templates(tmp_path, {"a.j2": "{% for name in env.services %}{{ name }},{% endfor %}"}))
    reverse = {**CONTEXT, "services": dict(reversed(CONTEXT["services"].items()))}
    assert renderer.render_environment("x", reverse)[0].data == b"api,web,"
    assert renderer.render_environment("x", CONTEXT)[0].data == b"api,web,"


def test_json_is_plain_json(tmp_path: Path) -> None:
    """`tojson` sorts keys and escapes nothing for HTML; `escape` gives text; whole numbers have no point."""
    text = "{{ {'b': '<&>', 'a': true} | tojson }} {{ '<' | escape ~ '<' }} {{ 2.0 }}"
    assert render(tmp_path, {"a.j2": text}) == {"a": b'{"a": true, "b": "<&>"} &lt;< 2'}


def test_a_careful_evaluation_announces_each_output(tmp_path: Path) -> None:
    """Before each template its name and subject, so that a death has a name."""
    templates = find_templates(tmp_path, {"[service].j2": "x"})
    scope = for_environment("production", CONTEXT)
    notes: list[tuple[str, str]] = []
    JinjaEngine(templates).evaluate(expand(templates, scope), scope, lambda *note: notes.append(note))
    subjects = ["environment production, service api", "environment production, service web"]
    assert notes == [("templates/[service].j2", subject) for subject in subjects]
