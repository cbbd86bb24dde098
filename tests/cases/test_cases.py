"""Drop-in cases: a folder tests/cases/<command>/<name>/ is a test.

`args` are the words after `hftgen`, `in/` a repository. Expected are `stdout`, `stderr` and `exit` (absent: empty, 0)
and, where there is one, `want/`: the files of rendered/. `pytest --update` rewrites all four; read the diff.
Times are written as `N s`, so that a case does not depend on the machine.
"""

import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from hftgen.cli.main import cli

HERE = Path(__file__).parent
CASES = sorted(file.parent for file in HERE.glob("*/*/args"))
BUG = "3\n"
TIME = re.compile(r"\b\d+\.\d+ s\b")


class Outcome(NamedTuple):
    """What a command said and did; `rendered` holds the written files by path."""

    stdout: str
    stderr: str
    exit: str
    rendered: dict[str, bytes]


def name_case(case: Path) -> str:
    """A case as pytest shows it: command/name."""
    return str(case.relative_to(HERE))


def read_tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, which need not be there."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def run_case(case: Path, repository: Path) -> Outcome:
    """Runs a case's command in a copy of its repository, which is the working folder."""
    shutil.copytree(case / "in", repository, symlinks=True)
    (repository / ".git").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repository)
        patch.setenv("PATH", "")  # no case depends on the tools of a machine
        result = CliRunner().invoke(cli, shlex.split((case / "args").read_text(encoding="utf-8")))
    stdout, stderr = (TIME.sub("N s", text) for text in (result.stdout, result.stderr))
    return Outcome(stdout, stderr, f"{result.exit_code}\n", read_tree(repository / "rendered"))


def read_expected(case: Path) -> Outcome:
    """What the case's folder says."""
    texts = {name: case / name for name in ("stdout", "stderr", "exit")}
    stdout, stderr, code = (file.read_text(encoding="utf-8") if file.exists() else "" for file in texts.values())
    return Outcome(stdout, stderr, code or "0\n", read_tree(case / "want"))


def write_expected(case: Path, outcome: Outcome) -> None:
    """Makes the case's folder say what happened; what is empty is left out."""
    shown = {"stdout": outcome.stdout, "stderr": outcome.stderr, "exit": outcome.exit if outcome.exit != "0\n" else ""}
    for name, text in shown.items():
        (case / name).unlink(missing_ok=True)
        if text:
            (case / name).write_text(text, encoding="utf-8")
    if (case / "want").exists():
        shutil.rmtree(case / "want")
        for name, data in outcome.rendered.items():
            (case / "want" / name).parent.mkdir(parents=True, exist_ok=True)
            (case / "want" / name).write_bytes(data)


@pytest.mark.parametrize("case", CASES, ids=name_case)
def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The command says, returns and writes what its folder expects."""
    outcome = run_case(case, tmp_path / "repository")
    assert outcome.exit != BUG, outcome.stderr
    if request.config.getoption("--update"):
        write_expected(case, outcome)
    expected = read_expected(case)
    if not (case / "want").exists():
        outcome = outcome._replace(rendered={})
    assert outcome == expected


def test_cases_are_found() -> None:
    """The runner has not lost its folders: every folder of a command holds cases only."""
    assert CASES
    assert {file.parent for file in HERE.glob("*/*/in")} == set(CASES)
