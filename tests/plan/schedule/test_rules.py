"""Who may hand out work, and who may tick it off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.plan.schedule.rules import may_carry, may_finish, may_hand_out
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 6)


def test_those_who_operate_hand_out_work(
    director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff, units: Units
) -> None:
    cast = (director, lead, specialist, reviewer, outsider)
    assert [may_hand_out(person, units.shop) for person in cast] == [True, True, True, False, False]


def test_ones_own_work_may_always_be_ticked_off(community: Community, reviewer: Staff, outsider: Staff) -> None:
    mine = add_work("看一遍周报", place=community, due=DUE, owner=reviewer, by=TESTS)
    ours = add_work("换海报", place=community, due=DUE, by=TESTS)
    assert [may_finish(reviewer, work) for work in (mine, ours)] == [True, False]
    assert [may_finish(outsider, work) for work in (mine, ours)] == [False, False]


def test_work_is_carried_by_active_people_of_the_place(reviewer: Staff, outsider: Staff, units: Units) -> None:
    assert [may_carry(person, units.shop) for person in (reviewer, outsider)] == [True, False]
    reviewer.is_active = False
    assert not may_carry(reviewer, units.shop)
