"""The journal of a transaction: what is moved where once everything is staged."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hftgen.digest import digest
from hftgen.errors import MachineError
from hftgen.tree.changes import Changes, is_safe
from hftgen.tree.disk import is_folder, look
from hftgen.tree.target import MARKER, is_marked, is_vacant

VERSION = 1


class Journal(NamedTuple):
    """Paths are relative to the output folder; `puts` maps a staged name to the path it goes to.

    A staged item is a file, or a folder that does not exist yet with all that is in it. `drops` are removed first.
    `staged` holds the stamp of every staged file: a power cut may have emptied it, and a file that is staged no more
    must be the one that stands in its place.
    """

    puts: Mapping[str, str]
    drops: tuple[str, ...]
    staged: Mapping[str, Sequence[int]]

    def find_target(self, spot: str) -> str:
        """Where a staged file goes."""
        number, slash, rest = spot.partition("/")
        return self.puts[number] + slash + rest

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that change."""
        return tuple(sorted({path.partition("/")[0] for path in (*self.puts.values(), *self.drops)}))


def plan(changes: Changes) -> tuple[Journal, dict[str, str]]:
    """The journal of some changes, without what is staged; and for each file to write, where it is staged."""
    puts: dict[str, str] = {}
    drops: list[str] = []
    spots: dict[str, str] = {}
    for name, folder in changes.folders.items():
        fresh = set(folder.fresh)
        # The marker comes first: from then on the folder is ours, whoever looks.
        for path in sorted((*folder.added, *folder.changed), key=lambda path: path != MARKER):
            top = _join(name, _find_top(path, fresh))
            number = puts.setdefault(top, str(len(puts)))
            spots[_join(name, path)] = number + _join(name, path)[len(top) :]
        drops += [_join(name, path) for path in folder.stale]
    return Journal({number: top for top, number in puts.items()}, tuple(drops), {}), spots


def encode(journal: Journal) -> bytes:
    """One line with the digest of what follows, then JSON."""
    body = json.dumps({"version": VERSION, **journal._asdict()}).encode()
    return digest(body).encode() + b"\n" + body


def decode(data: bytes) -> Journal | None:
    """The journal, or None when it is damaged, of another version, or names what no render of ours could."""
    head, _, body = data.partition(b"\n")
    if head.decode("ascii", "replace") != digest(body):
        return None
    value = json.loads(body)
    if value.get("version") != VERSION or not _is_sound(value):
        return None
    return Journal(value["puts"], tuple(value["drops"]), value["staged"])


def check_owned(output: str, journal: Journal) -> None:
    """Raise MachineError unless every path lies in a folder of ours, reached through no link.

    A journal comes from disk, and the disk may have changed since the plan: both are checked here once more.
    """
    for name in journal.environments:
        folder = os.path.join(output, name)
        if not (look(folder) is None or is_marked(folder) or (is_folder(folder) and is_vacant(folder))):
            raise MachineError("write", folder, "it is not marked as written by hftgen", "render again")
    seen: set[str] = set()
    for path in (*journal.puts.values(), *journal.drops):
        parent = path.rpartition("/")[0]
        while parent and parent not in seen:
            seen.add(parent)
            place = os.path.join(output, parent)
            if look(place) is not None and not is_folder(place):
                raise MachineError("write", place, "it is no folder any more", "render again")
            parent = parent.rpartition("/")[0]


def _is_sound(value: Mapping[str, Any]) -> bool:
    puts, drops, staged = value["puts"], value["drops"], value["staged"]
    places = (*puts.values(), *drops)
    return (
        all(is_safe(path) for path in (*places, *puts, *staged))
        and not any(place.startswith(".") for place in places)
        and all(spot.partition("/")[0] in puts and len(stamp) == 3 for spot, stamp in staged.items())
    )


def _join(name: str, path: str) -> str:
    return f"{name}/{path}" if path else name


def _find_top(path: str, fresh: set[str]) -> str:
    if "" in fresh:
        return ""
    end = path.find("/")
    while end >= 0:
        if path[:end] in fresh:
            return path[:end]
        end = path.find("/", end + 1)
    return path
