"""The cache of environments: whether a render would change nothing, told without parsing a line of YAML.

An entry says: these inputs made these outputs. It is believed only while

- its own digest is right and it was written for this output folder and environment,
- everything common to all environments (templates, policies, tables, versions, options) has the same digest,
- every other file that was read for it has the same content,
- and the outputs are the recorded ones: each file and folder has its size, mtime, ctime and inode, or else is read
  again and has its content.

So a cache that is deleted, damaged, copied or shared can cost time, never make a wrong output. A cache folder that
cannot be used is no error either.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from hftgen.digest import digest, fingerprint
from hftgen.reading import Place, read_file, read_tree
from hftgen.tree.disk import DISK, Stamp, filesystem_now, stamp, wait_past

if TYPE_CHECKING:
    # A hit needs none of it.
    from hftgen.tree.changes import Files, Found

FORMAT = b"hftgen cache 1"
MOST_ENTRIES = 4096


class Entry(NamedTuple):
    """What one render of an environment read and wrote. Outputs are relative to the environment's folder.

    `common` is the digest of what all environments share, `inputs` the digests of the other files read. `outputs` is
    the digest of all outputs' content, `stamps` that of their sizes, times and inodes: empty while these prove nothing.
    `payload` is the caller's, any JSON value.
    """

    output: str
    environment: str
    common: str
    inputs: dict[str, str]
    folders: list[str]
    files: list[str]
    outputs: str
    stamps: str
    payload: Any


class Inputs:
    """Files that only some environments read, as they are now, each read once. `root` is what names are relative to."""

    def __init__(self, root: Place) -> None:
        self._root = os.fspath(root)
        self._digests: dict[str, str] = {}

    def digest(self, name: str) -> str:
        """The digest of a file; empty when it cannot be read."""
        if name not in self._digests:
            try:
                self._digests[name] = digest(read_file(os.path.join(self._root, name), follow=True))
            except OSError:
                self._digests[name] = ""
        return self._digests[name]

    def agree(self, recorded: Mapping[str, str]) -> bool:
        """Whether each file still has its recorded digest."""
        return all(value and self.digest(name) == value for name, value in recorded.items())


class Cache:
    """The entries of one output folder, kept in `folder`; None keeps nothing and finds nothing."""

    def __init__(self, folder: Place | None, output: Place) -> None:
        self.output = os.path.realpath(output)
        self._folder = os.fspath(folder) if folder else ""
        self._moment = 0

    def find(self, environment: str, common: str, inputs: Inputs) -> Entry | None:
        """The entry of an environment that a render would not change; None if it might."""
        entry = self.load(environment)
        if entry is None or entry.common != common or not inputs.agree(entry.inputs):
            return None
        return entry if self.is_current(entry) else None

    def load(self, environment: str) -> Entry | None:
        """The entry of an environment, whether or not it still holds; None if there is no sound one."""
        value = self._read(environment)
        try:
            entry = Entry(**value)
        except TypeError:
            return None
        return entry if (entry.output, entry.environment) == (self.output, environment) else None

    def is_current(self, entry: Entry) -> bool:
        """Whether the outputs on disk are the recorded ones. Stamps suffice; where they differ, contents decide."""
        folder = os.path.join(self.output, entry.environment)
        try:
            if entry.stamps and entry.stamps == _stamp(folder, entry.folders, entry.files):
                return True
            stamps = _restamp(folder, entry)
        except OSError:
            return False
        if stamps is None:
            return False
        self._write(entry.environment, entry._replace(stamps=stamps)._asdict())
        return True

    def save(
        self,
        environment: str,
        common: str,
        *,
        inputs: Mapping[str, bytes],
        files: Mapping[str, bytes],
        stamps: Mapping[str, Stamp],
        payload: Any = None,
    ) -> bool:
        """Record a finished render; the caller still holds the lock. Whether that worked.

        `inputs` are the files that this environment read, besides the common ones, as they were read; `files` its
        outputs and `stamps` theirs, as tree.apply returned them. An output that is no longer what was written makes
        no entry.
        """
        from hftgen.tree.changes import ancestors, complete, survey

        folder = os.path.join(self.output, environment)
        wanted = complete(files)
        try:
            moment = self._settle()
            found = survey(folder, {*wanted, *ancestors(wanted)})
            if not self._folder or not _is_written(folder, found, wanted, stamps):
                return False
        except OSError:
            return False
        entry = Entry(
            output=self.output,
            environment=environment,
            common=common,
            inputs={name: digest(data) for name, data in inputs.items()},
            folders=list(found.folders),
            files=list(found.files),
            outputs=fingerprint((path, wanted[path]) for path in found.files),
            stamps=_stamp_found(found, moment),
            payload=payload,
        )
        return self._write(environment, entry._asdict())

    def recall(self, name: str, key: str) -> Any:
        """What was remembered under a name for exactly this key; else None."""
        value = self._read(f"note {name}")
        return value.get("value") if value.get("key") == key and value.get("output") == self.output else None

    def remember(self, name: str, key: str, value: Any) -> bool:
        """Keep a JSON value under a name; `key` digests all that it was computed from. Whether that worked."""
        return self._write(f"note {name}", {"output": self.output, "key": key, "value": value})

    def _settle(self) -> int:
        # A file changed in the very tick of its recorded times would look unchanged. So one tick passes between the
        # last write and the first stat, once a command, and times from that tick on are not believed.
        if not self._moment:
            wait_past(self.output, filesystem_now(self.output))
            self._moment = filesystem_now(self.output)
            self._prune()
        return self._moment

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, digest(f"{self.output}\0{name}".encode("utf-8", "surrogateescape")) + ".json")

    def _read(self, name: str) -> dict[str, Any]:
        try:
            if not self._folder or not _is_private(self._folder):
                return {}
            head, _, body = read_file(self._path(name)).partition(b"\n")
            if head != FORMAT + b" " + digest(body).encode():
                return {}
            value = json.loads(body)
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, name: str, value: Mapping[str, Any]) -> bool:
        if not self._folder:
            return False
        path = self._path(name)
        draft = f"{path}.{os.getpid()}"
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)
            if not _is_private(self._folder):
                return False
            body = json.dumps(value, separators=(",", ":")).encode()
            _write_file(draft, b"%s %s\n%s" % (FORMAT, digest(body).encode(), body))
            os.replace(draft, path)
        except OSError:
            with suppress(OSError):
                os.unlink(draft)
            return False
        return True

    def _prune(self) -> None:
        with suppress(OSError):
            names = os.listdir(self._folder) if self._folder else []
            if len(names) > MOST_ENTRIES:
                paths = [os.path.join(self._folder, name) for name in names if ".json" in name]
                for path in sorted(paths, key=lambda path: os.lstat(path).st_mtime_ns)[: len(names) // 2]:
                    os.unlink(path)


def describe_installation() -> list[tuple[str, bytes]]:
    """What computes the outputs: Python, this package's code and tables, and all installed packages by version.

    The code is read, not trusted to carry a new version number; versions are read off the names of the packages' own
    folders, since asking importlib.metadata takes longer than a render without changes.
    """
    package = os.path.dirname(__file__)
    code = read_tree(package, skip=lambda name: name.startswith((".", "__pycache__", "_packaged")))
    packages: set[str] = set()
    for folder in sys.path:
        with suppress(OSError):
            packages.update(name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))
    return [("python", sys.version.encode()), ("packages", "\n".join(sorted(packages)).encode()), *code]


def _is_private(folder: str) -> bool:
    # Who can write entries can have edited outputs pass for rendered ones.
    status = os.stat(folder)
    return status.st_uid == os.geteuid() and not status.st_mode & 0o002


def _write_file(path: str, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        DISK.write(file, data)
    finally:
        os.close(file)


def _stamp(folder: str, folders: Sequence[str], files: Sequence[str]) -> str:
    prefix = folder + "/"
    paths = [folder, *[prefix + path for path in folders if path], *[prefix + path for path in files]]
    return _digest_stats([os.lstat(path) for path in paths])


def _restamp(folder: str, entry: Entry) -> str | None:
    """The stamps of a folder that holds the recorded content; None if it does not. Raise OSError."""
    from hftgen.tree.changes import survey

    moment = filesystem_now(folder)
    found = survey(folder, {*entry.files, *entry.folders})
    return _stamp_found(found, moment) if _holds(folder, found, entry) else None


def _stamp_found(found: "Found", moment: int) -> str:
    stats = [*found.folders.values(), *found.files.values()]
    return _digest_stats(stats) if max(status.st_ctime_ns for status in stats) < moment else ""


def _digest_stats(stats: Iterable[os.stat_result]) -> str:
    lines = [f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}" for status in stats]
    return digest("\n".join(lines).encode())


def _is_written(folder: str, found: "Found", wanted: "Files", stamps: Mapping[str, Stamp]) -> bool:
    from hftgen.tree.changes import ancestors

    folders = {"", *ancestors(wanted), *ancestors(found.kept)}
    if found.others or found.files.keys() != wanted.keys() or found.folders.keys() != folders:
        return False
    for path, status in found.files.items():
        data = wanted[path]
        if status.st_size != len(data) or status.st_mode & 0o111:
            return False
        if stamps.get(path) != stamp(status) and read_file(f"{folder}/{path}") != data:
            return False
    return True


def _holds(folder: str, found: "Found", entry: Entry) -> bool:
    return (
        not found.others
        and found.files.keys() == set(entry.files)
        and found.folders.keys() == set(entry.folders)
        and not any(status.st_mode & 0o111 for status in found.files.values())
        and fingerprint((path, read_file(f"{folder}/{path}")) for path in entry.files) == entry.outputs
    )
