"""Reading template folders: what is read, what is ignored, what is refused."""

import os
from pathlib import Path

import pytest

from hftgen.errors import InputError
from hftgen.render.origin import read_origins
from tests.unit.render.trees import write_tree


def refuse(*origins: Path, base: Path) -> str:
    """The error of reading these folders."""
    with pytest.raises(InputError) as error:
        read_origins(origins, base)
    return str(error.value)


def test_files_come_sorted_with_all_their_bytes(tmp_path: Path) -> None:
    """The order is that of the paths, whatever the file system's; bytes are whole; dot files are files."""
    tree = write_tree(tmp_path / "templates", {"b/z": b"\xff\0", "b/a": b"", "a": b"1", ".dockerignore": b"2"})
    files = read_origins([tree], tmp_path)
    assert [(file.path, file.data) for file in files.values()] == [
        (".dockerignore", b"2"),
        ("a", b"1"),
        ("b/a", b""),
        ("b/z", b"\xff\0"),
    ]
    assert files["b/z"].label == "templates/b/z"


def test_leftovers_of_editors_are_no_templates(tmp_path: Path) -> None:
    """Backups, locks, swap files and what version control and Python keep make no output."""
    names = (".DS_Store", "a~", ".a.swp", "#a#", ".git/config", "__pycache__/a.pyc", "Thumbs.db")
    tree = write_tree(tmp_path / "templates", dict.fromkeys(names, "x"))
    (tree / ".#a").symlink_to("nobody@nowhere.1234")
    assert read_origins([tree]) == {}


@pytest.mark.parametrize("target", ["file", "folder", "/etc/hostname", "gone"])
def test_symlinks_are_refused(tmp_path: Path, target: str) -> None:
    """A link to a file, a folder, outside, or nowhere is an error that names it; nothing behind it is read."""
    tree = write_tree(tmp_path / "templates", {"file": "x", "folder/inner": "y"})
    (tree / "link").symlink_to(target)
    assert refuse(tree, base=tmp_path).startswith("templates/link: a symlink in a template tree is not followed\n")


def test_a_pipe_is_refused_not_waited_for(tmp_path: Path) -> None:
    """A special file is an error; reading it could last for ever."""
    tree = write_tree(tmp_path / "templates", {})
    os.mkfifo(tree / "pipe")
    assert refuse(tree, base=tmp_path) == "templates/pipe: neither a file nor a folder\n    hint: remove it"


@pytest.mark.parametrize("name", ["a\nb", "a\x1bb", "a\\b", b"a\xffb"])
def test_odd_names_are_refused(tmp_path: Path, name: str | bytes) -> None:
    """Control characters, backslashes and bytes that are no text cannot be in a name."""
    tree = write_tree(tmp_path / "templates", {})
    Path(tree, os.fsdecode(name)).write_text("x")
    text = refuse(tree, base=tmp_path)
    assert "has characters that file names of outputs cannot have" in text
    assert text.isprintable() or "\n    hint" in text


def test_an_earlier_origin_wins(tmp_path: Path) -> None:
    """Of two files with one path the repository's is read; the rest is the union."""
    own = write_tree(tmp_path / "templates", {"a": "own"})
    packaged = write_tree(tmp_path / "packaged", {"a": "packaged", "b": "packaged"})
    files = read_origins([own, packaged], tmp_path)
    assert [(file.label, file.origin) for file in files.values()] == [("templates/a", 0), ("packaged/b", 1)]


def test_one_folder_given_twice_is_one_origin(tmp_path: Path) -> None:
    """In hftgen's own repository the packaged templates are the repository's."""
    own = write_tree(tmp_path / "templates", {"a": "own"})
    assert read_origins([own, tmp_path / "templates" / ".." / "templates"]) == read_origins([own])


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A misspelt folder is not an empty one."""
    assert refuse(tmp_path / "tempaltes", base=tmp_path) == "tempaltes: there is no such folder of templates"
