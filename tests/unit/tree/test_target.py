"""Where hftgen may write: --output of a home folder loses nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hftgen.errors import HftgenError, InputError, MachineError
from hftgen.tree import target
from hftgen.tree.target import MARKER, STAGING, check_target
from tests.unit.tree.support import OLD, render, snapshot

NAMES = ("production", "repository")


def _refusal(output: Path, *sources: Path, root: Path | None = None) -> str:
    with pytest.raises(InputError) as refused:
        check_target(output, NAMES, sources=sources, root=root)
    assert all(problem.hint for problem in refused.value.problems)
    return str(refused.value)


def test_fine_targets(tmp_path: Path) -> None:
    """An absent output, an empty one, one with other people's folders, and hftgen's own are accepted, and not made."""
    output = tmp_path / "deep" / "rendered"
    check_target(output, NAMES, sources=[tmp_path / "specs"], root=tmp_path)
    assert not output.parent.exists()
    (output / "notes").mkdir(parents=True)
    (output / "production").mkdir()
    check_target(output, NAMES)
    render(output, OLD)
    before = snapshot(output)
    check_target(output, NAMES)
    assert snapshot(output) == before


def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """A folder named like an environment that holds something and no marker is refused, all such folders at once."""
    for name in NAMES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "thesis.txt").write_text("precious")
    text = _refusal(tmp_path)
    assert text.count("neither empty nor marked as written by hftgen") == 2
    assert f"{tmp_path}/production: " in text
    assert f"put an empty file {MARKER} into it" in text


def _make_file(path: Path) -> None:
    path.write_text("precious")


def _make_link(path: Path) -> None:
    path.symlink_to(path.parent)


def _make_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("make", [_make_file, _make_link, _make_dangling_link])
@pytest.mark.parametrize("name", ["rendered", "rendered/production", f"rendered/{STAGING}"])
def test_no_folder(name: str, make: Callable[[Path], None], tmp_path: Path) -> None:
    """A file or a link where a folder of ours belongs is refused, and stays."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    make(path)
    before = snapshot(tmp_path)
    assert str(path) in _refusal(tmp_path / "rendered")
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_false_marker(kind: str, tmp_path: Path) -> None:
    """Only a regular file is a marker."""
    folder = tmp_path / "production"
    folder.mkdir()
    (folder / "file").write_text("precious")
    if kind == "folder":
        (folder / MARKER).mkdir()
    else:
        (folder / MARKER).symlink_to("file")
    assert "neither empty nor marked" in _refusal(tmp_path)


def test_a_file_on_the_way(tmp_path: Path) -> None:
    """An output below a file is refused, naming the file."""
    (tmp_path / "file").write_text("x")
    assert f"{tmp_path}/file: a file stands where" in _refusal(tmp_path / "file" / "a" / "rendered")


def test_links_on_the_way(tmp_path: Path) -> None:
    """A link inside the repository that leads the output elsewhere is refused; above the repository it is its place."""
    (tmp_path / "elsewhere").mkdir()
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "out").symlink_to(tmp_path / "elsewhere")
    assert "a link, which is never followed" in _refusal(repository / "out" / "rendered", root=repository)
    (tmp_path / "home").symlink_to(repository)
    check_target(tmp_path / "home" / "rendered", NAMES, root=tmp_path / "home")


def test_inside_git(tmp_path: Path) -> None:
    """Nothing is rendered into .git, also not through a link."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "innocent").symlink_to(tmp_path / ".git")
    assert "lies inside .git" in _refusal(tmp_path / ".git" / "rendered")
    assert "lies inside .git" in _refusal(tmp_path / "innocent" / "rendered")


@pytest.mark.parametrize("output", ["specs", "specs/rendered", "templates"])
def test_inside_a_source(output: str, tmp_path: Path) -> None:
    """An output inside a folder that is read is refused."""
    sources = [tmp_path / "specs", tmp_path / "templates"]
    assert "the output folder lies inside" in _refusal(tmp_path / output, *sources)


@pytest.mark.parametrize("source", ["rendered/production", "rendered/production/specs", "rendered/repository/policies"])
def test_a_source_inside(source: str, tmp_path: Path) -> None:
    """A folder that is read may not lie where a render removes what it did not make."""
    assert "a render would replace this folder" in _refusal(tmp_path / "rendered", tmp_path / source)


def test_sources_beside(tmp_path: Path) -> None:
    """`--output .` is fine: specs and templates lie beside the environments, as other foreign folders do."""
    for name in ("specs", "templates", "specifications"):
        (tmp_path / name).mkdir()
    check_target(tmp_path, NAMES, sources=[tmp_path / "specs", tmp_path / "templates"], root=tmp_path)


def test_an_environment_named_like_a_source(tmp_path: Path) -> None:
    """An environment whose folder is one that is read is refused before anything is replaced."""
    (tmp_path / "production").mkdir()
    assert "a render would replace" in _refusal(tmp_path, tmp_path / "production")


def test_the_machine_refuses_to_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be looked at is the machine's refusal, exit 4."""

    def refuse(path: str) -> os.stat_result:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(target, "look", refuse)
    with pytest.raises(HftgenError) as refused:
        check_target(tmp_path, NAMES)
    assert isinstance(refused.value, MachineError)
