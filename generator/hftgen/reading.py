"""Read files and whole folders as bytes, quickly, and never through a link inside the folder."""

import errno
import os
import stat
from collections.abc import Callable

from hftgen.errors import InputError, MachineError, Problem

Place = str | os.PathLike[str]
"""A file or folder; not pathlib.Path, whose import alone takes 3 ms of a render that has nothing to do."""

_LEFT_BEHIND = frozenset((".DS_Store", "Thumbs.db", "__pycache__", ".git"))
_ENDINGS = ("~", ".swp", ".swo")
_MARKS = ((".#", ""), ("#", "#"))

# A pipe that stands where a file is expected must not make us wait for its other end.
_PLAIN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_NO_LINK = _PLAIN | os.O_NOFOLLOW


def read_file(path: str, *, follow: bool = False) -> bytes:
    """The content of a regular file; `follow` a link to it. Raise OSError."""
    file = os.open(path, _PLAIN if follow else _NO_LINK)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return _read_all(file, status.st_size)
    finally:
        os.close(file)


def find_repository(specs: Place) -> str:
    """The nearest parent of the specs folder with `.git` (a worktree's is a file), else its parent; absolute."""
    parent = folder = os.path.dirname(os.path.abspath(specs))
    while not os.path.lexists(os.path.join(folder, ".git")):
        if folder == os.path.dirname(folder):
            return parent
        folder = os.path.dirname(folder)
    return folder


def read_stamped(path: str) -> tuple[bytes, os.stat_result]:
    """The content of a file, and its status from before it was read. Raise OSError."""
    file = os.open(path, _NO_LINK)
    try:
        status = os.fstat(file)
        return _read_all(file, status.st_size), status
    finally:
        os.close(file)


def is_left_behind(name: str) -> bool:
    """Whether editors and systems leave files or folders of this name where people work; they mean nothing to us."""
    return (
        name in _LEFT_BEHIND
        or name.endswith(_ENDINGS)
        or any(name.startswith(start) and name.endswith(end) and name != start for start, end in _MARKS)
    )


def read_tree(folder: Place, skip: Callable[[str], bool] = is_left_behind) -> list[tuple[str, bytes]]:
    """Every file below a folder by its path relative to it, with slashes, sorted; `skip` tells names to leave out.

    Raise InputError when it is no folder or holds links or special files, MachineError when it cannot be read.
    """
    top = os.fspath(folder)
    files: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    try:
        waiting = [""]
        while waiting:
            prefix = waiting.pop()
            with os.scandir(f"{top}/{prefix}") as entries:
                kept = [entry for entry in entries if not skip(entry.name)]
            for entry in kept:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{prefix}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    files.append((prefix + entry.name, read_file(entry.path)))
                else:
                    problems.append(_refuse(f"{top}/{prefix}{entry.name}", "a link or special file, which is not read"))
    except NotADirectoryError as error:
        raise InputError([_refuse(top, "not a folder")]) from error
    except OSError as error:
        raise MachineError("read", str(error.filename or top), error.strerror or str(error)) from error
    if problems:
        raise InputError(problems)
    return sorted(files)


def _refuse(file: str, message: str) -> Problem:
    return Problem(file, 0, 0, "", message)


def _read_all(file: int, size: int) -> bytes:
    data = os.read(file, size + 1)
    if len(data) == size:
        return data
    chunks = [data]
    while chunks[-1]:
        chunks.append(os.read(file, 1 << 20))
    return b"".join(chunks)
