"""kustomize, offline."""

from pathlib import Path

from tests.tools import pins
from tests.tools.process import run


def build(folder: Path) -> str:
    """What `kubectl apply -k` would apply for a folder. Raises RuntimeError with kustomize's own words."""
    done = run([pins.BIN / "kustomize", "build", folder])
    if done.code or done.err.strip():
        message = f"kustomize build {folder}\n{done.err.strip()}"
        raise RuntimeError(message)
    return done.out
