"""What people and programs read: the answer on stdout, progress on stderr."""

import difflib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from hftgen.check.finding import Finding
from hftgen.errors import format_place
from hftgen.report import EnvironmentReport, Report

if TYPE_CHECKING:
    from hftgen.validation import Looked, Validation

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


def print_validation(validation: "Validation", *, output: Path, output_format: str) -> None:
    """The answer of a validation on stdout."""
    if output_format == "json":
        click.echo(json.dumps(_describe_validation(validation), indent=2, ensure_ascii=False))
        return
    for finding in validation.findings:
        click.echo(format_finding(finding))
        if finding.path:
            click.echo(f"    file: {output / finding.path}")
    for looked in validation.environments:
        click.echo(_format_looked(looked))
    if unknown := _count_unknown(validation.environments):
        names = ", ".join(f"{name} ({count})" for name, count in sorted(unknown.items()))
        click.echo(f"not looked at, for want of their CustomResourceDefinitions (--crds): {names}")
    for tool in validation.tools:
        absent = f"{tool.name}: absent; not looked at: {tool.looks}"
        times = "once" if tool.calls == 1 else f"{tool.calls} times"
        click.echo(f"{tool.name} {tool.version}: {tool.looks}, {times}" if tool.version else absent)
    blocking = sum(1 for finding in validation.findings if finding.severity == "blocking")
    dated = sum(1 for finding in validation.findings if finding.dated)
    others = len(validation.findings) - blocking - dated
    click.echo(
        f"{'passed' if validation.is_passed() else 'failed'}: {blocking} blocking, {dated} dated, {others} warnings"
    )


def _format_looked(looked: "Looked") -> str:
    text = f"{looked.environment}: {looked.objects} objects against the schemas of Kubernetes {looked.schemas}"
    return text if looked.schemas == looked.kubernetes else f"{text}, for want of those of {looked.kubernetes}"


def _count_unknown(environments: "Sequence[Looked]") -> Counter[str]:
    counts: Counter[str] = Counter()
    for looked in environments:
        counts.update(dict(looked.unknown))
    return counts


def _describe_validation(validation: "Validation") -> dict[str, Any]:
    return {
        "version": VERSION,
        "passed": validation.is_passed(),
        "environments": [
            {**looked._asdict(), "unknown": [{"kind": kind, "objects": count} for kind, count in looked.unknown]}
            for looked in validation.environments
        ],
        "tools": [{**tool._asdict(), "found": bool(tool.version)} for tool in validation.tools],
        "findings": [finding._asdict() for finding in validation.findings],
    }


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
