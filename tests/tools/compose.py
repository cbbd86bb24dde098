"""The Compose library's loader, offline."""

from collections.abc import Mapping
from pathlib import Path

from tests.tools import pins
from tests.tools.process import Done, run


def load(file: Path, values: Mapping[str, str]) -> Done:
    """The project that a Compose file makes, as JSON; `values` stand for those of .env."""
    return run([pins.BIN / "compose", file, *(f"{name}={value}" for name, value in values.items())])
