"""What a plan promises before anything is simulated."""

from __future__ import annotations

from datetime import date

import pytest

from qunying.doors.demo.plan import CHANNELS, Plan
from qunying.kit.errors import QunyingError


def test_history_ends_yesterday() -> None:
    plan = Plan(date(2026, 11, 22))
    assert (plan.first, plan.last) == (date(2025, 11, 22), date(2026, 11, 21))


def test_a_thousand_members_need_six_groups() -> None:
    assert len(Plan(date(2026, 11, 22)).groups) == 6
    assert len(Plan(date(2026, 11, 22), members=120).groups) == 3


def test_every_joiner_comes_by_a_channel() -> None:
    assert sum(CHANNELS.values()) == pytest.approx(1)


@pytest.mark.parametrize(("days", "members"), [(59, 1000), (365, 59)])
def test_it_refuses_a_history_too_small_for_its_episodes(days: int, members: int) -> None:
    with pytest.raises(QunyingError) as refused:
        Plan(date(2026, 11, 22), days=days, members=members)
    assert str(refused.value) == "The example needs at least 60 days and 60 members."
