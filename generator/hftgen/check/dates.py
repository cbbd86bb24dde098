"""What time overtakes. `as_of` is today's date, given by the caller; these findings never block a render."""

from collections.abc import Iterator
from datetime import date

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.horizon import NEAR
from hftgen.spec.load import Loaded
from hftgen.spec.release import AbTest
from hftgen.spec.rules.freeze import list_calendars


def find_expired_waivers(loaded: Loaded, as_of: date) -> Iterator[Finding]:
    """HFT-X03: an exception was granted until a day; it goes on until somebody decides anew."""
    for index, waiver in enumerate(loaded.environment.waivers):
        if waiver.expires.date < as_of:
            yield make_finding(
                loaded,
                "HFT-X03",
                ("waivers", index),
                f"the waiver of {waiver.rule} for {waiver.object} ended on {waiver.expires}",
                f"ask {waiver.owner}: mend the cause, or agree on a new end",
                dated=True,
            )


def find_overdue_tests(loaded: Loaded, as_of: date) -> Iterator[Finding]:
    """HFT-X06: an A/B test has a last day; afterwards two versions run for nothing."""
    for name, service in sorted(loaded.environment.services.items()):
        release = service.release
        if isinstance(release, AbTest) and release.until.date < as_of:
            yield make_finding(
                loaded,
                "HFT-X06",
                ("services", name, "release", "until"),
                f"the A/B test ended on {release.until}, and both versions still run",
                "take the winner's image and another strategy, or agree on a new end",
                dated=True,
            )


def find_short_horizon(loaded: Loaded, as_of: date) -> Iterator[Finding]:
    """HFT-X07: outside the horizon no session is known: the windows stay as they are, and slowly become wrong."""
    freeze = loaded.environment.gitops.freeze
    if freeze is None or freeze.horizon is None or not list_calendars(loaded):
        return
    start, end = freeze.horizon.start.date, freeze.horizon.end.date
    left = (end - as_of).days
    if left < NEAR:
        yield _move_horizon(
            loaded, "end", f"ends in {left} days" if left >= 0 else f"ended {-left} days ago", "move the end on"
        )
    if start > as_of:
        yield _move_horizon(loaded, "start", f"begins in {(start - as_of).days} days", "let it begin today or before")


def _move_horizon(loaded: Loaded, side: str, when: str, hint: str) -> Finding:
    path = ("gitops", "freeze", "horizon", side)
    message = f"the calendar data of the freeze {when}: beyond, windows go on as they are, whatever the sessions"
    hint = f"{hint}, and render: the windows are computed anew"
    return make_finding(loaded, "HFT-X07", path, message, hint, dated=True)
