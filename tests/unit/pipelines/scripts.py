"""The scripts of the pipelines, as modules and as programs, where templates/ has them."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from tests.tools.process import Done, run

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "repository" / "ci"
SCRIPTS = TEMPLATES / "scripts"
PLATFORM = TEMPLATES / "platform" / "scripts"


def load(name: str, folder: Path = SCRIPTS) -> ModuleType:
    """A script as a module; its neighbours are found as when it runs."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return importlib.import_module(name)


def start(script: Path, *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None) -> Done:
    """Run a script as a pipeline does."""
    interpreter = sys.executable if script.suffix == ".py" else "bash"
    return run([interpreter, script, *arguments], cwd=cwd, env=env, timeout=120)


def git(folder: Path, *arguments: str) -> str:
    """What git prints; AssertionError where it fails."""
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"]
    done = run(["git", *identity, *arguments], cwd=folder)
    assert done.code == 0, done.both()
    return done.out
