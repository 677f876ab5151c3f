"""Goals whose look is due stand in the lists of those who plan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.plan.goals.queries import goals_of
from qunying.plan.goals.services import revise_goal
from qunying.plan.goals.todos import goal_todos
from tests.support.cast import TESTS
from tests.support.goals import ago, make_goal, today

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
QUERIES = 2


def test_a_goal_is_called_for_on_its_day_and_not_after_it_was_looked_at(
    community: Community, lead: Staff, outsider: Staff
) -> None:
    goal = make_goal(community, title="Speak", term="short", start=ago(community, 10), due=ago(community, -20))
    due = goal.start + timedelta(days=7)
    now = today(community)
    assert [(one.title, one.due, one.page, one.args) for one in goal_todos(lead, now)] == [
        ("Look at a goal again: Speak", due, "goal", {"slug": "flowers", "pk": goal.pk})
    ]
    assert list(goal_todos(lead, due - timedelta(days=1))) == []
    assert list(goal_todos(outsider, now)) == []
    revise_goal(goals_of(community).get(), reason="Seen", by=TESTS)
    assert list(goal_todos(lead, now)) == []


def test_several_goals_of_one_owner_are_one_line_in_two_queries(
    community: Community, lead: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, days in enumerate((10, 12, 14)):
        make_goal(community, title=f"Goal {number}", term="short", start=ago(community, days), due=ago(community, -20))
    now = today(community)
    with django_assert_num_queries(QUERIES):
        lines = list(goal_todos(lead, now))
    assert len(lines) == 1
    line = lines[0]
    assert (line.title, line.due, line.page) == ("Look at 3 goals again", ago(community, 7), "goals")
