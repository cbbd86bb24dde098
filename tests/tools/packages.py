"""Outside tools that the package index carries: an environment of their own, so that theirs and ours never meet."""

import shutil
import sys
from pathlib import Path

from tests.tools import pins
from tests.tools.process import run
from tests.tools.toolchain import ToolError

_HOW = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
_PIP = ("-m", "pip", "install", *_HOW)
DOWNLOAD = (sys.executable, "-m", "pip", "download", *_HOW)
"""Fetches packages into a folder without installing them."""


def install(wanted: pins.PythonPins, target: Path) -> None:
    """Make `target`, a virtual environment with what the lock files name. ToolError with pip's words if it fails.

    It is made in its final place, since its programs name their interpreter by its whole path.
    """
    shutil.rmtree(target, ignore_errors=True)
    _insist([sys.executable, "-m", "venv", target])
    for lock in wanted.locks:
        _insist([target / "bin" / "python", *_PIP, "--no-build-isolation", "-r", lock])


def _insist(command: list[str | Path]) -> None:
    done = run(command)
    if done.code:
        message = f"{' '.join(map(str, command))}\n{done.both()}"
        raise ToolError(message)
