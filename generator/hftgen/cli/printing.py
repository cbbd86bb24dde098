"""What people and programs read: the answer on stdout, progress on stderr."""

import difflib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import click

from hftgen.check.finding import Finding
from hftgen.errors import format_place
from hftgen.report import EnvironmentReport, Report

VERSION = 1
SHOWN_FILES = 3
SHOWN_LINES = 20
SHOWN_PATHS = 20
PATIENCE = 1.0
WIDTH = 30


class Progress:
    """A bar on a terminal, when a render takes over a second; sentences at any time."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._erase()

    def say(self, text: str) -> None:
        """A line on stderr."""
        self._erase()
        click.echo(text.rstrip("\n"), err=True)

    def advance(self, done: int, total: int) -> None:
        """`done` of `total` environments are compiled."""
        if sys.stderr and sys.stderr.isatty() and time.monotonic() - self._start > PATIENCE:
            filled = WIDTH * done // total
            click.echo(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total}", err=True, nl=False)
            self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            click.echo(f"\r{' ' * (WIDTH + 20)}\r", err=True, nl=False)
            self._drawn = False


def print_report(report: Report, *, output: Path, check: bool, output_format: str) -> None:
    """The answer of a render on stdout; findings in text go to stderr."""
    if output_format == "json":
        click.echo(json.dumps(_describe(report), indent=2, ensure_ascii=False))
        return
    for finding in report.findings:
        click.echo(format_finding(finding), err=True)
    for environment in report.environments:
        click.echo(format_environment(environment, check=check))
        for line in () if check or environment.gone else _list_removed(environment, output):
            click.echo(line)
    if check:
        for line in _show_changes(report, output):
            click.echo(line)


def format_environment(environment: EnvironmentReport, *, check: bool) -> str:
    """One line: what happened, or would happen, to a folder."""
    changed = [
        f"{len(paths)} {word}"
        for paths, word in (
            (environment.added, "added"),
            (environment.changed, "changed"),
            (environment.removed, "removed"),
        )
    ]
    counts = ", ".join([*changed, f"{environment.unchanged} unchanged"])
    would = " would be" if check and environment.is_changed() else ""
    reason = "; it has no spec any more" if environment.gone else ""
    return f"{environment.name}:{would} {counts} ({environment.seconds:.2f} s{reason})"


def format_finding(finding: Finding) -> str:
    """Place, rule and message; on a second line what to do."""
    head = f"{format_place(finding.file, finding.line, finding.column)}: {finding.severity} {finding.rule}"
    text = f"{head}: {finding.subject}: {finding.message}"
    return f"{text}\n    hint: {finding.hint}" if finding.hint else text


def _describe(report: Report) -> dict[str, Any]:
    return {
        "version": VERSION,
        "changed": report.is_changed(),
        "environments": [environment._asdict() for environment in report.environments],
        "findings": [finding._asdict() for finding in report.findings],
    }


def _list_removed(environment: EnvironmentReport, output: Path) -> Iterator[str]:
    """What a render took away, by name: a service or cluster that is no more, or a file that was never ours."""
    for path in environment.removed[:SHOWN_PATHS]:
        yield f"  - {output / environment.name / path}"
    if len(environment.removed) > SHOWN_PATHS:
        yield f"  ... and {len(environment.removed) - SHOWN_PATHS} more"


def _show_changes(report: Report, output: Path) -> Iterator[str]:
    """Every path that would change, as far as they are few; of the first changed files the first differences."""
    rows = [row for environment in report.environments for row in _list_paths(environment)]
    for mark, name, path in rows[:SHOWN_PATHS]:
        yield f"  {mark} {output / name / path}"
    if len(rows) > SHOWN_PATHS:
        yield f"  ... and {len(rows) - SHOWN_PATHS} more"
    changed = [(name, path) for mark, name, path in rows if mark == "~"]
    for name, path in changed[:SHOWN_FILES]:
        yield from _show_difference(output / name / path, report.wanted[name][path])


def _list_paths(environment: EnvironmentReport) -> list[tuple[str, str, str]]:
    marks = (("+", environment.added), ("~", environment.changed), ("-", environment.removed))
    return sorted(((mark, environment.name, path) for mark, paths in marks for path in paths), key=lambda row: row[2])


def _show_difference(path: Path, wanted: bytes) -> Iterator[str]:
    try:
        found = path.read_bytes()
    except OSError:
        found = b""
    before, after = (data.decode(errors="replace").splitlines() for data in (found, wanted))
    lines = list(difflib.unified_diff(before, after, f"{path} (on disk)", f"{path} (rendered)", lineterm="", n=1))
    yield from lines[:SHOWN_LINES]
    if len(lines) > SHOWN_LINES:
        yield f"... and {len(lines) - SHOWN_LINES} lines more"


def print_value(value: Any, output_format: str, header: Sequence[str] = ()) -> None:
    """A value as YAML or JSON on stdout."""
    from hftgen.render.emit import emit_json, emit_yaml

    text = emit_json(value) if output_format == "json" else emit_yaml([value], "\n".join(header))
    click.echo(text, nl=False)
