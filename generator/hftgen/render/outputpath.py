"""Which output paths are allowed, and which cannot stand beside each other."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol, TypeVar

from hftgen.errors import Problem

MARKER = ".hftgen"
_PLAIN = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*")


class Claim(Protocol):
    """Something that wants to make the file `path`; `label` names it in messages, `origin` ranks it (0 wins)."""

    @property
    def path(self) -> str:
        """The output path."""

    @property
    def label(self) -> str:
        """The template's file."""

    @property
    def origin(self) -> int:
        """The origin's number."""


C = TypeVar("C", bound=Claim)


def refuse(path: str) -> str:
    """Why no file may be written at this relative path; empty if it may."""
    if _PLAIN.fullmatch(path):
        return ""
    for part in path.split("/"):
        if part in {"", ".", ".."}:
            return f"makes {path!r}, which is no path of a file below the output folder"
        if part.casefold() in {MARKER, ".git"}:
            return f"makes {path!r}, but {part!r} is reserved"
        if not part.isprintable() or "\\" in part:
            return f"makes {path!r}, which has characters that file names cannot have"
    return ""


def settle(claims: Iterable[C]) -> tuple[list[C], list[Problem]]:
    """What is left when an earlier origin beats a later one, sorted by path; and what cannot stand together."""
    winners: dict[str, C] = {}
    problems: list[Problem] = []
    for claim in sorted(claims, key=lambda claim: (claim.path, claim.origin, claim.label)):
        winner = winners.setdefault(claim.path, claim)
        if winner is not claim and winner.origin == claim.origin:
            problems.append(_conflict(claim, f"makes {claim.path}, and so does {winner.label}"))
    return list(winners.values()), problems + _compare(winners)


def _compare(winners: dict[str, C]) -> list[Problem]:
    """Files inside files, and paths or folders that differ only in letter case."""
    problems = []
    spellings: dict[str, tuple[str, C]] = {}
    folders: set[str] = set()
    for path, claim in winners.items():
        prefix = path
        while prefix and prefix not in folders:
            spelling, first = spellings.setdefault(_fold(prefix), (prefix, claim))
            if spelling != prefix:
                text = f"makes {path}, which differs only in letter case from {first.path} of {first.label}"
                problems.append(_conflict(claim, text))
            elif prefix != path and prefix in winners:
                other = winners[prefix]
                problems.append(_conflict(claim, f"makes {path}, but {prefix} is a file of {other.label}"))
            if prefix != path:
                folders.add(prefix)
            prefix = prefix.rpartition("/")[0]
    return problems


def _fold(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _conflict(claim: Claim, message: str) -> Problem:
    return Problem(claim.label, 0, 0, "", message, hint="rename one of the two templates")
