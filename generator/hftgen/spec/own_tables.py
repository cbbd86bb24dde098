"""The tables of a run: ours, and those in the data folder beside the specs folder."""

import os
from pathlib import Path

from hftgen.errors import InputError, Problem
from hftgen.spec.repository import RefusedFileError, name_inside
from hftgen.spec.sources import Sources
from hftgen.tables import OWN_FILES, Tables, read_tables


def load_tables(root: Path, specs: Path, sources: Sources) -> Tables:
    """The tables for a specs folder, read once in a run; raises InputError, MachineError."""
    known = sources.tables.get((root, str(specs)))
    if known is None:
        try:
            known = read_tables({Path(name).name: _read(root, name, sources) for name in name_own(root, specs)})
        except InputError as error:
            known = error
        sources.tables[root, str(specs)] = known
    if isinstance(known, InputError):
        raise known
    return known


def name_own(root: Path, specs: Path) -> list[str]:
    """The names, in the repository, of the tables that it has of its own."""
    folder = name_inside(root, Path(os.path.abspath(specs)).parent / "data")  # noqa: PTH100  resolve() would follow links
    return [f"{folder}/{file}" for file in OWN_FILES if os.path.lexists(root / folder / file)]


def _read(root: Path, name: str, sources: Sources) -> bytes:
    try:
        return sources.read(root, name)
    except RefusedFileError as error:
        raise InputError([Problem(name, 0, 0, "", error.message, error.found, error.expected, error.hint)]) from None
