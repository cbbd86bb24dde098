"""Calendars that are computed once: each computation is a process that imports pandas."""

from datetime import date

import pytest

from hftgen.calendars import Calendars

HORIZON = (date(2026, 1, 1), date(2028, 12, 31))
NAMES = (
    "24/5", "BVMF", "CMES", "IEPA", "XASX", "XETR", "XEUR", "XHKG", "XLON", "XNYS", "XSAU", "XTAE", "XTKS",
    "us_futures",
)  # fmt: skip
# Their exchanges have published no holidays beyond 2026. In these years Mumbai had sessions on Saturdays and a Sunday,
# Tokyo has closed later since November 2024, and Tel Aviv has traded on Fridays instead of Sundays since January 2026.
PAST = (date(2024, 1, 1), date(2026, 12, 31))
PAST_NAMES = ("XBOM", "XSHG", "XTAE", "XTKS")


@pytest.fixture(scope="session")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> Calendars:
    """Years of calendars of every shape; processes that test at the same time share them."""
    folder = tmp_path_factory.getbasetemp().parent / "calendars"
    calendars = Calendars(folder)
    calendars.schedules(NAMES, *HORIZON)
    calendars.schedules(PAST_NAMES, *PAST)
    return calendars
