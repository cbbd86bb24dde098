"""What people read while they wait, and findings."""

import io
import sys

import pytest

from hftgen.check.finding import Finding
from hftgen.cli.printing import Progress, format_environment, format_finding
from hftgen.report import EnvironmentReport


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds since the start, for a test to set."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_a_bar_after_a_second(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, when it takes longer than a second; gone at the end."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress() as progress:
        progress.advance(1, 2)
        assert stream.getvalue() == ""
        clock[0] = 1.5
        progress.advance(2, 2)
        assert stream.getvalue().endswith(f"[{'#' * 30}] 2/2")
    assert stream.getvalue().endswith("\r")


def test_no_bar_without_a_terminal(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    """A log file gets sentences only."""
    with Progress() as progress:
        clock[0] = 5.0
        progress.advance(1, 2)
        progress.say("Waiting.")
    assert capsys.readouterr().err == "Waiting.\n"


def test_an_environment_that_goes() -> None:
    """It is said why its files go."""
    report = EnvironmentReport("old", removed=("a", "b"), gone=True)
    text = "old: 0 added, 0 changed, 2 removed, 0 unchanged (0.00 s; it has no spec any more)"
    assert format_environment(report, check=False) == text
    assert format_environment(report, check=True).startswith("old: would be 0 added")


def test_a_finding_says_where_and_what_to_do() -> None:
    """Place, severity, rule, subject, message; the hint on a line of its own."""
    finding = Finding(
        "HFT-X01", "warning", "one", "datastores.db", "nobody calls it", "call it", "specs/one.yaml", 3, 5
    )
    assert format_finding(finding) == (
        "specs/one.yaml:3:5: warning HFT-X01: datastores.db: nobody calls it\n    hint: call it"
    )
