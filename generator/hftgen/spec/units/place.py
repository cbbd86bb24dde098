"""Paths, dates, time zones, cron schedules and sets of CPUs."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from hftgen.spec.units.unit import Unit, check_printable


class Path(Unit):
    """An absolute path in a container, without `.`, `..` and doubled slashes."""

    __slots__ = ()
    words = "an absolute path without '.', '..' or '//'"
    pattern = r"^/([^/:\x00-\x1f]+(/[^/:\x00-\x1f]+)*)?$"
    examples = ("/var/lib/journal",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        check_printable(text, cls.words)
        parts = text.split("/")
        if not text.startswith("/") or (text != "/" and (not all(parts[1:]) or {".", ".."} & set(parts))):
            raise cls.refusal(hint=_normalise(text))
        if ":" in text or "\n" in text or "\t" in text:
            raise cls.refusal("contains ':' or a line break, which a mount cannot")
        return text


def _normalise(text: str) -> str:
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return f"/{'/'.join(parts)} would do" if parts and ".." not in parts else ""


class UrlPath(Unit):
    """The path of a web address: what an HTTP probe asks for."""

    __slots__ = ()
    words = "a path that begins with '/'"
    pattern = r"^/[!-~]*$"
    examples = ("/ready",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        if not re.fullmatch(r"/[!-~]*", text):
            raise cls.refusal(hint=f"/{text} would do" if re.fullmatch(r"[\w./-]+", text) else "")
        return text


class RelativePath(Unit):
    """A file beside the spec, inside the repository (the loader sees to that)."""

    __slots__ = ()
    words = "a relative path of a file"
    pattern = r"^[^/\\\x00-\x1f][^\\\x00-\x1f]*$"
    examples = ("assets/logo.svg",)
    also: ClassVar[Mapping[str, Any]] = {"type": ["number", "boolean"]}

    @classmethod
    def _canonical(cls, text: str) -> str:
        check_printable(text, cls.words)
        if not re.fullmatch(cls.pattern[1:-1], text):
            raise cls.refusal()
        return text


class Date(Unit):
    """A day: `2027-01-31`."""

    __slots__ = ()
    words = "a date, year-month-day"
    pattern = r"^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    examples = ("2027-01-31",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        if not re.fullmatch(cls.pattern[1:-1], text):
            raise cls.refusal()
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            raise cls.refusal("is no day of the calendar") from None
        return text

    @property
    def date(self) -> dt.date:
        """The day, to compute with."""
        return dt.date.fromisoformat(self)


class TimeZone(Unit):
    """A time zone by its IANA name; the list is that of the tzdata package, not the machine's."""

    __slots__ = ()
    words = "a time zone's IANA name"
    pattern = r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
    examples = ("America/New_York",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        zones = _list_zones()
        if text not in zones:
            near = [zone for zone in zones if zone.lower() == text.lower()]
            raise cls.refusal("is no time zone", f"{near[0]} would do" if near else "")
        return text


def _list_zones() -> list[str]:
    from importlib import resources

    return (resources.files("tzdata") / "zones").read_text("utf-8").split()


class CpuSet(Unit):
    """CPUs by number, as Linux writes them: `0-1,48-49`. Canonical: ascending, joined."""

    __slots__ = ()
    words = "a list of CPU numbers and ranges"
    pattern = r"^[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*$"
    examples = ("0-1,48-49",)
    also: ClassVar[Mapping[str, Any]] = {"type": ["integer"], "minimum": 0, "maximum": 9999}

    @classmethod
    def _canonical(cls, text: str) -> str:
        if not re.fullmatch(cls.pattern[1:-1], text):
            raise cls.refusal()
        return write_cpus(_expand(text))

    @property
    def cpus(self) -> frozenset[int]:
        """The numbers."""
        return _expand(self)


def _expand(text: str) -> frozenset[int]:
    cpus: set[int] = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        first, last = int(low), int(high or low)
        if last < first:
            raise CpuSet.refusal(f"holds the range {part}, which runs backwards", f"{high}-{low} would do")
        if cpus & set(range(first, last + 1)):
            raise CpuSet.refusal(f"names a CPU of {part} twice")
        cpus.update(range(first, last + 1))
    return frozenset(cpus)


def write_cpus(cpus: Iterable[int]) -> str:
    """CPU numbers as Linux writes them; empty for none."""
    return write_runs((cpu, cpu) for cpu in cpus)


def write_runs(runs: Iterable[tuple[int, int]]) -> str:
    """The same of ranges, first and last CPU, that do not overlap."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(runs):
        if joined and low == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in joined)
