"""Simulated years for the detectors to look at, made once for all tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.doors.demo.history import simulate
from qunying.doors.demo.plan import Plan
from tests.act.suggestions.plain import Plain

if TYPE_CHECKING:
    from qunying.act.suggestions.history import History

TODAY = date(2026, 9, 20)
PLANTED = Plan(TODAY)
QUIET = Plan(TODAY, quiet=True)


@pytest.fixture(scope="session")
def planted_year() -> History:
    """The full example: a year, a thousand members, four episodes."""
    return Plain(simulate(PLANTED)).history()


@pytest.fixture(scope="session")
def quiet_year() -> History:
    """The same without any episode."""
    return Plain(simulate(QUIET)).history()
