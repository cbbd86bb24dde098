"""How a mapping of certain keys is written at a certain depth, decided once for each set of keys.

A `Level` is a depth of the output. It remembers a `Plan` for each tuple of keys it has met: their order, and for each
key everything that stands before its value. Emitting is then little more than joining what is remembered.
"""

from functools import cached_property
from typing import Literal, NamedTuple

from hftgen.render.keyorder import FREE, order_keys
from hftgen.render.scalars import write_key
from hftgen.render.unwritable import MAX_DEPTH, UnwritableError

RAW, IF, THEN = "{{}}", "{{if}}", "then"
LINES = {"{{include}}": "", "{{toYaml}}": "toYaml | "}
MAX_PLANS = 50_000


class Entry(NamedTuple):
    """A key, the text before its value (line feed, indent, perhaps a dash, the key, a colon), and the level below."""

    key: str
    prefix: str
    below: "Level"


class Plan(NamedTuple):
    """What kind of mapping the keys make.

    `simple`: entries and nothing else. `rich`: also comments or Helm lines. `raw`: one Helm expression.
    `empty`: nothing, or comments only.
    """

    kind: Literal["simple", "rich", "raw", "empty"]
    entries: tuple[Entry, ...]
    lines: tuple[str, ...] = ()


class Level(dict[tuple[str, ...], Plan]):
    """The plans of one depth; a missing one is made.

    `item`: the mappings stand in a list, so that their first key follows a dash. `free`: their keys are the user's
    own words.
    """

    def __init__(self, depth: int, *, item: bool = False, free: bool = False) -> None:
        if depth > MAX_DEPTH:
            raise UnwritableError(f"nested deeper than {MAX_DEPTH} levels")
        self.depth, self.item, self.free = depth, item, free
        self.indent = "  " * depth
        self.dash = f"\n{self.indent}-"

    @cached_property
    def inner(self) -> "Level":
        """One deeper: what stands below a key."""
        return Level(self.depth + 1)

    @cached_property
    def inner_free(self) -> "Level":
        """One deeper, below a key whose mapping holds the user's own words."""
        return Level(self.depth + 1, free=True)

    @cached_property
    def items(self) -> "Level":  # type: ignore[override]
        """One deeper: the mappings of a list that stands here."""
        return Level(self.depth + 1, item=True)

    @cached_property
    def outer(self) -> str:
        """The indent of the line that a mapping begins on: its dash's, if it has one."""
        return self.indent[2:] if self.item else self.indent

    @cached_property
    def undashed(self) -> "Level":
        """The same depth, for a mapping that cannot begin behind its dash."""
        return Level(self.depth)

    def __missing__(self, keys: tuple[str, ...]) -> Plan:
        if len(self) >= MAX_PLANS:
            self.clear()
        plan = self[keys] = _make_plan(keys, self)
        return plan


def _make_plan(keys: tuple[str, ...], level: Level) -> Plan:
    if RAW in keys or IF in keys:
        return _make_raw(keys)
    if not all(isinstance(key, str) for key in keys):
        raise UnwritableError("a key is no text")
    names = [key for key in keys if key not in LINES and not key.startswith("#")]
    lines = tuple(key for key in LINES if key in keys)
    entries = tuple(_make_entries(order_keys(names, free=level.free), level))
    if not names and not lines:
        return Plan("empty", ())
    return Plan("simple" if len(names) == len(keys) else "rich", entries, lines)


def _make_raw(keys: tuple[str, ...]) -> Plan:
    if keys != (RAW,):
        raise UnwritableError(f"{RAW} stands alone, and {IF} stands with {THEN} alone")
    return Plan("raw", ())


def _make_entries(names: list[str], level: Level) -> list[Entry]:
    entries = []
    start = f"\n{level.outer}- " if level.item else f"\n{level.indent}"
    for name in names:
        key = write_key(name).replace("\n", f"\n{level.indent}")
        entries.append(Entry(name, start + key, level.inner_free if name in FREE else level.inner))
        start = f"\n{level.indent}"
    return entries
