"""hadolint, offline."""

from pathlib import Path

from tests.tools import pins
from tests.tools.process import Done, run


def lint(file: Path) -> Done:
    """Every rule, without a configuration of anybody's."""
    command: list[str | Path] = [pins.PYTHON / "bin" / "hadolint", "--failure-threshold", "ignore", "--no-color", file]
    return run(command, cwd=file.parent)
