"""A copy of this repository to render and to break."""

import shutil
from pathlib import Path

from tests.tools.process import run

REPOSITORY = Path(__file__).resolve().parents[2]


def copy(target: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Copy what git would keep, as it is now, into a new folder; `without` names top folders to leave out."""
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY)
    assert listed.code == 0, listed.both()
    for name in listed.out.split("\0"):
        source = REPOSITORY / name
        if name and name.split("/")[0] not in without and source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name, follow_symlinks=False)
    return target


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
