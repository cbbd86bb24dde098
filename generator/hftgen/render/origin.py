"""Reading template folders: every file once, into memory, and never through a symlink.

Engines get their files from here alone, so that no template can read anything else.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hftgen.errors import InputError, MachineError, Problem
from hftgen.reading import is_left_behind

MAX_FILE = 16 << 20


class SourceFile(NamedTuple):
    """A file of the template tree.

    `path` is relative to its origin, with `/`; `label` is how messages name it; `origin` counts from 0, and the
    lowest wins; `data` is its bytes.
    """

    path: str
    label: str
    origin: int
    data: bytes


def read_origins(origins: Sequence[Path], base: Path | None = None) -> dict[str, SourceFile]:
    """Every file of the folders by its path, sorted; where two folders have one path, the earlier folder's file.

    Messages name files relative to `base`, or absolutely where they do not lie below it. A folder given twice counts
    once. Left out: what editors and systems leave behind (`.DS_Store`, `x~`, `.x.swp`, `#x#`, `.#x`, `__pycache__`,
    `.git`). Raises InputError for symlinks, special files, names that no output could have, files above 16 MiB and
    folders that do not exist; MachineError for what cannot be read.
    """
    files: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    for number, origin in enumerate(dict.fromkeys(Path(os.path.realpath(origin)) for origin in origins)):
        label = _label(origin, base)
        if not origin.is_dir():
            problems.append(_problem(label, "there is no such folder of templates"))
            continue
        for path, entry in _walk(str(origin), "", label, problems):
            if path not in files:
                files[path] = SourceFile(path, f"{label}/{path}", number, _read(entry, f"{label}/{path}", problems))
    if problems:
        raise InputError(problems)
    return dict(sorted(files.items()))


def _label(origin: Path, base: Path | None) -> str:
    real = Path(os.path.realpath(base)) if base else None
    return origin.relative_to(real).as_posix() if real and origin.is_relative_to(real) else str(origin)


def _walk(folder: str, prefix: str, label: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Path and file of everything below the folder that may be read."""
    try:
        with os.scandir(folder) as scan:
            entries = sorted((entry for entry in scan if not is_left_behind(entry.name)), key=lambda entry: entry.name)
    except OSError as error:
        raise MachineError("read", f"{label}/{prefix}".rstrip("/"), error.strerror or str(error)) from None
    for entry in entries:
        path = prefix + entry.name
        refusal = _refuse(entry)
        if refusal:
            problems.append(_problem(f"{label}/{path}", *refusal))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{path}/", label, problems)
        else:
            yield path, entry.path


def _refuse(entry: os.DirEntry[str]) -> tuple[str, str] | None:
    """Why this may not be in a template tree, and what to do; None if it may."""
    if not entry.name.isprintable() or "\\" in entry.name:
        return f"the name {entry.name!a} has characters that file names of outputs cannot have", "rename it"
    if entry.is_symlink():
        return "a symlink in a template tree is not followed", "put the file itself here, or import it from below _lib/"
    if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
        return "neither a file nor a folder", "remove it"
    return None


def _read(path: str, label: str, problems: list[Problem]) -> bytes:
    try:
        # Opened without following: it may have become a symlink or a pipe since it was listed.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE:
                return file.read()
    except OSError as error:
        raise MachineError("read", label, error.strerror or str(error)) from None
    problems.append(_problem(label, f"larger than {MAX_FILE >> 20} MiB", "keep large files elsewhere"))
    return b""


def _problem(file: str, message: str, hint: str = "") -> Problem:
    return Problem(file, 0, 0, "", message, hint=hint)
