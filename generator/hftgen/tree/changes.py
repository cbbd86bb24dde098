"""What a render would change on disk: reading only."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from hftgen.errors import BugError
from hftgen.tree.disk import Stamp, look, machine_error
from hftgen.tree.target import MARKER, MARKER_TEXT, STAGING, is_marked

Files = Mapping[str, bytes]
"""Content by path, relative to the environment's folder, with slashes."""

READ_ONLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderChanges(NamedTuple):
    """One environment's folder: sorted paths relative to it. An empty folder that goes is `removed` with a slash.

    `fresh` are folders that do not exist yet (an empty path: the whole environment), `stale` what is taken away, each
    the topmost. `seen` are the stamps of the unchanged files. `gone`: the environment has no spec any more.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    seen: Mapping[str, Stamp] = {}
    gone: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.gone)


class Changes(NamedTuple):
    """All environments' changes by name, sorted; false when nothing would change."""

    folders: Mapping[str, FolderChanges]

    def __bool__(self) -> bool:
        return any(self.folders.values())

    @property
    def gone(self) -> tuple[str, ...]:
        """The environments whose folders go because they have no spec any more."""
        return tuple(name for name, folder in self.folders.items() if folder.gone)


class _Found(NamedTuple):
    files: dict[str, os.stat_result]
    folders: set[str]
    others: set[str]


def compare(output: Path, wanted: Mapping[str, Files], *, whole: bool = False) -> Changes:
    """What makes `output` hold exactly `wanted` (environment name → files; the marker is added).

    `whole`: the render named no environments, so marked folders that are not wanted go. An empty `wanted` removes none.
    Only a folder that check_target accepts may be given. Raise MachineError when something cannot be read.
    """
    try:
        folders = {name: _compare_folder(os.path.join(output, name), files) for name, files in wanted.items()}
        if whole and wanted:
            folders |= {name: _leave(os.path.join(output, name)) for name in _strangers(output, wanted)}
    except OSError as error:
        raise machine_error("read the rendered tree", error, str(output)) from error
    return Changes(dict(sorted(folders.items())))


def complete(files: Files) -> dict[str, bytes]:
    """An environment's files with the marker. Raise BugError when a path could leave the folder or is claimed twice."""
    whole = {**files, MARKER: MARKER_TEXT}
    for path in whole:
        if not is_safe(path):
            raise BugError(f"{path!r} is no path inside an environment's folder")
    nested = _ancestors(whole) & whole.keys()
    if nested:
        raise BugError(f"{min(nested)} is wanted as a file and as a folder")
    return whole


def is_safe(path: str) -> bool:
    """Whether a relative path with slashes stays below its folder."""
    return "\0" not in path and not any(part in {"", ".", ".."} for part in path.split("/"))


def _strangers(output: Path, wanted: Mapping[str, Files]) -> list[str]:
    if look(os.fspath(output)) is None:
        return []
    names = set(os.listdir(output)) - wanted.keys() - {STAGING}
    return sorted(name for name in names if is_marked(os.path.join(output, name)))


def _leave(folder: str) -> FolderChanges:
    found = _survey(folder)
    return FolderChanges(removed=tuple(sorted({*found.files, *found.others})), stale=("",), gone=True)


def _compare_folder(folder: str, files: Files) -> FolderChanges:
    wanted = complete(files)
    if look(folder) is None:
        return FolderChanges(added=tuple(sorted(wanted)), fresh=("",))
    found, parents = _survey(folder), _ancestors(wanted)
    here = {"", *found.folders}
    if not found.files and not found.folders and not found.others:
        return FolderChanges(added=tuple(sorted(wanted)), fresh=("",))
    seen = dict(_same_files(folder, wanted, found.files))
    present = {*found.files, *found.others}
    return FolderChanges(
        added=tuple(sorted(path for path in wanted if path not in present)),
        changed=tuple(sorted(path for path in wanted if path in present and path not in seen)),
        removed=tuple(sorted([*(present - wanted.keys()), *_hollow(found, parents)])),
        unchanged=tuple(sorted(seen)),
        fresh=tuple(sorted(path for path in parents - found.folders if _parent(path) in here)),
        stale=tuple(sorted(_stale(found, wanted, parents))),
        seen=seen,
    )


def _stale(found: _Found, wanted: Files, parents: set[str]) -> Iterator[str]:
    # What stands where a wanted file or folder comes is not listed: putting that in place clears it.
    kept = {"", *(parents & found.folders)}
    for path in (*found.files, *found.folders, *found.others):
        if path not in wanted and path not in parents and _parent(path) in kept:
            yield path


def _hollow(found: _Found, parents: set[str]) -> list[str]:
    filled = _ancestors((*found.files, *found.others, *found.folders))
    return [f"{path}/" for path in found.folders - parents - filled]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _ancestors(paths: Iterable[str]) -> set[str]:
    parents: set[str] = set()
    for path in paths:
        parent = _parent(path)
        while parent and parent not in parents:
            parents.add(parent)
            parent = _parent(parent)
    return parents


def _survey(folder: str) -> _Found:
    found = _Found({}, set(), set())
    waiting = [""]
    while waiting:
        base = waiting.pop()
        prefix = f"{base}/" if base else ""
        with os.scandir(os.path.join(folder, base)) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    found.folders.add(path)
                    waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.files[path] = entry.stat(follow_symlinks=False)
                else:
                    found.others.add(path)
    return found


def _same_files(folder: str, wanted: Files, found: Mapping[str, os.stat_result]) -> Iterator[tuple[str, Stamp]]:
    for path, data in wanted.items():
        status = found.get(path)
        # git knows of a file's mode only whether it can be executed; none of ours can.
        if status is None or status.st_size != len(data) or status.st_mode & 0o111:
            continue
        stamp = _read_if_same(os.path.join(folder, path), data)
        if stamp is not None:
            yield path, stamp


def _read_if_same(path: str, data: bytes) -> Stamp | None:
    try:
        file = os.open(path, READ_ONLY)
    except FileNotFoundError:
        return None
    try:
        status = os.fstat(file)
        if read_all(file, status.st_size) != data:
            return None
    finally:
        os.close(file)
    return status.st_ino, status.st_mtime_ns


def read_all(file: int, size: int) -> bytes:
    """The content of an open file that had `size` bytes a moment ago."""
    data = os.read(file, size + 1)
    if len(data) == size:
        return data
    chunks = [data]
    while chunks[-1]:
        chunks.append(os.read(file, 1 << 20))
    return b"".join(chunks)
