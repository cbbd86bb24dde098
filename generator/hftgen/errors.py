"""Every error of hftgen, and the one place where they become text.

HftgenError
├── InputError      specs, templates or options are wrong          exit 2
├── BlockedError    findings that block: nothing was written       exit 1
├── MachineError    disk, permission, lock                         exit 4
└── BugError        a promise of ours was broken                   exit 3
"""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong, with the place that says it.

    `file` is relative to the repository; `line` and `column` count from 1, and 0 means unknown.
    `path` is the field (`services.order-gateway.release.steps[2].weight`) or empty.
    `subject` is what a template was rendered for (`environment production, service order-gateway`) or empty.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    found: str = ""
    expected: str = ""
    hint: str = ""
    subject: str = ""


class HftgenError(Exception):
    """Root of all; never raised itself."""

    exit_code: ClassVar[int] = 3


class InputError(HftgenError):
    """What a person gave is wrong: all problems of a stage at once, sorted and without repeats."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(format_problem(problem) for problem in self.problems)


class BlockedError(HftgenError):
    """Findings (check.finding.Finding) that block: nothing was written."""

    exit_code = 1

    def __init__(self, findings: Iterable[Any]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)


class MachineError(HftgenError):
    """The machine refused: `action` failed on `file` for `reason`; `hint` says what to do."""

    exit_code = 4

    def __init__(self, action: str, file: str, reason: str, hint: str = "") -> None:
        self.action, self.file, self.reason, self.hint = action, file, reason, hint
        super().__init__(action, file, reason, hint)

    def __str__(self) -> str:
        lines = [f"{self.file}: cannot {self.action}: {self.reason}"]
        return "\n".join([*lines, *_labelled([("hint", self.hint)])])


class BugError(HftgenError):
    """Ours, not the user's."""


def format_place(file: str, line: int, column: int) -> str:
    """`file:line:column`, leaving out what is unknown (0)."""
    return ":".join([file, *(str(number) for number in (line, column) if number)])


def format_path(path: Iterable[str | int]) -> str:
    """A field's path as people write it: `services.a.steps[2]`, `files["engine.toml"]` where a key is no plain word."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.replace("-", "").replace("_", "").replace("/", "").isalnum():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text


def format_problem(problem: Problem) -> str:
    """The text of one problem: place, path, message; then found, expected, hint, each on a line of its own."""
    head = ": ".join(part for part in (format_place(*problem[:3]), problem.path, problem.message) if part)
    rows = [
        ("for", problem.subject),
        ("found", problem.found),
        ("expected", problem.expected),
        ("hint", problem.hint),
    ]
    return "\n".join([head, *_labelled(rows)])


def _labelled(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [f"    {label}: {text}" for label, text in rows if text]
