"""Seconds and memory of a whole program, its children included."""

import os
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Command(NamedTuple):
    """A program's call: arguments, working folder, and environment in full."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]

    def start(self) -> "subprocess.Popen[bytes]":
        """The running process; what it prints goes to a file in the folder's parent, for the error message."""
        with (self.folder.parent / "last-output.txt").open("wb") as log:
            return subprocess.Popen(
                self.arguments, cwd=self.folder, env=dict(self.environment), stdout=log, stderr=subprocess.STDOUT
            )


class Run(NamedTuple):
    """Seconds by the wall clock, and of processors, those of children included."""

    wall: float
    processor: float


def time_command(command: Command) -> Run:
    """How long it takes. Raises RuntimeError if the program fails."""
    start = time.perf_counter()
    process = command.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    _expect_success(command, process.returncode)
    return Run(seconds, usage.ru_utime + usage.ru_stime)


def weigh_command(command: Command) -> int:
    """Peak bytes of memory that the process and its children hold together, shared pages counted once (PSS)."""
    process = command.start()
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_weigh_process(pid) for pid in _list_family(process.pid)))
        time.sleep(0.002)
    _expect_success(command, process.returncode)
    return peak


def _expect_success(command: Command, code: int) -> None:
    if code:
        said = (command.folder.parent / "last-output.txt").read_text(encoding="utf-8", errors="replace")
        message = f"exit code {code}: {' '.join(command.arguments)}\n{said[-2000:]}"
        raise RuntimeError(message)


def _list_family(root: int) -> list[int]:
    found, pending = [], [root]
    while pending:
        process = pending.pop()
        found.append(process)
        with suppress(OSError):
            for task in Path(f"/proc/{process}/task").iterdir():
                pending += [int(child) for child in (task / "children").read_text().split()]
    return found


def _weigh_process(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
