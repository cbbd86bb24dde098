"""What one run reads: every file once, parsed once, with its bytes kept for whoever computes a cache key."""

from pathlib import Path

from hftgen.errors import InputError
from hftgen.spec.node import Node
from hftgen.spec.repository import RefusedFileError, read_file
from hftgen.spec.source import parse
from hftgen.spec.yaml_text import MAX_BYTES
from hftgen.tables import Tables

MAX_ATTACHED = 512 << 10
"""The largest file that a service may carry, in bytes: a ConfigMap holds 1 MiB, all its files together."""

Key = tuple[Path, str]


class Sources:
    """The files of a run by repository and name: one object for all environments; no file is read twice.

    `merged` holds the tree of a file with all that it extends, by repository and name; own_tables fills `tables`.
    """

    def __init__(self) -> None:
        self.merged: dict[Key, Node] = {}
        self.tables: dict[Key, Tables | InputError] = {}
        self._bytes: dict[Key, bytes | RefusedFileError] = {}
        self._parsed: dict[Key, Node | InputError] = {}

    def read(self, root: Path, name: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a file; raises RefusedFileError, MachineError."""
        known = self._bytes.get((root, name))
        if known is None:
            try:
                known = read_file(root, name, limit)
            except RefusedFileError as error:
                known = error
            self._bytes[root, name] = known
        if isinstance(known, RefusedFileError):
            raise known
        return known

    def parse(self, root: Path, name: str) -> Node:
        """A spec file's own tree; raises InputError, RefusedFileError, MachineError."""
        known = self._parsed.get((root, name))
        if known is None:
            try:
                known = parse(self.read(root, name), name)
            except InputError as error:
                known = error
            self._parsed[root, name] = known
        if isinstance(known, InputError):
            raise known
        return known
