"""The one place where tests start other programs."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_SUPERVISOR = Path(__file__).with_name("supervisor.py")


class Done(NamedTuple):
    """What a finished program left: its exit code and its two outputs."""

    code: int
    out: str
    err: str

    def both(self) -> str:
        """All it said, for a failure's message."""
        return f"{self.out}{self.err}".strip()


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = 1800,
) -> Done:
    """Run a program to its end; `env` is added to this process's environment. The caller judges the exit code."""
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
    )
    return Done(finished.returncode, finished.stdout, finished.stderr)


class Background:
    """A program that runs beside the tests and ends with this process, whatever ends that; its outputs go to `log`."""

    def __init__(self, command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = Path(command[0]).name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", _SUPERVISOR, *map(str, command)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def last_words(self, lines: int = 10) -> str:
        """The end of its log, for a failure's message."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(line[:400] for line in text.splitlines()[-lines:])

    def stop(self) -> None:
        """Kill it and wait until it is gone."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
