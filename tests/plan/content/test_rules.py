"""Who writes, and who reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.content.models import Review
from qunying.plan.content.rules import may_own, may_review, may_write

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry

pytestmark = pytest.mark.django_db


def test_those_who_operate_write(
    community: Community, director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    cast = (director, lead, specialist, reviewer, outsider)
    assert [may_write(person, community) for person in cast] == [True, True, True, False, False]
    lead.is_active = False
    assert [may_own(person, community) for person in (specialist, lead)] == [True, False]


def test_each_review_has_its_people_and_the_author_is_none_of_them(
    handed_in: Entry, director: Staff, specialist: Staff, reviewer: Staff, second: Staff, outsider: Staff
) -> None:
    cast = (director, specialist, reviewer, second, outsider)
    assert [may_review(person, handed_in, Review.Step.FIRST) for person in cast] == [True, False, True, False, False]
    assert [may_review(person, handed_in, Review.Step.SECOND) for person in cast] == [True, False, False, True, False]
