"""Trading sessions and their cache."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hftgen import calendars
from hftgen.calendars import Calendars
from hftgen.errors import MachineError
from hftgen.tables import read_tables

WEEK = (date(2026, 11, 23), date(2026, 11, 30))
HALF = (date(2026, 7, 1), date(2026, 11, 30))


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stands in for the program; lists what it was asked for."""
    asked: list[list[str]] = []

    def compute(names: list[str], _start: date, _end: date) -> dict[str, dict[str, Any]]:
        asked.append(list(names))
        return {name: {"zone": "Asia/Tokyo", "sessions": [[0, 60, 90, 300], [1440, 1740]]} for name in names}

    monkeypatch.setattr(calendars, "compute", compute)
    return asked


def test_real_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New York before and after Thanksgiving 2026, with Friday's early close; Chicago opens the evening before.

    Mexico has no summer time since 2022, whatever an old tzdata on the machine, or its local zone, says.
    """
    for name, value in (("PYTHONTZPATH", str(tmp_path / "old")), ("TZ", "Asia/Kathmandu")):
        monkeypatch.setenv(name, value)
    found = Calendars(tmp_path).schedules(["XNYS", "CMES", "XMEX"], *HALF)
    assert found["XMEX"].sessions[0].open == datetime(2026, 7, 1, 14, 30, tzinfo=UTC)
    assert found["XNYS"].zone == "America/New_York"
    start = datetime(*WEEK[0].timetuple()[:3], tzinfo=UTC) - timedelta(hours=1)
    week = {name: [session for session in found[name].sessions if session.open >= start] for name in found}
    days = [(session.open, session.close) for session in week["XNYS"]]
    assert days[0] == (datetime(2026, 11, 23, 14, 30, tzinfo=UTC), datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    assert [close.hour for _, close in days] == [21, 21, 21, 18, 21]
    assert week["CMES"][0].open == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert len(list(tmp_path.iterdir())) == 3
    assert "pandas" not in sys.modules, "computing is done in a process of its own"


def test_what_is_kept_is_not_computed_again(tmp_path: Path, computed: list[list[str]]) -> None:
    """In the object, and by the next one out of its folder; only what is missing is asked for."""
    first = Calendars(tmp_path).schedules(["XTKS"], *WEEK)
    again = Calendars(tmp_path)
    assert again.schedules(["XTKS", "XNYS"], *WEEK)["XTKS"] == first["XTKS"]
    again.schedules(["XNYS"], *WEEK)
    assert computed == [["XTKS"], ["XNYS"]]
    session = first["XTKS"].sessions[0]
    assert session.pause == (datetime(1970, 1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 1, 30, tzinfo=UTC))
    assert first["XTKS"].sessions[1].pause is None


def test_other_days_and_versions_are_others(
    tmp_path: Path, computed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key holds them."""
    Calendars(tmp_path).schedules(["XNYS"], *WEEK)
    Calendars(tmp_path).schedules(["XNYS"], WEEK[0], date(2026, 12, 31))
    monkeypatch.setattr(calendars, "read_versions", lambda: "exchange_calendars 99")
    Calendars(tmp_path).schedules(["XNYS"], *WEEK)
    assert len(computed) == 3


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\n{}", b"0" * 64 + b'\n{"zone":"UTC","sessions":[]}'])
def test_a_damaged_file_is_computed_again(tmp_path: Path, computed: list[list[str]], damage: bytes) -> None:
    """Truncated, no text, or not what its digest says; and it is mended."""
    want = Calendars(tmp_path).schedules(["XNYS"], *WEEK)
    (file,) = tmp_path.iterdir()
    good = file.read_bytes()
    file.write_bytes(damage)
    assert Calendars(tmp_path).schedules(["XNYS"], *WEEK) == want
    assert len(computed) == 2
    assert file.read_bytes() == good


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path, computed: list[list[str]]) -> None:
    """A cache is no promise: a file in its place, or no folder at all."""
    (tmp_path / "cache").write_text("in the way", "utf-8")
    want = Calendars(None).schedules(["XNYS"], *WEEK)
    assert Calendars(tmp_path / "cache").schedules(["XNYS"], *WEEK) == want
    assert len(computed) == 2


def test_a_failing_program_is_a_refusal_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last line is told; names and days were right, so nobody's spec is wrong."""
    monkeypatch.setattr(calendars, "PROGRAM", tmp_path / "program.py")
    (tmp_path / "program.py").write_text("import sys; sys.exit('first line\\nno pandas')", "utf-8")
    with pytest.raises(MachineError, match="XNYS: cannot compute trading sessions: no pandas"):
        calendars.compute(["XNYS"], *WEEK)


def test_the_table_is_that_of_the_package() -> None:
    """Names, aliases and bounds: compared in a process of its own, for the import takes a second."""
    code = (
        "import json; from exchange_calendars.calendar_utils import _default_calendar_factories as f, "
        "_default_calendar_aliases as a\n"
        "day = lambda t: str(t.date()) if t is not None else None\n"
        "b = {n: [day(k.bound_min()), day(k.bound_max())] for n, k in f.items()}\n"
        "print(json.dumps(b | {n: b[k] for n, k in a.items()}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = read_tables().calendars
    assert {name: [day and str(day) for day in bounds] for name, bounds in ours.items()} == json.loads(done.stdout)


def test_mistaken_names_lead_somewhere() -> None:
    """To a calendar, and none of them is one."""
    tables = read_tables()
    assert set(tables.mistaken.values()) <= set(tables.calendars)
    assert not set(tables.mistaken) & set(tables.calendars)
