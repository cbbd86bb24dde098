"""Comparing a folder with what is wanted, and making it so."""

import os
from collections.abc import Container
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hftgen.errors import BugError, MachineError
from hftgen.tree import changes as module
from hftgen.tree.changes import compare
from hftgen.tree.target import MARKER, MARKER_TEXT
from tests.unit.tree.support import CASES, NEW, OLD, build, compare_all, is_clean, put_foreign, render, snapshot


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder that does not exist yet."""
    return tmp_path / "rendered"


def test_first_render(output: Path) -> None:
    """A render into nothing makes the files and the marker, readable by all, and leaves nothing else."""
    _, changes, _ = render(output, {"production": {"a/b.yaml": b"x\n"}})
    assert changes.folders["production"].added == (MARKER, "a/b.yaml")
    assert snapshot(output) == {
        "production": None,
        "production/a": None,
        f"production/{MARKER}": MARKER_TEXT,
        "production/a/b.yaml": b"x\n",
    }
    assert (output / "production/a/b.yaml").stat().st_mode & 0o777 == 0o644 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_every_kind_of_change(output: Path) -> None:
    """Added, changed, removed and unchanged are told apart, also where a file and a folder change places."""
    render(output, OLD)
    changes = compare_all(output, NEW)
    production = changes.folders["production"]
    assert production.added == (
        "base/added/deep/d.yaml",
        "base/added/e.yaml",
        "base/engine/added.yaml",
        "swap/was-file/f.yaml",
        "swap/was-folder",
    )
    assert production.changed == ("README.md", "base/engine/changed.yaml")
    assert production.removed == (
        "base/engine/gone.yaml",
        "base/removed/a.yaml",
        "base/removed/deep/b.yaml",
        "swap/was-file",
        "swap/was-folder/c.yaml",
    )
    assert production.unchanged == (MARKER, "same.yaml")
    assert changes.gone == ("staging",)
    assert changes.folders["staging"].removed == (MARKER, "a.yaml", "folder/b.yaml")


def test_comparing_changes_nothing(output: Path) -> None:
    """Comparing reads: not even a folder's mtime is touched."""
    render(output, OLD)
    before = {path: os.lstat(path)[:9] for path in output.rglob("*")}
    compare_all(output, NEW)
    assert {path: os.lstat(path)[:9] for path in output.rglob("*")} == before


def test_unchanged_files_keep_their_mtime(output: Path) -> None:
    """A file that stays is not written again: build tools and reviewers see only what changed."""
    render(output, OLD)
    same = output / "production/same.yaml"
    os.utime(same, ns=(1, 1))
    inode = same.stat().st_ino
    render(output, NEW)
    assert (same.stat().st_mtime_ns, same.stat().st_ino) == (1, inode)


def test_second_render_does_nothing(output: Path) -> None:
    """A render of the same tree changes nothing, and not even makes the staging folder's contents."""
    render(output, NEW)
    _, changes, _ = render(output, NEW)
    assert not changes


def test_only_named_environments_change(output: Path) -> None:
    """A render that names environments leaves the others' folders, with and without spec."""
    render(output, OLD)
    render(output, {"production": NEW["production"]})
    assert (output / "staging/a.yaml").exists() is False
    render(output, OLD)
    changes = compare(output, {"production": NEW["production"]})
    assert list(changes.folders) == ["production"]


def test_a_folder_without_marker_never_goes(output: Path) -> None:
    """A folder of the output without marker is not hftgen's, whatever is rendered."""
    put_foreign(output)
    before = snapshot(output)
    render(output, OLD)
    render(output, {"other": {"a": b""}})
    found = snapshot(output)
    assert {path: found[path] for path in before} == before
    assert set(found) - set(before) == {"other", "other/a", f"other/{MARKER}"}


def test_an_empty_render_removes_nothing(output: Path) -> None:
    """No environment at all is a mistake in --specs, and no reason to remove everything."""
    render(output, OLD)
    before = snapshot(output)
    render(output, {})
    assert snapshot(output) == before


def test_edits_by_hand_are_undone(output: Path) -> None:
    """An edited file of the same size, an executable, a foreign file, an empty folder and a lost marker are seen."""
    render(output, OLD)
    folder = output / "production"
    (folder / "README.md").write_bytes(b"OLD\n")
    (folder / "same.yaml").chmod(0o755)
    (folder / "foreign.txt").write_text("x")
    (folder / "empty/folder").mkdir(parents=True)
    changes = compare_all(output, OLD).folders["production"]
    assert changes.changed == ("README.md", "same.yaml")
    assert changes.removed == ("empty/folder/", "foreign.txt")
    render(output, OLD)
    assert not compare_all(output, OLD)


def test_links_are_replaced_not_followed(output: Path, tmp_path: Path) -> None:
    """A link or pipe inside an environment is replaced or removed itself; what a link leads to stays as it is."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "changed.yaml").write_bytes(b"precious\n")
    render(output, OLD)
    folder = output / "production"
    (folder / "stale").symlink_to(outside)
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to(outside / "changed.yaml")
    for path in (folder / "base/engine").iterdir():
        path.unlink()
    (folder / "base/engine").rmdir()
    (folder / "base/engine").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    changes = compare_all(output, OLD).folders["production"]
    assert changes.changed == ("README.md",)
    assert changes.added == ("base/engine/changed.yaml", "base/engine/gone.yaml")
    assert changes.removed == ("base/engine", "pipe", "stale")
    render(output, OLD)
    assert snapshot(outside) == {"changed.yaml": b"precious\n"}
    assert not compare_all(output, OLD)
    assert not (folder / "base/engine").is_symlink()


def test_a_link_for_an_environment_is_refused(output: Path, tmp_path: Path) -> None:
    """An environment's folder that became a link since it was checked is an error, not followed."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("precious")
    output.mkdir()
    (output / "production").symlink_to(tmp_path / "outside")
    with pytest.raises(MachineError):
        render(output, OLD)
    assert snapshot(tmp_path / "outside") == {"file": b"precious"}


@pytest.mark.parametrize("path", ["../x", "/x", "a/../x", "a//b", "", "a/./b", "a\0b", "a/"])
def test_paths_stay_inside(output: Path, path: str) -> None:
    """A path that could leave the environment's folder is a bug found before anything is touched."""
    with pytest.raises(BugError):
        compare(output, {"production": {path: b""}})


def test_a_file_that_is_a_folder_too(output: Path) -> None:
    """One path as a file and as a folder is a bug, named."""
    with pytest.raises(BugError, match=r"^a/b is wanted as a file and as a folder"):
        compare(output, {"production": {"a/b": b"", "a/b/c": b""}})


def test_a_file_that_vanishes_while_compared(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that goes between listing and reading counts as one to write."""
    render(output, OLD)
    original = module.survey

    def vanish(folder: str, ours: Container[str]) -> module.Found:
        found = original(folder, ours)
        (output / "production/same.yaml").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(module, "survey", vanish)
    assert compare(output, OLD).folders["production"].changed == ("same.yaml",)


def test_strange_names_go_too(output: Path) -> None:
    """A stale file whose name is no text can be removed, also by a recovery."""
    render(output, OLD)
    strange = os.fsencode(output) + b"/production/\xff\n"
    Path(os.fsdecode(strange)).write_bytes(b"")
    assert compare(output, OLD).folders["production"].removed == ("\udcff\n",)
    render(output, OLD)
    assert not Path(os.fsdecode(strange)).exists()


def test_stamps_name_every_file(output: Path) -> None:
    """Apply tells inode and mtime of each file that is now as wanted, written or kept."""
    _, _, stamps = render(output, OLD)
    kept = {path: _stamp(output / "production" / path) for path in (*OLD["production"], MARKER)}
    assert stamps["production"] == kept
    _, _, again = render(output, NEW)
    assert again["production"] == {path: _stamp(output / "production" / path) for path in (*NEW["production"], MARKER)}
    assert "staging" not in again


def _stamp(path: Path) -> tuple[int, int, int]:
    return path.stat().st_ino, path.stat().st_size, path.stat().st_mtime_ns


def test_an_edit_in_the_tick_of_the_reading(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept file whose mtime is not older than the reading has no stamp: a later edit would not show in it."""
    render(output, OLD)
    monkeypatch.setattr(module, "filesystem_now", lambda _: 0)
    assert set(compare(output, OLD).folders["production"].seen.values()) == {(0, 0, 0)}


_NAMES = st.sampled_from(["a", "b", "c"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_CONTENT = st.sampled_from([b"", b"1", b"2", b"long"])


def _without_clashes(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}


_TREES = st.dictionaries(_PATHS, _CONTENT, max_size=6).map(_without_clashes)


@given(before=_TREES, after=_TREES, links=st.lists(_PATHS, max_size=2), folders=st.lists(_PATHS, max_size=2))
def test_any_tree_becomes_any_other(
    tmp_path_factory: pytest.TempPathFactory,
    before: dict[str, bytes],
    after: dict[str, bytes],
    links: list[str],
    folders: list[str],
) -> None:
    """Whatever stands in an environment's folder, links and empty folders too, exactly the wanted files are left."""
    output = tmp_path_factory.mktemp("any").resolve() / "rendered"
    render(output, {"e": before})
    for path in links:
        if _is_free(output / "e" / path):
            (output / "e" / path).symlink_to(output)
    for path in folders:
        if _is_free(output / "e" / path):
            (output / "e" / path).mkdir()
    found = {str(path.relative_to(output / "e")) for path in output.rglob("*") if path.is_symlink() or path.is_file()}
    changes = compare(output, {"e": after}).folders["e"]
    wanted = {*after, MARKER}
    assert {*changes.added, *changes.changed, *changes.unchanged} == wanted
    assert {path for path in changes.removed if not path.endswith("/")} == found - wanted
    assert set(changes.added) == wanted - found
    render(output, {"e": after})
    files = {f"e/{path}": data for path, data in after.items()} | {f"e/{MARKER}": MARKER_TEXT}
    parents = {str(parent): None for path in files for parent in Path(path).parents if str(parent) != "."}
    assert snapshot(output) == {**files, **parents}


def _is_free(path: Path) -> bool:
    """Whether nothing stands there, in a folder that is not reached through a link."""
    return path.parent.is_dir() and path.parent.resolve() == path.parent and not os.path.lexists(path)


def test_a_rehearsal_equals_the_render(tmp_path: Path) -> None:
    """The cases that the kill tests use end in the new tree when nothing goes wrong."""
    for name, case in CASES.items():
        output = tmp_path / name
        before, after = build(output, case)
        assert before != after
        render(output, case.after)
        assert snapshot(output) == after
        assert is_clean(output)
