"""Small histories, simulated once for all tests that read them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.doors.demo.history import simulate
from qunying.doors.demo.plan import Plan

if TYPE_CHECKING:
    from qunying.doors.demo.happenings import History

TODAY = date(2026, 9, 20)
SMALL = Plan(TODAY, days=120, members=120)
QUIET = Plan(TODAY, days=120, members=120, quiet=True)


@pytest.fixture(scope="session")
def history() -> History:
    """120 members over 120 days, with every episode."""
    return simulate(SMALL)


@pytest.fixture(scope="session")
def quiet_history() -> History:
    """The same without any episode."""
    return simulate(QUIET)


@pytest.fixture(scope="session")
def year() -> History:
    """The full example: a year, a thousand members."""
    return simulate(Plan(TODAY))
