from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import NotFoundError
from qunying.plan.goals.models import Goal
from qunying.plan.goals.queries import (
    due_for_revision,
    get_goal_for,
    goals_of,
    in_tree,
    next_revision,
    possible_parents,
)
from qunying.plan.goals.services import revise_goal
from tests.support.goals import TESTS, ago, make_goal, today

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community


def test_the_tree_puts_each_goal_below_its_parent(community: Community) -> None:
    year = make_goal(community, title="年", start=ago(community, 30), due=ago(community, -330))
    month = make_goal(community, title="月", parent=year, start=ago(community, 10), due=ago(community, -15))
    week = make_goal(community, title="周", parent=month, start=ago(community, 3), due=ago(community, -3))
    other = make_goal(community, title="别的", start=ago(community, 1), due=ago(community, -1))
    found = [(branch.goal, branch.depth) for branch in in_tree(goals_of(community))]
    assert found == [(year, 0), (month, 1), (week, 2), (other, 0)]
    assert [branch.depth for branch in in_tree([week, month])] == [0, 1]


@pytest.mark.parametrize(("term", "days"), [("long", 91), ("middle", 30), ("short", 7)])
def test_goals_are_looked_at_again_in_the_rhythm_of_their_term(community: Community, term: str, days: int) -> None:
    goal = make_goal(community, term=term, start=ago(community, days), due=ago(community, -100))
    assert next_revision(goal) == today(community)
    assert due_for_revision([goal], today(community)) == [goal]
    assert due_for_revision([goal], ago(community, 1)) == []
    revise_goal(goal, by=TESTS, reason="照旧")
    assert due_for_revision(list(goals_of(community)), today(community)) == []


@pytest.mark.parametrize(
    ("days", "horizon"), [(7, "week"), (10, "week"), (28, "month"), (31, "month"), (92, "quarter"), (365, "year")]
)
def test_the_span_says_what_a_goal_is(community: Community, days: int, horizon: str) -> None:
    goal = Goal(start=ago(community, days - 1), due=today(community))
    assert goal.horizon == horizon


def test_only_longer_goals_may_hold_others(community: Community) -> None:
    week = make_goal(community, start=ago(community, 3), due=ago(community, -3))
    month, year = make_goal(community), make_goal(community, start=ago(community, 30), due=ago(community, -330))
    assert possible_parents(community) == [year, month]
    assert possible_parents(community, besides=year) == [month]
    assert week not in possible_parents(community)


def test_a_goal_elsewhere_does_not_exist(community: Community, reviewer: Staff, outsider: Staff) -> None:
    goal = make_goal(community)
    assert get_goal_for(reviewer, community.slug, goal.pk) == goal
    with pytest.raises(NotFoundError):
        get_goal_for(outsider, community.slug, goal.pk)
