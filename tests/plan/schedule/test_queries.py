"""Whose work one sees."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import NotFoundError
from qunying.plan.schedule.queries import get_work_for, people_for, still_open, work_for, work_from
from qunying.plan.schedule.services import Origin, add_work, finish_work
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 6)


def test_work_is_seen_in_the_unit_and_above_but_not_beside(
    community: Community, reviewer: Staff, director: Staff, outsider: Staff, units: Units
) -> None:
    ours = add_work("换海报", place=community, due=DUE, by=TESTS)
    add_work("盘点", place=units.south, due=DUE, by=TESTS)
    assert list(work_for(reviewer)) == [ours]
    assert len(work_for(director)) == 2
    assert [work.title for work in work_for(outsider)] == ["盘点"]
    with pytest.raises(NotFoundError):
        get_work_for(outsider, ours.pk)


def test_the_earliest_due_comes_first_and_what_is_done_is_gone(community: Community, lead: Staff) -> None:
    late = add_work("乙", place=community, due=date(2026, 3, 9), by=TESTS)
    soon = add_work("甲", place=community, due=DUE, by=TESTS)
    urgent = add_work("丙", place=community, due=DUE, priority=1, by=TESTS)
    finish_work(late, by=lead)
    assert list(still_open(work_for(lead))) == [urgent, soon]


def test_work_is_found_by_what_it_came_from(community: Community) -> None:
    work = add_work("甲", place=community, due=DUE, by=TESTS, origin=Origin("suggestions", 3))
    add_work("乙", place=community, due=DUE, by=TESTS, origin=Origin("suggestions", 4))
    assert work_from("suggestions", [3, 5]) == {"3": [work]}


def test_people_of_a_unit_are_those_with_a_role_there_or_above(
    lead: Staff, director: Staff, outsider: Staff, units: Units
) -> None:
    assert set(people_for(units.shop)) == {lead, director}
