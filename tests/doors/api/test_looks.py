"""Looks that programs ask for: at goals, for suggestions, at the stage of a community."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.act.suggestions.models import Suggestion
from qunying.check.stages.models import StageMark
from qunying.check.tracking.models import Standing
from tests.support.goals import make_goal

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_every_goal_is_looked_at(program: Program, community: Community) -> None:
    goal = make_goal(community)
    assert program.post("communities/flowers/standings", None).json() == {"goals": 1}
    assert Standing.objects.get().goal_id == goal.pk
    assert program.get(f"communities/flowers/goals/{goal.pk}")["standing"]["status"] == Standing.objects.get().status


def test_the_stage_is_said_once(program: Program, community: Community) -> None:
    assert program.post("communities/flowers/stage", {"stage": "growth", "note": "新店"}).json()["stage"] == "growth"
    assert program.post("communities/flowers/stage", {"stage": "growth"}).status_code == 400
    assert program.post("communities/flowers/stage", {"stage": "spring"}).json()["errors"][0]["field"] == "body.stage"
    assert StageMark.objects.get().by.startswith("key:")


def test_a_look_for_suggestions_says_what_it_found(program: Program, community: Community) -> None:
    assert program.post("communities/flowers/suggestions", None).json()["found"] == Suggestion.objects.count() == 0


def test_who_may_not_do_this_here_finds_nothing(
    community: Community, stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    reader = make_program(director, units.shop, ["figures.see", "plan.see"])
    acts: list[tuple[str, Any]] = [("standings", None), ("stage", {"stage": "growth"}), ("suggestions", None)]
    for path, body in acts:
        answers = [one.post(f"communities/flowers/{path}", body).status_code for one in (reader, stranger)]
        assert answers == [404, 404]
