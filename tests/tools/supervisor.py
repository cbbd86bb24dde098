"""Runs one program that ends when its starter does: `supervisor.py PROGRAM ARGUMENT...`, apart from this package.

The starter holds the other end of standard input. Whatever ends the starter closes it, SIGKILL too, and the program is
killed. The program dies with the supervisor as well, so that nothing outlives either.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(command: list[str]) -> None:
    """Exits with the program's code, or with 0 once standard input is closed and the program killed."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)  # noqa: PLW1509 - one thread
    threading.Thread(target=lambda: os._exit(child.wait() & 0xFF), daemon=True).start()
    sys.stdin.buffer.read()
    child.kill()
    child.wait()
    os._exit(0)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the starter, which ends the program in its order
    main(sys.argv[1:])
