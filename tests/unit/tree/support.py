"""Trees in memory and on disk, disks that fail or kill, and processes that are killed."""

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from hftgen.errors import MachineError
from hftgen.tree.changes import Changes, compare
from hftgen.tree.disk import Disk
from hftgen.tree.lock import lock
from hftgen.tree.target import STAGING, list_strangers
from hftgen.tree.transaction import Stamps, apply, recover

Wanted = Mapping[str, Mapping[str, bytes]]
Snapshot = dict[str, object]

OLD: Wanted = {
    "production": {
        "README.md": b"old\n",
        "same.yaml": b"same\n",
        "base/engine/changed.yaml": b"old: 1\n",
        "base/engine/gone.yaml": b"x: 1\n",
        "base/removed/a.yaml": b"a: 1\n",
        "base/removed/deep/b.yaml": b"b: 1\n",
        "swap/was-folder/c.yaml": b"c: 1\n",
        "swap/was-file": b"file\n",
    },
    "staging": {"a.yaml": b"a: 1\n", "folder/b.yaml": b"b: 1\n"},
}
NEW: Wanted = {
    "production": {
        "README.md": b"new\n",
        "same.yaml": b"same\n",
        "base/engine/changed.yaml": b"new: 1, longer\n",
        "base/engine/added.yaml": b"y: 1\n",
        "base/added/deep/d.yaml": b"d: 1\n",
        "base/added/e.yaml": b"",
        "swap/was-folder": b"now a file\n",
        "swap/was-file/f.yaml": b"now a folder\n",
    },
    "development": {"a.yaml": b"a: 1\n", "folder/b.yaml": b"b: 1\n"},
}


class Case(NamedTuple):
    """What is on disk, and what a render wants there."""

    before: Wanted
    after: Wanted


CASES = {"fresh": Case({}, NEW), "update": Case(OLD, NEW), "shrink": Case(NEW, {"production": {"same.yaml": b"2\n"}})}


def render(output: Path, wanted: Wanted, disk: Disk | None = None) -> tuple[str | None, Changes, Stamps]:
    """What a command does with a tree: lock, recover, compare, apply."""
    disk = disk or Disk()
    with lock(output, disk=disk):
        message = recover(output, disk)
        changes = compare_all(output, wanted)
        return message, changes, apply(output, changes, wanted, disk)


def compare_all(output: Path, wanted: Wanted) -> Changes:
    """What a render that names no environments would change."""
    return compare(output, wanted, list_strangers(output, wanted))


def attempt(output: Path, wanted: Wanted, disk: Disk) -> MachineError | None:
    """The refusal that a render met with, None if it met none."""
    try:
        render(output, wanted, disk)
    except MachineError as error:
        return error
    return None


def snapshot(folder: Path) -> Snapshot:
    """Everything below a folder: a file's bytes, a link's target, None for a folder."""
    found: Snapshot = {}
    for base, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(base, name)
            key = str(path.relative_to(folder))
            if path.is_symlink():
                found[key] = f"-> {path.readlink()}"
            else:
                found[key] = None if path.is_dir() else path.read_bytes()
    return found


def put_foreign(output: Path) -> None:
    """Things beside the environments that are nobody's business."""
    (output / "notes").mkdir(parents=True)
    (output / "notes" / "a.txt").write_text("mine\n")
    (output / "README.txt").write_text("mine\n")
    (output / "link").symlink_to(output.parent)


def build(output: Path, case: Case) -> tuple[Snapshot, Snapshot]:
    """Make the output folder before the render; the old and the new tree as snapshots."""
    put_foreign(output)
    if case.before:
        render(output, case.before)
    before = snapshot(output)
    rehearsal = output.with_name(f"{output.name}-rehearsal")
    put_foreign(rehearsal)
    if case.before:
        render(rehearsal, case.before)
    render(rehearsal, case.after)
    return before, snapshot(rehearsal)


class CountingDisk(Disk):
    """A disk that calls `step` before each operation, and in the middle of each write; steps count from 0."""

    __slots__ = ("count", "step")

    def __init__(self, step: Callable[[int, str, str], None] = lambda *_: None) -> None:
        self.count, self.step = 0, step

    def _pass(self, name: str, path: str) -> None:
        number, self.count = self.count, self.count + 1
        self.step(number, name, path)

    def make_folder(self, path: str) -> None:
        """See Disk."""
        self._pass("make_folder", path)
        super().make_folder(path)

    def create(self, path: str) -> int:
        """See Disk."""
        self._pass("create", path)
        return super().create(path)

    def write(self, file: int, data: bytes) -> None:
        """See Disk."""
        half = len(data) // 2
        super().write(file, data[:half])
        self._pass("write", "")
        super().write(file, data[half:])

    def rename(self, source: str, target: str) -> None:
        """See Disk."""
        self._pass("rename", source)
        super().rename(source, target)

    def unlink(self, path: str) -> None:
        """See Disk."""
        self._pass("unlink", path)
        super().unlink(path)

    def remove_folder(self, path: str) -> None:
        """See Disk."""
        self._pass("remove_folder", path)
        super().remove_folder(path)


def die_at(moment: int) -> CountingDisk:
    """A disk on which the process is killed just before operation `moment`."""

    def step(number: int, *_: str) -> None:
        if number == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    return CountingDisk(step)


def fail_at(moment: int, error: int, *, lasting: bool = False) -> CountingDisk:
    """A disk that refuses operation `moment`; and, if `lasting`, every later one that needs space."""

    def step(number: int, name: str, path: str) -> None:
        if number == moment or (lasting and number > moment and name in {"make_folder", "create", "write"}):
            raise OSError(error, os.strerror(error), *([path] if path else []))

    return CountingDisk(step)


def start_child(work: Callable[[], object]) -> int:
    """Do some work in a forked process; its exit status is 0 when that returned. The process's id."""
    with warnings.catch_warnings():
        # Newer Pythons warn of forks beside threads; the child does nothing but file operations.
        warnings.simplefilter("ignore")
        child = os.fork()
    if child:
        return child
    status = 1
    gc.disable()  # it would touch, and so copy, all that the parent holds
    try:
        work()
        status = 0
    except BaseException as error:  # noqa: BLE001 the child must end here
        sys.stderr.write(f"{error!r}\n")
    finally:
        os._exit(status)


def run_child(work: Callable[[], object]) -> int:
    """The exit status of a forked process that did some work; negative when a signal killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(start_child(work), 0)[1])


def is_clean(output: Path) -> bool:
    """Whether no staging folder is left."""
    return not (output / STAGING).exists()
