"""Jsonnet: what templates may reach, and what their errors say."""

from pathlib import Path
from typing import Any

import pytest

from hftgen.errors import InputError
from hftgen.render.jsonnet import JsonnetEngine
from hftgen.render.outputs import expand, for_environment
from hftgen.render.run import Renderer
from tests.unit.render.trees import CONTEXT, fail, find_templates, render

PRODUCTION = "\n    for: environment production"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../../secret", "'../../secret' leads out of the template tree"),
        ("../secret", "'../secret' leads out of the template tree"),
        ("..", "'..' leads out of the template tree"),
        ("/etc/hostname", "'/etc/hostname' is an absolute path; imports are relative to the importing file"),
        ("_lib/x/../../../secret", "'_lib/x/../../../secret' leads out of the template tree"),
        ("_lib/ok.libsonet", "there is no file '_lib/ok.libsonet' in the template tree; is it '_lib/ok.libsonnet'?"),
        ("_lib", "there is no file '_lib' in the template tree"),
        ("bytes.bin", "templates/bytes.bin is not UTF-8, so no template can import it"),
    ],
)
def test_imports_never_leave_the_tree(tmp_path: Path, target: str, reason: str) -> None:
    """Absolute, `..`, missing, folders: refused, with the place of the import."""
    assert _import(tmp_path, "import", target) == reason


@pytest.mark.parametrize("how", ["importstr", "importbin"])
def test_no_kind_of_import_leaves_the_tree(tmp_path: Path, how: str) -> None:
    """Text and bytes are refused as code is."""
    assert _import(tmp_path, how, "../secret") == "'../secret' leads out of the template tree"


def _import(folder: Path, how: str, target: str) -> str:
    """Why a template may not import a file; the message names the place of the import."""
    (folder / "secret").write_text("'secret'")
    files: dict[str, str | bytes] = {
        "a.json.jsonnet": f"function(env)\n  {how} '{target}'",
        "_lib/ok.libsonnet": "{}",
        "bytes.bin": b"\xff",
    }
    start = f'templates/a.json.jsonnet:2:3: couldn\'t open import "{target}": '
    message = fail(folder, files)
    assert message.startswith(start)
    return message.removeprefix(start).removesuffix(PRODUCTION)


def test_imports_within_the_tree(tmp_path: Path) -> None:
    """Relative imports work from every folder, of libraries, text and bytes."""
    files = {
        "a/b/c.json.jsonnet": """
            local x = import '../../_lib/x.libsonnet';
            function(env) [x.y, importstr './d.txt', importbin 'd.txt']
        """,
        "_lib/x.libsonnet": "{y: import 'deep/z.libsonnet'}",
        "_lib/deep/z.libsonnet": "1",
        "a/b/d.txt": "é",
    }
    assert render(tmp_path, files)["a/b/c.json"].decode().split() == ["[", "1,", '"é",', "[", "195,", "169", "]", "]"]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("function(env)\n  error 'say ' + env.project", ":2:3: say shop"),
        ("function(env) {\n  a: env.nope,\n}", ":2:6: field does not exist: nope"),
        ("function(env) {\n  assert self.a == 2 : 'a is two',\n  a: 1,\n}", ":2:24: a is two"),
        ("function(env) { a: 1 + {} }", ":1:20: binary operator + requires matching types, got number and object."),
        ("function(env) { a: function(x) x }", ":1:20: couldn't manifest function in JSON output."),
        ("function(env) {\n  a: 1\n  b: 2 }", ":3:3: expected a comma before next field."),
        ("function(env) { a: b }", ":1:20: Unknown variable: b"),
        ("function(env) { a: 1e400 }", ":1:20: overflow"),
        ("function(env) local f(n) = f(n + 1); f(0)", ":1:28: max stack frames exceeded."),
        ("function(env) std.set([[1], 2])", ":1:15: binary operator < requires matching types, got number and array."),
        ("import 'a.yaml.jsonnet'", ":1:1: max stack frames exceeded."),
        ("", ":1:1: unexpected end of file."),
        ("function(env, service) {}", ": does not take the arguments that its path names"),
        ("function() {}", ": does not take the arguments that its path names"),
        ("{}", ": does not take the arguments that its path names"),
        ("function(env) std.char(55296)", ": the value holds text that is not Unicode"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, template: str, text: str) -> None:
    """File, line and column for every kind of error, those that rjsonnet gives no place for, too."""
    message = fail(tmp_path, {"a.yaml.jsonnet": template})
    assert message.split("\n")[0] == f"templates/a.yaml.jsonnet{text}"
    assert message.split("\n")[1] == "    for: environment production"


def test_wrong_arguments_are_explained(tmp_path: Path) -> None:
    """What was found and what the path asks for."""
    assert fail(tmp_path, {"[cluster]/[service].json.jsonnet": "function(env, service) {}"}) == (
        "templates/[cluster]/[service].json.jsonnet: does not take the arguments that its path names\n"
        "    for: environment production, cluster east, service api, and 2 more\n"
        "    found: a function of 2\n"
        "    expected: function(env, cluster, service)"
    )


def test_parameters_with_defaults_are_fine(tmp_path: Path) -> None:
    """Only what the path names is passed."""
    assert render(tmp_path, {"a.json.jsonnet": "function(env, x=1) x"}) == {"a.json": b"1\n"}


def test_an_error_in_a_library_says_who_called(tmp_path: Path) -> None:
    """The place is the library's, the hint names the template's line, the subject the service."""
    files = {
        "_lib/x.libsonnet": "{\n  f(s):: if s.name == 'web' then error 'no web' else s.name,\n}",
        "[service].json.jsonnet": "local x = import '_lib/x.libsonnet';\nfunction(env, service)\n  x.f(service)",
    }
    assert fail(tmp_path, files) == (
        "templates/_lib/x.libsonnet:2:34: no web\n"
        "    for: environment production, service web\n"
        "    hint: called from templates/[service].json.jsonnet:3:3"
    )


def test_all_failing_templates_are_told_at_once(tmp_path: Path) -> None:
    """Several templates, of both engines, and values that no file can hold; good ones are not mentioned."""
    files = {
        "good.yaml.jsonnet": "function(env) {}",
        "one.yaml.jsonnet": "function(env) error 'one'",
        "two.yaml.jsonnet": "function(env) {",
        "three.j2": "{{ env.nope }}",
        "four.yaml.jsonnet": "function(env) 'text'",
    }
    assert fail(tmp_path, files) == (
        "templates/four.yaml.jsonnet: the document cannot be text\n"
        "    for: environment production\n"
        "    expected: an object or a list for each document\n"
        "templates/one.yaml.jsonnet:1:15: one\n"
        "    for: environment production\n"
        "templates/three.j2:1: 'dict object' has no attribute 'nope'\n"
        "    for: environment production\n"
        "templates/two.yaml.jsonnet:1:16: unexpected: end of file while parsing field definition\n"
        "    for: environment production"
    )


def test_many_failures_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow engine is asked about a few, the others are told in rjsonnet's words and place; a hundred are shown."""
    monkeypatch.setattr("hftgen.render.diagnosis.MAX_EVALUATIONS", 1)
    files = {f"{number:03}.json.jsonnet": "function(env)\n  error 'x'" for number in range(110)}
    files |= {"z/[service].json.jsonnet": "function(env, service) error 'same'", "050a.json.jsonnet": "import 'nope'"}
    text = fail(tmp_path, files)
    assert text.count("templates/") == 100
    assert "templates: 12 more problems are not shown" in text
    assert "templates/000.json.jsonnet:2:3: x" in text
    assert "templates/050a.json.jsonnet: there is no file 'nope' in the template tree" in text
    assert "templates/098.json.jsonnet:2:3: x" in text


def test_engines_that_disagree(tmp_path: Path) -> None:
    """What only rjsonnet refuses is an error that says so."""
    assert fail(tmp_path, {"a.txt.jsonnet": "function(env) std.trim(' a ')"}) == (
        "templates/a.txt.jsonnet: no such field: trim\n"
        "    for: environment production\n"
        "    hint: only rjsonnet refuses it, the reference implementation does not: use what both have"
    )


@pytest.mark.parametrize("value", ["1.0", "100", "1e2", "-0.0", "9007199254740992", "1e18"])
def test_whole_numbers_are_integers(tmp_path: Path, value: str) -> None:
    """Jsonnet has doubles only; a whole one is written without point or exponent."""
    made = render(tmp_path, {"a.yaml.jsonnet": f"function(env) {{a: {value}}}"})["a.yaml"]
    assert made.endswith(f"\na: {int(float(value))}\n".encode())


def test_an_integer_that_would_be_rounded_is_an_error(tmp_path: Path) -> None:
    """A context with an integer above 2^53 is refused with its field, not silently changed."""
    context: dict[str, Any] = {**CONTEXT, "services": {"web": {"id": 9007199254740993}}}
    renderer = Renderer(find_templates(tmp_path, {"a.json.jsonnet": "function(env) 1"}))
    with pytest.raises(InputError, match=r"services\.web\.id: an integer above 2\^53") as error:
        renderer.render_environment("production", context)
    assert error.value.problems[0].subject == "environment production"
    renderer.render_environment("production", {**CONTEXT, "digest": "9007199254740993"})


def test_a_careful_evaluation_announces_each_output(tmp_path: Path) -> None:
    """The same values, and before each the template and its subject, so that a death has a name."""
    templates = find_templates(
        tmp_path, {"a.json.jsonnet": "function(env) 1", "[service].json.jsonnet": "function(env, service) 2"}
    )
    scope = for_environment("production", CONTEXT)
    outputs = expand(templates, scope)
    notes: list[tuple[str, str]] = []
    engine = JsonnetEngine(templates)
    assert engine.evaluate(outputs, scope, lambda *note: notes.append(note)) == engine.evaluate(outputs, scope)
    assert notes == [
        ("templates/a.json.jsonnet", "environment production"),
        ("templates/[service].json.jsonnet", "environment production, service api"),
        ("templates/[service].json.jsonnet", "environment production, service web"),
    ]


def test_crlf_makes_no_difference(tmp_path: Path) -> None:
    """A checkout with CRLF renders the same bytes."""
    template = "function(env) |||\n  a\n  b\n|||\n"
    one = render(tmp_path / "1", {"a.txt.jsonnet": template})
    assert render(tmp_path / "2", {"a.txt.jsonnet": template.replace("\n", "\r\n")}) == one == {"a.txt": b"a\nb\n"}
