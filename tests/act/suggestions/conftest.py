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
PLANTED = tuple(Plan(TODAY, seed=seed) for seed in (20, 21))
QUIET = tuple(Plan(TODAY, seed=seed, quiet=True) for seed in (20, 21, 22))


@pytest.fixture(scope="session")
def planted_years() -> dict[Plan, History]:
    """The full example, a year and a thousand members, by two seeds."""
    return {plan: Plain(simulate(plan)).history() for plan in PLANTED}


@pytest.fixture(scope="session")
def quiet_years() -> dict[Plan, History]:
    """The same without any episode, by three seeds."""
    return {plan: Plain(simulate(plan)).history() for plan in QUIET}
