"""Reading whole folders as bytes."""

import os
from pathlib import Path

import pytest

from hftgen.digest import fingerprint
from hftgen.errors import InputError, MachineError
from hftgen.reading import is_left_behind, read_file, read_tree


def test_every_file_sorted(tmp_path: Path) -> None:
    """All files come by their path, sorted as text, whatever their size and name."""
    for path, data in {"b/a.txt": b"1", "b.txt": b"", "a/z/deep": b"x" * 300_000, ".hidden": b"2"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "empty").mkdir()
    assert read_tree(tmp_path) == [(".hidden", b"2"), ("a/z/deep", b"x" * 300_000), ("b.txt", b""), ("b/a.txt", b"1")]


def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    """A link, also to a folder or to nothing, and a pipe are refused, all at once."""
    (tmp_path / "folder").symlink_to("/")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as refused:
        read_tree(tmp_path)
    assert len(refused.value.problems) == 3


def test_what_editors_leave_is_not_read(tmp_path: Path) -> None:
    """Backups, swap files and lock links of editors change nothing."""
    (tmp_path / ".#a.yaml").symlink_to("user@host.123")
    for name in ("a.yaml~", ".a.yaml.swp", "#a.yaml#", ".DS_Store"):
        (tmp_path / name).write_text("x")
    assert read_tree(tmp_path) == []
    assert not any(map(is_left_behind, ("a.yaml", ".dockerignore", "#", ".#", "swp", ".github")))


def test_no_folder(tmp_path: Path) -> None:
    """A file instead of a folder is a mistake of the user, a folder that is not there the machine's word."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="not a folder"):
        read_tree(tmp_path / "file")
    with pytest.raises(MachineError, match="cannot read: No such file or directory"):
        read_tree(tmp_path / "absent")


def test_a_pipe_does_not_make_us_wait(tmp_path: Path) -> None:
    """Reading a file that is a pipe or a link fails at once."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(OSError):  # noqa: PT011 the system's words differ
            read_file(str(tmp_path / name))
        with pytest.raises(OSError, match="not a regular file"):
            read_file(str(tmp_path / name), follow=True)


def test_a_fingerprint_knows_names_from_contents() -> None:
    """No two lists of files share a fingerprint because their bytes join to the same."""
    lists = [[], [("", b"")], [("a", b"bc")], [("ab", b"c")], [("a", b"b"), ("c", b"")], [("a", b"b"), ("", b"c")]]
    lists += [[("a", b"1 1\nb")], [("c", b""), ("a", b"b")]]
    assert len({fingerprint(files) for files in lists}) == len(lists)
