"""The few calls that change a folder, and how the machine's refusals become our errors."""

import errno
import os
import stat
import time

from hftgen.errors import MachineError

FILE_MODE = 0o644
FOLDER_MODE = 0o755
# Where the filesystem tells no time of its own: the coarsest timestamps in use (FAT) have two seconds.
COARSEST_TICK = 3_000_000_000

HINTS = {
    errno.ENOSPC: "free space on that disk, then render again",
    errno.EDQUOT: "free space within your quota, then render again",
    errno.EROFS: "the disk is mounted read-only: choose an --output that can be written",
    errno.EACCES: "make it writable for you, then render again",
    errno.EPERM: "make it writable for you, then render again",
    errno.ENOENT: "something else removed it meanwhile: render again",
    errno.ENAMETOOLONG: "choose an --output with a shorter path",
    errno.EXDEV: "everything below --output must lie on one filesystem: unmount what is mounted there",
    errno.ENOTDIR: "a file or a link stands where a folder belongs: remove it, or choose another --output",
    errno.ENOLCK: "choose an --output on a disk that knows locks",
    errno.EBUSY: "something is mounted there: unmount it, then render again",
}

Stamp = tuple[int, int, int]
"""Inode, size and mtime in nanoseconds of a file at a moment when its content was known."""


class Disk:
    """Every call that changes a folder, one method each; a test puts its own in place, to fail or die at any."""

    __slots__ = ()

    def make_folder(self, path: str) -> None:
        """Create one folder; its parent exists."""
        os.mkdir(path, FOLDER_MODE)

    def create(self, path: str) -> int:
        """Open a new file for writing; one that exists already is an error."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)

    def write(self, file: int, data: bytes) -> None:
        """Write all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]

    def rename(self, source: str, target: str) -> None:
        """Move in one step, over a file of that name."""
        os.rename(source, target)

    def unlink(self, path: str) -> None:
        """Remove a file or a link itself."""
        os.unlink(path)

    def remove_folder(self, path: str) -> None:
        """Remove an empty folder."""
        os.rmdir(path)

    def is_writable(self, folder: str) -> bool:
        """Whether entries of `folder` can be made and removed."""
        return os.access(folder, os.W_OK | os.X_OK)


DISK = Disk()


def write_file(disk: Disk, path: str, data: bytes) -> Stamp:
    """Write a new file. Raise OSError."""
    file = disk.create(path)
    try:
        disk.write(file, data)
        return stamp(os.fstat(file))
    finally:
        os.close(file)


def stamp(status: os.stat_result) -> Stamp:
    """The stamp in a status."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def look(path: str) -> os.stat_result | None:
    """What stands at `path`, a link being a link; None when nothing does."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_folder(path: str) -> bool:
    """Whether a folder stands at `path`, and no link to one."""
    status = look(path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def remove_tree(disk: Disk, path: str) -> None:
    """Remove whatever stands at `path`, a link as the link; nothing there is fine. Raise OSError."""
    status = look(path)
    if status is None:
        return
    if not stat.S_ISDIR(status.st_mode):
        disk.unlink(path)
        return
    make_removable(path, status)
    with os.scandir(path) as entries:
        children = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for child, folder in children:
        if folder:
            remove_tree(disk, child)
        else:
            disk.unlink(child)
    disk.remove_folder(path)


def make_removable(folder: str, status: os.stat_result) -> None:
    """Let us move and empty a folder of ours that a tool left read-only. Raise OSError."""
    if status.st_mode & 0o700 != 0o700:
        os.chmod(folder, 0o700)


def filesystem_now(folder: str) -> int:
    """The time in nanoseconds that a change in `folder` made now would carry; never later than that.

    A nameless file tells it: it is on the same filesystem, changes nothing that can be seen, and needs no guess about
    that filesystem's clock and granularity. Where there is none, the machine's clock less the coarsest granularity.
    """
    try:
        file = os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except (AttributeError, OSError):
        return time.time_ns() - COARSEST_TICK
    try:
        return os.fstat(file).st_ctime_ns
    finally:
        os.close(file)


def wait_past(folder: str, moment: int) -> bool:
    """Wait, for some milliseconds at most, until a change in `folder` would carry a later time than `moment`."""
    for _ in range(12):
        if filesystem_now(folder) > moment:
            return True
        time.sleep(0.001)
    return False


def machine_error(action: str, error: OSError, place: str, hint: str = "") -> MachineError:
    """What the system refused, as our error; `place` where the system names no file."""
    file = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else place
    reason = error.strerror or str(error)
    hints = [HINTS.get(error.errno or 0, ""), hint]
    return MachineError(action, file, reason, "; ".join(text for text in hints if text))
