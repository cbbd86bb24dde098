"""Trading sessions of exchange calendars, each computed once and kept on disk.

Bounds are always given: what exchange_calendars computes without them depends on today. A session file of the cache
is named by calendar, days and versions, and holds a digest of itself: one that is damaged is computed again.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hftgen.errors import MachineError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PROGRAM = Path(__file__).with_name("calendar_program.py")
PACKAGES = ("exchange_calendars", "tzdata")
PATIENCE = 300


class Session(NamedTuple):
    """One trading session, in UTC; `pause` is its lunch break, begin and end."""

    open: datetime
    close: datetime
    pause: tuple[datetime, datetime] | None = None


class Schedule(NamedTuple):
    """The sessions of one calendar in order, and the time zone it is kept in."""

    zone: str
    sessions: tuple[Session, ...]


class Calendars:
    """Schedules by name. With a folder they are kept there; it need not exist, and may be deleted at any time."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._known: dict[tuple[str, date, date], Schedule] = {}
        self._versions = ""

    def schedules(self, names: Iterable[str], start: date, end: date) -> dict[str, Schedule]:
        """The schedule of each calendar between two days, both included; MachineError if it cannot be computed.

        Names and days must have passed the rules (spec.rules.freeze).
        """
        wanted = sorted(set(names))
        missing = [name for name in wanted if (name, start, end) not in self._known]
        for name, kept in [(name, self._read(name, start, end)) for name in missing]:
            if kept:
                self._known[name, start, end] = parse_schedule(kept)
        missing = [name for name in missing if (name, start, end) not in self._known]
        for name, answer in compute(missing, start, end).items() if missing else ():
            self._known[name, start, end] = parse_schedule(answer)
            self._write(name, start, end, answer)
        return {name: self._known[name, start, end] for name in wanted}

    def _path(self, name: str, start: date, end: date) -> Path | None:
        if self.folder is None:
            return None
        self._versions = self._versions or read_versions()
        text = f"{name} {start} {end} {self._versions}"
        return self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"

    def _read(self, name: str, start: date, end: date) -> dict[str, Any] | None:
        path = self._path(name, start, end)
        try:
            digest, body = path.read_text(encoding="ascii").split("\n", 1) if path else ("", "")
        except (OSError, ValueError):
            return None
        known = path is not None and digest == hashlib.sha256(body.encode()).hexdigest()
        return json.loads(body) if known else None

    def _write(self, name: str, start: date, end: date, answer: dict[str, Any]) -> None:
        """Leave it out where the folder cannot be written: a cache is no promise."""
        path = self._path(name, start, end)
        if path is None:
            return
        body = json.dumps(answer, separators=(",", ":"))
        with contextlib.suppress(OSError):
            write_whole(path, f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}".encode())


def load_zone(name: str) -> ZoneInfo:
    """A time zone from the tzdata package alone: the machine's own data may be older, and would change the output."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def parse_schedule(answer: dict[str, Any]) -> Schedule:
    """The schedule from the program's answer, whose moments are minutes since 1970."""
    return Schedule(answer["zone"], tuple(_parse_session(moments) for moments in answer["sessions"]))


def _parse_session(moments: list[int]) -> Session:
    first, *pause, last = (EPOCH + timedelta(minutes=moment) for moment in moments)
    return Session(first, last, (pause[0], pause[1]) if pause else None)


def compute(names: Iterable[str], start: date, end: date) -> dict[str, dict[str, Any]]:
    """Ask calendar_program: a process of its own, without the working folder on its path."""
    request = {"names": sorted(names), "start": start.isoformat(), "end": end.isoformat()}
    data = json.dumps(request).encode()
    command = [sys.executable, "-P", "-W", "ignore", str(PROGRAM)]
    action, file = "compute trading sessions", ", ".join(request["names"])
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(action, file, str(error)) from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise MachineError(action, file, lines[-1], "is exchange_calendars installed as hftgen requires it?")
    answer: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return answer


def read_versions() -> str:
    """The versions that decide the sessions."""
    from importlib.metadata import version

    return " ".join(f"{package} {version(package)}" for package in PACKAGES)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
