"""What an adapter of an outside tool is, and what it is given."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from hftgen.check.shapes import Survey


class Tree(NamedTuple):
    """An environment's rendered folder on disk, its files by path, and what is known of it.

    `schemas` is a folder of JSON schemas, `{group}/{kind}_{version}.json`, of the kinds that there are schemas of.
    """

    environment: str
    folder: Path
    files: tuple[str, ...]
    survey: Survey
    schemas: Path


class Call(NamedTuple):
    """One run of a tool: its arguments, and the file or folder that it is about, relative to the tree's folder."""

    tree: Tree
    arguments: tuple[str, ...]
    about: str


class Answer(NamedTuple):
    """What a run said, and its exit code."""

    code: int
    out: str
    err: str


class Refusal(NamedTuple):
    """What a tool refuses: the file or folder, the object as `Kind/name` or empty, and its words."""

    path: str
    subject: str
    message: str


class Tool(Protocol):
    """An outside tool. `looks`: what it looks at, for those who have to do without. `version` asks for its own."""

    name: str
    looks: str
    version: tuple[str, ...]

    def plan(self, tree: Tree) -> Iterator[Call]:
        """What is to be run for an environment; may write files into the tree's folder of schemas."""

    def read(self, call: Call, answer: Answer) -> Iterator[Refusal]:
        """What a run refuses."""


def find_folders(files: Sequence[str], name: str, *, below: str = "") -> list[str]:
    """The folders that hold a file of this name."""
    return sorted(file.rpartition("/")[0] for file in files if file.startswith(below) and file.endswith(f"/{name}"))


def shorten(text: str, lines: int = 6) -> str:
    """The last lines of what a tool said, on one."""
    kept = [line.strip() for line in text.splitlines() if line.strip()][-lines:]
    return "; ".join(kept) or "it failed, and said nothing"
