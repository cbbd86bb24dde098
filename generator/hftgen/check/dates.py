"""What time overtakes. `as_of` is today's date, given by the caller; these findings never block a render."""

from collections.abc import Iterator
from datetime import date

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.spec.load import Loaded
from hftgen.spec.release import AbTest

NEAR = 90
ALWAYS = "24/7"


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
    """HFT-X07: after the horizon no holiday is known: the windows stay as they are, and slowly become wrong."""
    freeze = loaded.environment.gitops.freeze
    if freeze is None or freeze.horizon is None:
        return
    left = (freeze.horizon.end.date - as_of).days
    if left < NEAR:
        when = f"ends in {left} days" if left >= 0 else f"ended {-left} days ago"
        yield make_finding(
            loaded,
            "HFT-X07",
            ("gitops", "freeze", "horizon", "end"),
            f"the calendar data of the freeze {when}",
            "move the end on, and render: the windows are computed anew",
            dated=True,
        )


def find_endless_freezes(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X08: a venue that never closes freezes for ever, hotfixes and rollbacks too."""
    freeze = loaded.environment.gitops.freeze
    if freeze is not None and ALWAYS in freeze.calendars:
        yield _make_endless(loaded, ("gitops", "freeze", "calendars", freeze.calendars.index(ALWAYS)))
    for name, service in sorted(loaded.environment.services.items()):
        if service.freeze is not None and ALWAYS in service.freeze.calendars:
            index = service.freeze.calendars.index(ALWAYS)
            yield _make_endless(loaded, ("services", name, "freeze", "calendars", index))


def _make_endless(loaded: Loaded, path: tuple[str | int, ...]) -> Finding:
    message = f"the calendar {ALWAYS} never closes: nothing could be synced again, not even a rollback"
    return make_finding(loaded, "HFT-X08", path, message, "freeze by the hours that matter, or not at all")
