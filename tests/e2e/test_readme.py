"""The README's tour works as it is written.

Its ```console blocks run in order, in a copy of the repository: a line `$ ...` is a command for bash (`> ...` continues
it), what follows is its output. A line `...` stands for any lines, `...` inside a line for any text. A command must
succeed; one that is meant to fail says so with `; echo $?`.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tools import checkout
from tests.tools.process import Done, run

_PROGRAMS = Path(sys.executable).parent
_IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Reader"), ("EMAIL", "reader@example.com"))
}


class Command(NamedTuple):
    """A command of the tour and the output that the README shows for it."""

    line: int
    text: str
    output: str

    def pattern(self) -> str:
        """A regular expression for the output."""
        lines = [r"(?:.*\n)*?" if line == "..." else _with_gaps(line) + "\n" for line in self.output.splitlines()]
        return "".join(lines)


def find_commands(text: str) -> list[Command]:
    """The commands of all ```console blocks in order."""
    commands: list[Command] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            commands.append(Command(number, line[2:], ""))
        elif inside:
            last = commands.pop()
            is_more = line.startswith("> ") and not last.output
            commands.append(
                last._replace(text=f"{last.text}\n{line[2:]}")
                if is_more
                else last._replace(output=f"{last.output}{line}\n")
            )
    return commands


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone as `make setup` leaves it, without the minutes that the setup takes."""
    folder = checkout.copy(tmp_path_factory.mktemp("tour") / "repository")
    _stand_in_for_setup(folder)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "start"]):
        done = run(["git", *command], cwd=folder, env=_IDENTITY)
        assert done.code == 0, done.both()
    return folder


def test_the_tour_works(tour: Path) -> None:
    """Each command of the README succeeds and prints what the README shows."""
    commands = find_commands((checkout.REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert commands, "README.md has no ```console block"
    for command in commands:
        done = _type(command.text, tour)
        said = f"README.md:{command.line}: $ {command.text}\n{done.out}"
        assert done.code == 0, said
        assert re.fullmatch(command.pattern(), done.out), f"{said}\nthe README shows:\n{command.output}"


def test_the_runner_sees_a_difference() -> None:
    """Outputs are compared line by line; `...` is the only thing that is passed over."""
    (one,) = find_commands("text\n```console\n$ a\n> b\nx ... y\n...\nz\n```\n```sh\n$ c\n```\n")
    assert one.text == "a\nb"
    assert re.fullmatch(one.pattern(), "x 1 y\nanything\nz\n")
    assert re.fullmatch(one.pattern(), "x  y\nz\n")
    assert not re.fullmatch(one.pattern(), "x 1 y\nz\nmore\n")
    assert not re.fullmatch(one.pattern(), "x 1\nz\n")


def _type(text: str, folder: Path) -> Done:
    path = f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"
    environment = {**_IDENTITY, "PATH": path, "COLUMNS": "120", "NO_COLOR": "1"}
    return run(["bash", "-c", f"exec 2>&1\n{text}"], cwd=folder, env=environment)


def _stand_in_for_setup(folder: Path) -> None:
    """A .venv whose programs are the real one's, and that `make setup` takes for finished."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "hftgen"):
        (programs / name).write_text(f'#!/bin/sh\nexec "{_PROGRAMS / name}" "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    (folder / ".venv" / "pyvenv.cfg").write_text(f"command = python -m venv {folder / '.venv'}\n", encoding="utf-8")
    key = run(["sh", "-c", "cat requirements.lock pyproject.toml | cksum"], cwd=folder)
    (folder / ".venv" / ".setup").write_text(key.out, encoding="utf-8")
    assert shutil.which("make")


def _with_gaps(line: str) -> str:
    return ".*?".join(re.escape(part) for part in line.split("..."))
