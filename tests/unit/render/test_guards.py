"""`_when.jsonnet`: whether a folder exists."""

from pathlib import Path

import pytest

from tests.unit.render.trees import fail, render


def test_a_guard_holds_for_its_folder_and_all_below(tmp_path: Path) -> None:
    """Every kind of output below it exists or does not; what lies beside it is not touched."""
    files = {
        "a/x.txt": "x",
        "a/y.j2": "y",
        "a/z.json.jsonnet": "function(env) 1",
        "a/deep/er/x.txt": "x",
        "b.txt": "b",
    }
    assert set(render(tmp_path / "1", {**files, "a/_when.jsonnet": "function(env) env.project == 'shop'"})) == {
        "a/x.txt",
        "a/y",
        "a/z.json",
        "a/deep/er/x.txt",
        "b.txt",
    }
    assert set(render(tmp_path / "2", {**files, "a/_when.jsonnet": "function(env) false"})) == {"b.txt"}


def test_all_guards_above_must_hold(tmp_path: Path) -> None:
    """An outer false wins over an inner true, and the inner one is then not asked."""
    files = {"a/_when.jsonnet": "function(env) false", "a/b/_when.jsonnet": "function(env) error 'asked'", "a/b/x": "x"}
    assert render(tmp_path / "1", files) == {}
    files = {"_when.jsonnet": "function(env) true", "a/_when.jsonnet": "function(env) false", "a/x": "x", "y": "y"}
    assert set(render(tmp_path / "2", files)) == {"y"}


def test_a_guard_has_the_arguments_of_its_folder(tmp_path: Path) -> None:
    """Those of its own path, not of the paths below it; a cluster's service is the cluster's."""
    files = {
        "[cluster]/_when.jsonnet": "function(env, cluster) cluster.name == 'east'",
        "[cluster]/[service]/_when.jsonnet": "function(env, cluster, service) service.replicas == 2",
        "[cluster]/[service]/[pool].txt": "x",
        "[service]/_when.jsonnet": "function(env, service) service.name == 'web'",
        "[service]/x-[cluster]": "x",
    }
    assert set(render(tmp_path, files)) == {
        "east/api/fast.txt",
        "east/api/slow.txt",
        "east/web/fast.txt",
        "east/web/slow.txt",
        "web/x-east",
        "web/x-west",
    }


def test_what_a_guard_hides_is_not_evaluated(tmp_path: Path) -> None:
    """A template may read fields that exist only where its guard holds."""
    files = {
        "a/_when.jsonnet": "function(env) std.objectHas(env, 'dns')",
        "a/x.yaml.jsonnet": "function(env) {zone: env.dns.zone}",
        "a/y.j2": "{{ env.dns.zone }}",
    }
    assert render(tmp_path, files) == {}


def test_an_own_guard_beats_the_packaged_one(tmp_path: Path) -> None:
    """So a repository can switch a packaged folder off."""
    packaged = {"helm/x": "x", "helm/_when.jsonnet": "function(env) true"}
    assert render(tmp_path, {"helm/_when.jsonnet": "function(env) false"}, packaged) == {}


@pytest.mark.parametrize(
    ("guard", "message"),
    [
        (
            "function(env) 'yes'",
            ": a guard says true or false\n    for: environment production\n    found: text\n    expected: a boolean",
        ),
        ("function(env) env.nope", ":1:15: field does not exist: nope\n    for: environment production"),
        (
            "true",
            (
                ": does not take the arguments that its path names\n    for: environment production\n"
                "    found: no function\n    expected: function(env)"
            ),
        ),
    ],
)
def test_a_wrong_guard_is_named_once(tmp_path: Path, guard: str, message: str) -> None:
    """The guard's file and place, once for all that lies below it."""
    text = fail(tmp_path, {"a/_when.jsonnet": guard, "a/x": "x", "a/y.j2": "y", "a/z.json.jsonnet": "function(env) 1"})
    assert text == f"templates/a/_when.jsonnet{message}"
