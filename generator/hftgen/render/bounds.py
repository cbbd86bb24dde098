"""What one environment may use, and how a process is held to it."""

import contextlib
import os
import resource
import signal
from pathlib import Path
from typing import NamedTuple


class Limits(NamedTuple):
    """Bounds of one task in a worker.

    `seconds` of processor time (not of the clock: a busy or sleeping machine fails nothing), `memory` in bytes above
    what the process had when it began.
    """

    seconds: float = 20.0
    memory: int = 2 << 30


TIME_SIGNAL = signal.SIGPROF


def limit_memory(limits: Limits) -> int:
    """Bound this process for good, where the system can; what it has now, in bytes (0: the system does not say).

    No core files either: a killed worker is an answer.
    """
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    size = _address_space()
    if size:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = [limit for limit in (size + limits.memory, soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min(wanted), hard))
    return size


def is_spent(before: int, limits: Limits) -> bool:
    """Whether the process has left so much behind that the next task deserves a new one; `before` from limit_memory.

    Where the system does not say what it has, it is spent at once: a new process is cheap.
    """
    return before == 0 or _address_space() - before > limits.memory // 16


def start_timer(limits: Limits) -> None:
    """From now on this process has `seconds` until the system kills it, native code or not."""
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)


def stop_timer() -> None:
    """The task is done."""
    signal.setitimer(signal.ITIMER_PROF, 0)


def die_with(descriptor: int) -> None:
    """Kill this process when the other end of the pipe closes: when the one that started it is gone, however it ended.

    A worker in native code runs no thread and sees no end of file, so the system has to do it: SIGIO, whose default is
    death. Where pipes give no SIGIO, the time limit ends it.
    """
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)


def _address_space() -> int:
    """Bytes of address space that this process has; 0 where the system does not say, and would not bound it either."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
