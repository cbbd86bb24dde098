"""Names of one Compose file: each is given once."""

from collections.abc import Iterable
from typing import NamedTuple


class Names:
    """Names of one kind; `taken` are given already."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, wanted: str) -> str:
        """The name, or one like it that nobody has."""
        while wanted in self._taken:
            wanted += "-x"
        self._taken.add(wanted)
        return wanted


class Kept(NamedTuple):
    """Names of files and volumes: `a` with `b-c` would else be called as `a-b` with `c` is."""

    configs: Names
    volumes: Names
