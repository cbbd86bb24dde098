"""One render of an output folder at a time."""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from hftgen.errors import MachineError
from hftgen.reading import Place
from hftgen.tree.disk import DISK, FOLDER_MODE, Disk, look, machine_error, write_file
from hftgen.tree.target import STAGING

PAUSE = 0.05
STUBBORN = 1.0


@contextmanager
def lock(
    output: Place, *, wait: float = 60.0, on_wait: Callable[[str], None] | None = None, disk: Disk = DISK
) -> Iterator[None]:
    """Hold `output` for this process; another's hold is waited for, `wait` seconds at most.

    `on_wait` hears once, as a sentence, that we wait. The staging folder exists inside, and goes at the end unless it
    holds an unfinished transaction. It is a POSIX record lock: the kernel frees it when its holder dies, however, even
    while worker processes that the holder forked live on. Not to be nested, and nothing else may open the lock's file.
    Raise MachineError when the wait was in vain or the folder cannot be written.
    """
    folder = os.path.join(output, STAGING)
    made = look(os.fspath(output)) is None
    try:
        file = _acquire(folder, wait, on_wait or (lambda _: None), disk)
    except OSError as error:
        raise machine_error("lock the output folder", error, folder) from error
    try:
        yield
    finally:
        # The folder is tidied while it is still ours.
        with suppress(OSError):
            _leave(folder, disk)
            if made:
                os.rmdir(output)
        os.close(file)


def _acquire(folder: str, wait: float, on_wait: Callable[[str], None], disk: Disk) -> int:
    holder = ""
    for turn in range(int(wait / PAUSE) + 1):
        if turn:
            time.sleep(PAUSE)
        try:
            file, other = _try(folder, disk)
        except FileNotFoundError:
            # Who held the lock may remove what we have just found or made; what never appears cannot be made.
            if turn * PAUSE >= STUBBORN:
                raise
            continue
        if file >= 0:
            return file
        if other and not holder:
            holder = other
            on_wait(f"Waiting for {holder}, which is writing {os.path.dirname(folder)}.")
    reason = f"{holder or 'another hftgen'} has been writing it for {wait:g} s"
    raise MachineError("lock", os.path.dirname(folder), reason, "wait until it is done, or end it, then render again")


def _try(folder: str, disk: Disk) -> tuple[int, str]:
    """The locked file, or -1 and who holds it; -1 and nothing when the holder was just leaving."""
    if not _has_folder(folder):
        return -1, ""
    path = os.path.join(folder, "lock")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except FileNotFoundError:
        return -1, ""
    kept = False
    try:
        if not _has_locked(file):
            return -1, _name_holder(file)
        kept = _is_same(file, path)
        if kept:
            _settle(file, folder, disk)
            return file, ""
        return -1, ""
    except BaseException:
        kept = False
        raise
    finally:
        if not kept:
            os.close(file)


def _has_folder(folder: str) -> bool:
    with suppress(FileExistsError):
        os.makedirs(folder, FOLDER_MODE, exist_ok=True)
    for place in (os.path.dirname(folder), folder):
        status = look(place)
        if status is None:
            return False
        if not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), place)
    return True


def _has_locked(file: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN}:
            return False
        raise
    return True


def _is_same(file: int, path: str) -> bool:
    # Who held it may have removed it between our open and our lock: then others lock another file of that name.
    status, named = os.fstat(file), look(path)
    return named is not None and (status.st_dev, status.st_ino) == (named.st_dev, named.st_ino)


def _settle(file: int, folder: str, disk: Disk) -> None:
    # One length for all, since ext4 flushes a file that was truncated, which takes milliseconds.
    os.pwrite(file, b"%20d\n" % os.getpid(), 0)
    with suppress(FileExistsError):
        write_file(disk, os.path.join(folder, ".gitignore"), b"*\n")


def _name_holder(file: int) -> str:
    number = os.pread(file, 32, 0).strip()
    return f"another hftgen (process {number.decode()})" if number.isdigit() else "another hftgen"


def _leave(folder: str, disk: Disk) -> None:
    names = set(os.listdir(folder))
    if names <= {".gitignore", "lock"}:
        # The lock goes last: from then on another process may make both anew.
        disk.unlink(os.path.join(folder, ".gitignore"))
        disk.unlink(os.path.join(folder, "lock"))
        disk.remove_folder(folder)
