"""Files of the repository that holds the specs, read so that nothing outside it is ever reached.

No symbolic link is followed below the repository, nothing but regular files is opened, and sizes are bounded.
"""

import errno
import os
import stat
from pathlib import Path, PurePosixPath

from hftgen import reading
from hftgen.errors import MachineError
from hftgen.spec.nearest import suggest
from hftgen.spec.visible import visible


class RefusedFileError(Exception):
    """A file that cannot be taken: why, what was found, what would do, a hint. Callers know the place that names it."""

    def __init__(self, message: str, found: str = "", expected: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.found, self.expected, self.hint = message, found, expected, hint


def find_repository(specs: Path) -> Path:
    """The repository of a specs folder, as reading.find_repository tells it."""
    return Path(reading.find_repository(specs))


def name_inside(root: Path, path: Path) -> str:
    """The path relative to the repository, with `/`."""
    return Path(os.path.abspath(path)).relative_to(root).as_posix()  # noqa: PTH100


def resolve_name(beside: str, written: str) -> str:
    """The repository's name of a file that the file `beside` names as `written`; raises RefusedFileError."""
    if not written or not written.isprintable():
        raise RefusedFileError("not a file's name", visible(written) or "an empty text", "printable text")
    if written.startswith("/"):
        raise RefusedFileError(
            "the path is absolute", visible(written), "a path relative to the file that names it, inside the repository"
        )
    parts: list[str] = list(PurePosixPath(beside).parent.parts)
    for part in written.split("/"):
        if part == ".." and not parts:
            raise RefusedFileError(
                "the path leads out of the repository", visible(written), "a file inside the repository"
            )
        if part == "..":
            parts.pop()
        elif part.lower() == ".git":
            raise RefusedFileError(
                "the path leads into Git's own folder, where tokens are", visible(written), "a file that Git keeps"
            )
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def read_file(root: Path, name: str, limit: int) -> bytes:
    """The bytes of a file by its name in the repository, `limit` at most.

    Raises RefusedFileError where it is absent, no regular file, behind a symbolic link or too large, and MachineError
    where the machine refuses.
    """
    try:
        return _read(root, name.split("/"), limit)
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
            raise RefusedFileError("not a usable file name", visible(name)) from None
        raise MachineError("read", visible(name), error.strerror or str(error)) from None


def _read(root: Path, parts: list[str], limit: int) -> bytes:
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for index, part in enumerate(parts[:-1]):
            _demand(folder, parts[: index + 1], regular=False)
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        _demand(folder, parts, regular=True)
        # Should a FIFO take the file's place just now, opening it would wait for a writer.
        handle = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)
    with os.fdopen(handle, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise RefusedFileError("the file is too large", f"more than {limit:,} bytes", f"at most {limit:,} bytes")
    return data


def _demand(folder: int, parts: list[str], *, regular: bool) -> None:
    """Refuse what is not there, a link, or of the wrong kind, before it is opened: opening a device may do things."""
    shown = visible("/".join(parts))
    try:
        mode = os.lstat(parts[-1], dir_fd=folder).st_mode
    except (FileNotFoundError, NotADirectoryError):
        hint = suggest(parts[-1], (name for name in os.listdir(folder) if name.isprintable()))
        raise RefusedFileError("the file does not exist", shown, "", hint) from None
    if stat.S_ISLNK(mode):
        raise RefusedFileError(
            "the path leads through a symbolic link",
            shown,
            "a file of the repository itself",
            "put a copy of the file in the link's place",
        )
    if regular and not stat.S_ISREG(mode):
        raise RefusedFileError("not a regular file", f"{shown}, {_kind(mode)}", "a regular file")
    if not regular and not stat.S_ISDIR(mode):
        raise RefusedFileError("the file does not exist", f"{shown} is no folder")


def _kind(mode: int) -> str:
    names = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for test, name in names if test(mode)), "a device")
