"""Calendars that are computed once: each computation is a process that imports pandas."""

from datetime import date

import pytest

from hftgen.calendars import Calendars

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
NAMES = ("XNYS", "CMES", "XTKS", "XLON", "IEPA", "24/7")


@pytest.fixture(scope="session")
def calendars() -> Calendars:
    """A year of a few calendars of every shape, in memory."""
    calendars = Calendars()
    calendars.schedules(NAMES, *YEAR)
    return calendars
