"""Today shows reviews to those who may give them, and drafts to those who write them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.plan.content.queries import newest_version
from qunying.plan.content.services import Planned, propose_entry
from qunying.plan.content.services_reviews import PROOFREADS, pass_review, send_back
from qunying.plan.content.todos import content_todos
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 6)


def told(staff: Staff) -> list[str]:
    return [item.title for item in content_todos(staff, TODAY)]


def test_a_review_waits_for_those_who_may_give_it(
    handed_in: Entry, director: Staff, specialist: Staff, reviewer: Staff, second: Staff, outsider: Staff
) -> None:
    first = "Give “春天的第一束花” its first review"
    assert [told(person) for person in (director, specialist, reviewer, second, outsider)] == [
        [first], [], [first], [], [],
    ]  # fmt: skip
    version = newest_version(handed_in)
    assert version is not None
    pass_review(handed_in, by=director, digest=version.digest, proofreads=tuple(PROOFREADS))
    assert [told(person) for person in (director, reviewer, second)] == [
        [], [], ["Give “春天的第一束花” its second review"],
    ]  # fmt: skip
    send_back(handed_in, note="改", by=second)
    assert told(specialist) == ["Put “春天的第一束花” right: it was sent back"]


def test_topics_are_called_for_in_the_week_they_are_due(community: Community, specialist: Staff, lead: Staff) -> None:
    for title, owner, due in (
        ("别人的", lead, date(2026, 3, 7)),
        ("我的", specialist, date(2026, 3, 13)),
        ("谁的都不是", None, date(2026, 3, 8)),
        ("还早", specialist, date(2026, 3, 14)),
        ("没日子", specialist, None),
    ):
        propose_entry(title, community=community, planned=Planned(owner=owner, due=due), by=TESTS)
    assert told(specialist) == ["Write “谁的都不是”", "Write “我的”"]


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_many_questions_for_three_as_for_one(
    community: Community, specialist: Staff, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        propose_entry(f"题目{number}", community=community, planned=Planned(due=TODAY), by=TESTS)
    with django_assert_num_queries(6):
        assert len(told(specialist)) == count
