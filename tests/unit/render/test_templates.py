"""The plan of a template tree: every row of the table in the design, and what cannot be planned."""

from pathlib import Path

import pytest

from hftgen.errors import InputError
from tests.unit.render.trees import Files, find_templates, render


def refuse(base: Path, *origins: Files) -> str:
    """The error of discovering such origins."""
    with pytest.raises(InputError) as error:
        find_templates(base, *origins)
    return str(error.value)


KNOWN = "there are [cluster], [pool], [addon], [service], [project]"


@pytest.mark.parametrize(
    ("file", "content", "path", "data"),
    [
        ("a/b.yaml.jsonnet", "function(env) {a: 1}", "a/b.yaml", b"a: 1\n"),
        ("a/b.yml.jsonnet", "function(env) [{a: 1}, {b: 2}]", "a/b.yml", b"a: 1\n---\nb: 2\n"),
        ("a/b.json.jsonnet", "function(env) [1]", "a/b.json", b"[\n  1\n]\n"),
        ("a/b.txt.jsonnet", "function(env) env.project", "a/b.txt", b"shop"),
        ("a/Makefile.jsonnet", "function(env) 'all:\\n'", "a/Makefile", b"all:\n"),
        ("a/Dockerfile.j2", "FROM {{ env.project }}\n", "a/Dockerfile", b"FROM shop\n"),
        ("a/x.raw", "{{", "a/x", b"{{"),
        ("a.conf.j2.raw", "{{", "a.conf.j2", b"{{"),
        ("a.libsonnet.raw", "{", "a.libsonnet", b"{"),
        ("a/x.sh", b"\xff\0", "a/x.sh", b"\xff\0"),
        ("a/_helpers.tpl", "{{", "a/_helpers.tpl", b"{{"),
        ("a/.dockerignore", "x\n", "a/.dockerignore", b"x\n"),
        ("a/empty", "", "a/empty", b""),
        ("[project]/a-[project].txt", "x", "shop/a-shop.txt", b"x"),
    ],
)
def test_a_file_makes_an_output(tmp_path: Path, file: str, content: str | bytes, path: str, data: bytes) -> None:
    """Each row of the table: the name decides the path and the kind."""
    made = render(tmp_path, {file: content})
    assert list(made) == [path]
    assert made[path].removeprefix(made[path].split(b"\n")[0] + b"\n" if b"Generated" in made[path] else b"") == data


@pytest.mark.parametrize("file", ["x.libsonnet", "_lib/a.yaml.jsonnet", "a/_b/c/d.txt", "_lib/_when.jsonnet"])
def test_a_library_makes_nothing(tmp_path: Path, file: str) -> None:
    """Libraries, and whatever lies in a folder whose name begins with `_`, make no output and are not evaluated."""
    assert render(tmp_path, {file: "error 'never'"}) == {}


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        ("a/[service]/b", ["a/api/b", "a/web/b"]),
        ("a/[cluster]/b", ["a/east/b", "a/west/b"]),
        ("values-[cluster].yaml", ["values-east.yaml", "values-west.yaml"]),
        ("[cluster]/[pool]", ["east/fast", "east/slow", "west/fast"]),
        ("[pool]/[cluster]", ["fast/east", "fast/west", "slow/east"]),
        ("[cluster]/[addon]", ["east/dns"]),
        ("[cluster]/[addon]-[service]", ["east/dns-api", "east/dns-web"]),
        ("[cluster]/[service]", ["east/api", "east/web", "west/web"]),
        ("[cluster]/[pool]-[service]", ["east/fast-api", "east/fast-web", "east/slow-api", "east/slow-web", "west/fast-web"]),  # noqa: E501 - one row
        ("[project]-[service]/[service]", ["shop-api/api", "shop-web/web"]),
    ],
)  # fmt: skip
def test_brackets_make_one_file_for_each(tmp_path: Path, file: str, paths: list[str]) -> None:
    """Alone, combined, inside names; a pool is a cluster's; a service below a cluster exists only where it runs."""
    assert list(render(tmp_path, {file: "x"})) == paths


def test_arguments_are_in_order_and_resolved(tmp_path: Path) -> None:
    """env, cluster, pool, service, whatever the order in the path; a service below a cluster has its overrides."""
    values = "[env.project, cluster.name, pool.name, service.name, service.replicas]"
    template = f"function(env, cluster, pool, service) '%s %s %s %s %d' % {values}"
    made = render(tmp_path, {"[service]/[pool]/[cluster].txt.jsonnet": template})
    assert made["web/fast/west.txt"] == b"shop west fast web 7"
    text = "{{ cluster.name }} {{ pool.name }} {{ service.replicas }}"
    assert render(tmp_path / "j", {"[service]/[pool]/[cluster].j2": text})["web/fast/east"] == b"east fast 2"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("a/[env]/b", "names [env], which is nothing; " + KNOWN),
        ("a/[Service]/b", "names [Service], which is nothing; " + KNOWN),
        ("[]", "names [], which is nothing; " + KNOWN),
        ("a/[pool]/b", "names [pool] without [cluster], but pools are a cluster's"),
        ("a/[addon]/b", "names [addon] without [cluster], but addons are a cluster's"),
        ("a/[service/b", "has a bracket without its other half; " + KNOWN),
        ("a/b]", "has a bracket without its other half; " + KNOWN),
        ("a/.hftgen", "makes 'a/.hftgen', but '.hftgen' is reserved"),
        ("a/.HFTGEN.j2", "makes 'a/.HFTGEN', but '.HFTGEN' is reserved"),
        ("a/.git.raw", "makes 'a/.git', but '.git' is reserved"),
        ("a/.j2", "makes 'a/', which is no path of a file below the output folder"),
        ("a/...raw", "makes 'a/..', which is no path of a file below the output folder"),
        (
            "repository/[pool]",
            "names [pool], which is nothing below repository/; there are [target], [preset], [service], [project]",
        ),
        ("[pool]/_when.jsonnet", "names [pool] without [cluster], but pools are a cluster's"),
    ],
)  # fmt: skip
def test_names_that_make_no_output_are_errors(tmp_path: Path, file: str, message: str) -> None:
    """Unknown and halved brackets, reserved names, and names of nothing, each with its file."""
    assert refuse(tmp_path, {file: "x"}) == f"templates/{file}: {message}"


def test_two_templates_of_one_origin_for_one_path_are_an_error(tmp_path: Path) -> None:
    """The error names both."""
    text = refuse(tmp_path, {"a.yaml.jsonnet": "", "a.yaml": "", "b": ""})
    assert text == (
        "templates/a.yaml.jsonnet: makes a.yaml, and so does templates/a.yaml\n"
        "    hint: rename one of the two templates"
    )


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("a/B", "a/b", "makes a/b, which differs only in letter case from a/B of templates/a/B"),
        ("A/x", "a/y", "makes a/y, which differs only in letter case from A/x of templates/A/x"),
        ("e\u0301", "\u00c9", "makes \u00c9, which differs only in letter case from e\u0301 of templates/e\u0301"),
        ("a.raw", "a/b", "makes a/b, but a is a file of templates/a.raw"),
        ("x/a.j2", "x/a/[service]/b", "makes x/a/[service]/b, but x/a is a file of templates/x/a.j2"),
    ],
)
@pytest.mark.parametrize("packaged", [False, True])
def test_outputs_that_cannot_stand_together(
    tmp_path: Path, first: str, second: str, message: str, *, packaged: bool
) -> None:
    """Paths or folders equal but for case (or composition) and files inside files, in one origin or two."""
    origins: tuple[Files, ...] = ({first: "x"}, {second: "x"}) if packaged else ({first: "x", second: "x"},)
    text = refuse(tmp_path, *origins).replace("packaged/", "templates/")
    assert text == f"templates/{second}: {message}\n    hint: rename one of the two templates"


def test_an_own_template_beats_a_packaged_one(tmp_path: Path) -> None:
    """By output path, not by file name, so that an output can be made another way; null makes it go."""
    packaged = {"a.yaml.jsonnet": "function(env) {a: 'packaged'}", "b": "packaged", "c": "packaged"}
    made = render(tmp_path, {"a.yaml": "own", "b.jsonnet": "function(env) null"}, packaged)
    assert made == {"a.yaml": b"own", "c": b"packaged"}


def test_an_own_template_beats_a_packaged_pattern(tmp_path: Path) -> None:
    """A template for one service alone beats the packaged one for all."""
    made = render(tmp_path, {"a/web.txt": "own"}, {"a/[service].txt": "packaged"})
    assert made == {"a/api.txt": b"packaged", "a/web.txt": b"own"}


def test_two_templates_of_one_origin_that_meet_in_an_environment(tmp_path: Path) -> None:
    """A pattern and a name that only an environment brings together are an error naming both, and the environment."""
    with pytest.raises(InputError) as error:
        render(tmp_path, {"a/web.txt": "x", "a/[service].txt": "x"})
    assert str(error.value) == (
        "templates/a/web.txt: makes a/web.txt, and so does templates/a/[service].txt\n"
        "    for: environment production\n"
        "    hint: rename one of the two templates"
    )


def test_imports_see_the_union(tmp_path: Path) -> None:
    """An own template imports a packaged library; an own library replaces the packaged one for packaged templates."""
    packaged = {
        "_lib/a.libsonnet": "{v: 'packaged'}",
        "_lib/b.libsonnet": "{v: 'packaged'}",
        "p.txt.jsonnet": "local a = import '_lib/a.libsonnet'; function(env) a.v",
    }
    own = {
        "_lib/a.libsonnet": "{v: 'own'}",
        "o.txt.jsonnet": "local b = import '_lib/b.libsonnet'; function(env) b.v",
    }
    assert render(tmp_path, own, packaged) == {"o.txt": b"packaged", "p.txt": b"own"}


def test_the_plan_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    """Trees written in either order give one plan."""
    files = {f"{name}.yaml.jsonnet": "function(env) {}" for name in "zaqx"}
    one = find_templates(tmp_path / "1", files)
    two = find_templates(tmp_path / "2", dict(reversed(files.items())))
    assert one.templates == two.templates
    assert list(one.files) == list(two.files)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xef\xbb\xbf{}", ":1:1: begins with a byte order mark"),
        (b"{\n a: '\0'}", ":2:6: holds a NUL character"),
        (b"{\n\n  a: '\xff'}", ":3:7: is not UTF-8"),
        (b"[" * 201 + b"]" * 201, ":1:201: nests brackets more than 200 deep"),
        (b"// ))))\n" + b"(" * 20_000 + b")" * 20_000, ":2:201: nests brackets more than 200 deep"),
    ],
)
def test_bytes_that_no_engine_should_see(tmp_path: Path, content: bytes, message: str) -> None:
    """Templates are UTF-8 text of bounded nesting; the place is told."""
    for name in ("a.yaml.jsonnet", "a.libsonnet"):
        assert refuse(tmp_path / name, {name: content}).startswith(f"templates/{name}{message}")


def test_brackets_in_text_do_not_nest(tmp_path: Path) -> None:
    """Strings, comments and text blocks may hold any number of brackets."""
    text = "// (((\n# [[[\n/* {{{ */\nfunction(env) ['((' , \"[[\\\"[\", @'{{''{', |||\n  ((((\n|||][0] + ''"
    assert render(tmp_path, {"a.txt.jsonnet": text.replace("((", "(" * 250)}) == {"a.txt": b"(" * 250}
