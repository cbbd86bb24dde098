"""Cron schedules with the limits of Argo CD, Kubernetes and Velero together."""

import re

from hftgen.spec.units.unit import Unit

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
    ("day of the week", 0, 6, {name: number for number, name in enumerate(DAYS)}),
)
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ITEM = r"(\*|\?|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[0-9]+)?"
_FIELD = rf"{_ITEM}(,{_ITEM})*"
ITEM = re.compile(
    r"(?:(?P<all>[*?])|(?P<low>[0-9A-Za-z]{1,3})(?:-(?P<high>[0-9A-Za-z]{1,3}))?)(?:/(?P<step>[0-9]{1,4}))?"
)


class Cron(Unit):
    """Five fields: minute, hour, day of the month, month, day of the week (0 to 6, or SUN to SAT)."""

    __slots__ = ()
    words = "a cron schedule of five fields"
    pattern = rf"^\s*{_FIELD}(\s+{_FIELD}){{4}}\s*$"
    examples = ("0 2 * * *",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        fields = text.split()
        if len(fields) != len(FIELDS):
            raise cls.refusal(hint=_advise(text, len(fields)))
        values = [_read_field(field, *form) for field, form in zip(fields, FIELDS, strict=True)]
        if _never(fields, values):
            raise cls.refusal("never comes: no such month has that day")
        return " ".join(fields).upper()

    def values(self) -> tuple[frozenset[int], ...]:
        """For each of the five fields the numbers at which it fires."""
        return tuple(_read_field(field, *form) for field, form in zip(self.split(), FIELDS, strict=True))


def _read_field(field: str, name: str, low: int, high: int, names: dict[str, int]) -> frozenset[int]:
    found: set[int] = set()
    for item in field.split(","):
        found |= _read_item(item, name, (low, high), names)
    return frozenset(found)


def _read_item(item: str, name: str, limits: tuple[int, int], names: dict[str, int]) -> set[int]:
    match = ITEM.fullmatch(item)
    if match is None:
        raise Cron.refusal(f"has {item} where the {name} stands")
    step = int(match["step"] or 1)
    if match["all"]:
        first, last = limits
    else:
        first = _read_number(match["low"], name, limits, names)
        last = _read_number(match["high"], name, limits, names) if match["high"] else first
        last = limits[1] if match["step"] and not match["high"] else last
    if last < first or step == 0:
        raise Cron.refusal(f"has {item} where the {name} stands: it never comes")
    return set(range(first, last + 1, step))


def _read_number(text: str, name: str, limits: tuple[int, int], names: dict[str, int]) -> int:
    value = names.get(text.upper(), int(text) if text.isdigit() else -1)
    if not limits[0] <= value <= limits[1]:
        hint = "Sunday is 0" if name == "day of the week" and text == "7" else ""
        raise Cron.refusal(f"has {text} where the {name} stands: {limits[0]} to {limits[1]} are allowed", hint)
    return value


def _never(fields: list[str], values: list[frozenset[int]]) -> bool:
    """A day that no chosen month has; a restricted day of the week would come instead."""
    if fields[4][0] not in "*?":
        return False
    return all(LONGEST_MONTH[month - 1] < min(values[2]) for month in values[3])


def _advise(text: str, count: int) -> str:
    if text.startswith("@"):
        return "write the five fields: @daily is 0 0 * * *"
    if text.startswith(("TZ=", "CRON_TZ=")):
        return "the time zone is a field of its own"
    return "seconds are no field here" if count == 6 else ""
