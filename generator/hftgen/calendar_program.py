"""Computes trading sessions; runs as a program of its own.

exchange_calendars imports pandas: a second, and 100 MB that a render need not carry. In a process of its own the time
zones can also be taken from the tzdata package alone, so that the sessions do not depend on the machine's own.

In: on stdin, JSON `{"start": "2026-01-01", "end": "2028-12-31", "names": ["XNYS"]}`. Out: on stdout, JSON
`{"XNYS": {"zone": "America/New_York", "sessions": [[open, close], [open, break, return, close], ...]}}`, in minutes
since 1970 UTC. It imports nothing of hftgen.
"""

import json
import sys
import zoneinfo
from collections.abc import Iterator
from typing import Any


def main() -> None:
    """Answer the request on stdin."""
    zoneinfo.reset_tzpath(())
    request = json.load(sys.stdin)
    answer = {name: compute_calendar(name, request["start"], request["end"]) for name in request["names"]}
    json.dump(answer, sys.stdout, separators=(",", ":"))


def compute_calendar(name: str, start: str, end: str) -> dict[str, Any]:
    """The zone and the sessions of one calendar between two dates, both included."""
    import exchange_calendars

    try:
        calendar = exchange_calendars.get_calendar(name, start=start, end=end)
    except exchange_calendars.errors.NoSessionsError:
        return {"zone": "UTC", "sessions": []}
    return {"zone": str(calendar.tz), "sessions": list(_list_sessions(calendar.schedule))}


def _list_sessions(schedule: Any) -> Iterator[list[int]]:
    columns = ("open", "break_start", "break_end", "close")
    for row in zip(*(schedule[column] for column in columns), strict=True):
        yield [int(moment.timestamp()) // 60 for moment in row if moment == moment]  # noqa: PLR0124 - NaT is not itself


if __name__ == "__main__":
    main()
