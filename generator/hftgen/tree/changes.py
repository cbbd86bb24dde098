"""What a render would change on disk: reading only."""

import errno
import os
import stat
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from hftgen.errors import BugError, MachineError
from hftgen.reading import Place, read_stamped
from hftgen.tree.disk import Stamp, filesystem_now, look, machine_error, stamp
from hftgen.tree.target import KEPT, MARKER, MARKER_TEXT, is_empty

Files = Mapping[str, bytes]
"""Content by path, relative to the environment's folder, with slashes."""

UNKNOWN: Stamp = (0, 0, 0)


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


class Found(NamedTuple):
    """What stands below a folder, by relative path; a link is one of the `others`. `folders` begin with itself.

    `kept` are Terraform's own files and folders, whose content is not looked at, and in none of the three.
    """

    files: dict[str, os.stat_result]
    folders: dict[str, os.stat_result]
    others: set[str]
    kept: set[str]


def compare(output: Place, wanted: Mapping[str, Files], strangers: Iterable[str] = ()) -> Changes:
    """What makes `output` hold exactly `wanted` (environment name → files; the marker is added).

    `strangers` are marked folders that go (target.list_strangers). Only a folder that check_target accepts may be
    given. Raise MachineError when something cannot be read.
    """
    try:
        folders = {name: _compare_folder(os.path.join(output, name), files) for name, files in wanted.items()}
        folders |= {name: _leave(os.path.join(output, name)) for name in strangers}
    except OSError as error:
        raise machine_error("read the rendered tree", error, str(output)) from error
    return Changes(dict(sorted(folders.items())))


def complete(files: Files) -> dict[str, bytes]:
    """An environment's files with the marker. Raise BugError when a path could leave the folder or is claimed twice."""
    whole = {**files, MARKER: MARKER_TEXT}
    for path in whole:
        if not is_safe(path):
            raise BugError(f"{path!r} is no path inside an environment's folder")
    nested = ancestors(whole) & whole.keys()
    if nested:
        raise BugError(f"{min(nested)} is wanted as a file and as a folder")
    return whole


def is_safe(path: str) -> bool:
    """Whether a relative path with slashes stays below its folder."""
    return "\0" not in path and not any(part in {"", ".", ".."} for part in path.split("/"))


def _leave(folder: str) -> FolderChanges:
    found = survey(folder)
    # The marker goes last: until then the folder is ours, whoever looks.
    stale = sorted(_stale(found, {}, set()), key=lambda path: (path == MARKER, path)) if found.kept else [""]
    return FolderChanges(removed=tuple(sorted({*found.files, *found.others})), stale=tuple(stale), gone=True)


def _compare_folder(folder: str, files: Files) -> FolderChanges:
    wanted = complete(files)
    if look(folder) is None or is_empty(folder):
        return FolderChanges(added=tuple(sorted(wanted)), fresh=("",))
    moment = filesystem_now(folder)
    parents = ancestors(wanted)
    found = survey(folder, wanted.keys() | parents)
    if lost := ancestors(found.kept) & wanted.keys():
        raise MachineError(
            "write", f"{folder}/{min(lost)}", "Terraform keeps files there", "move them, then render again"
        )
    seen = dict(_same_files(folder, wanted, found.files, moment))
    present = {*found.files, *found.others}
    return FolderChanges(
        added=tuple(sorted(path for path in wanted if path not in present)),
        changed=tuple(sorted(path for path in wanted if path in present and path not in seen)),
        removed=tuple(sorted([*(present - wanted.keys()), *_hollow(found, parents)])),
        unchanged=tuple(sorted(seen)),
        fresh=tuple(sorted(path for path in parents - found.folders.keys() if _parent(path) in found.folders)),
        stale=tuple(sorted(_stale(found, wanted, parents))),
        seen=seen,
    )


def _stale(found: Found, wanted: Files, parents: set[str]) -> Iterator[str]:
    # What stands where a wanted file or folder comes is not listed: putting that in place clears it.
    left = {"", *(parents & found.folders.keys()), *ancestors(found.kept)}
    for path in (*found.files, *found.folders, *found.others):
        if path not in left and path not in wanted and path not in parents and _parent(path) in left:
            yield path


def _hollow(found: Found, parents: set[str]) -> list[str]:
    filled = ancestors((*found.files, *found.others, *found.folders, *found.kept))
    return [f"{path}/" for path in found.folders.keys() - parents - filled - {""}]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def ancestors(paths: Iterable[str]) -> set[str]:
    """Every folder that the paths need, without the one that they are relative to."""
    parents: set[str] = set()
    for path in paths:
        parent = _parent(path)
        while parent and parent not in parents:
            parents.add(parent)
            parent = _parent(parent)
    return parents


def survey(folder: str, ours: Container[str] = frozenset()) -> Found:
    """Everything below a folder, links not followed. A folder's status is from before it was listed. Raise OSError.

    `ours` are paths that are not Terraform's, whatever they are called.
    """
    found = Found({}, {}, set(), set())
    waiting = [""]
    while waiting:
        base = waiting.pop()
        place, prefix = (f"{folder}/{base}", f"{base}/") if base else (folder, "")
        found.folders[base] = os.lstat(place)
        if not stat.S_ISDIR(found.folders[base].st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), place)
        with os.scandir(place) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.name.startswith(KEPT) and path not in ours:
                    found.kept.add(path)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.files[path] = entry.stat(follow_symlinks=False)
                else:
                    found.others.add(path)
    return found


def _same_files(
    folder: str, wanted: Files, found: Mapping[str, os.stat_result], moment: int
) -> Iterator[tuple[str, Stamp]]:
    for path, data in wanted.items():
        status = found.get(path)
        # git knows of a file's mode only whether it can be executed; none of ours can.
        if status is None or status.st_size != len(data) or status.st_mode & 0o111:
            continue
        with suppress(FileNotFoundError):
            content, status = read_stamped(os.path.join(folder, path))
            if content == data:
                # An edit in the tick of the recorded mtime would not show in it.
                yield path, stamp(status) if status.st_mtime_ns < moment else UNKNOWN
