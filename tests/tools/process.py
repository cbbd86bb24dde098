"""The one place where tests start other programs."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


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
