"""The flower shop runs by a playbook: goals from its own history, and what was seen of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from qunying.act.suggestions.models import Night, Suggestion
from qunying.check.alerts.models import Alert
from qunying.check.stages.queries import proposal_of, stage_of
from qunying.check.tracking.models import Standing, Status
from qunying.check.tracking.queries import latest_standings
from qunying.doors.demo.example import make_example
from qunying.doors.demo.plan import Plan
from qunying.doors.demo.shop_plan import NEARER, plan_shop
from qunying.ground.audit.models import Act
from qunying.plan.goals.models import Goal, Revision
from qunying.plan.goals.queries import due_for_revision, goals_of
from qunying.plan.playbooks.models import Application
from qunying.plan.schedule.queries import still_open, work_in
from tests.doors.demo.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from qunying.ground.groups.models import Community

PLAN = Plan(TODAY, days=180, members=120)


@pytest.fixture(scope="module")
def shop(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Community]:
    """The shop with its plan, made once for this module and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        community = make_example(PLAN, tmp_path_factory.mktemp("shop"), tell=lambda _name, _job: None)
        plan_shop(community, PLAN)
        yield community
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def test_its_playbook_stands_without_the_line_that_says_what_is_so_already(shop: Community) -> None:
    application = Application.objects.get(community=shop)
    assert (application.playbook, application.state, application.left_out) == (
        "flower-shop",
        "applied",
        ["goals/active-half-year"],
    )
    assert not still_open(work_in(shop)).filter(due__lt=PLAN.today).exists()


def test_baselines_come_from_its_history_and_from_what_people_answered(shop: Community) -> None:
    counted = {goal.key: goal.baseline is not None for goal in goals_of(shop)}
    assert counted == {
        "awareness-three-years": True,
        "satisfaction-three-years": True,
        "satisfaction-half-year": True,
        "members-half-year": True,
        "sales-first-year": False,
        "sales-half-year": False,
        **dict.fromkeys((nearer.key for nearer in NEARER), True),
    }
    short = goals_of(shop).filter(no_baseline=Goal.NoBaseline.SHORT).values_list("key", flat=True)
    assert set(short) == {"sales-first-year", "sales-half-year"}


def test_the_tree_reaches_from_the_half_year_to_the_week(shop: Community) -> None:
    week = goals_of(shop).get(key="speakers-week")
    month = week.parent
    assert month is not None
    assert (month.key, month.parent and month.parent.key) == ("joins-month", "members-half-year")


def test_each_goal_was_seen_until_yesterday_and_alerts_were_judged(shop: Community) -> None:
    goals = list(goals_of(shop))
    seen = latest_standings([goal.pk for goal in goals])
    assert {seen[goal.pk].day for goal in goals} == {PLAN.last}
    assert Standing.objects.filter(goal__key="members-half-year").count() == 29
    behind = [goal.key for goal in goals if seen[goal.pk].status == Status.OFF_COURSE]
    assert set(Alert.objects.filter(closed=None).values_list("goal__key", flat=True)) <= set(behind)


def test_what_is_off_course_is_suggested_from_the_first_morning_on(shop: Community) -> None:
    assert Night.objects.filter(community=shop, day=PLAN.today).exists()
    assert Suggestion.objects.filter(community=shop, detector="goal", state=Suggestion.State.OPEN).exists()


def test_goals_were_looked_at_in_their_rhythm_and_one_was_revised_with_the_reason(shop: Community) -> None:
    looks = Revision.objects.filter(goal__community=shop)
    assert (looks.filter(off_rhythm=True).count(), looks.filter(reason="").count()) == (0, 0)
    changed = next(one for one in looks if not one.kept)
    assert (changed.goal.key, str(changed.old_ratio)[:4], str(changed.new_ratio)[:4]) == (
        "speaking-quarter",
        "1.12",
        "1.10",
    )
    assert due_for_revision(goals_of(shop), PLAN.today - timedelta(days=1)) == []


def test_its_stage_is_said_and_the_morning_after_the_bad_week_was_decided_on(shop: Community) -> None:
    proposal = proposal_of(shop)
    assert proposal is not None
    assert stage_of(shop) == proposal.stage
    decided = Suggestion.objects.filter(community=shop).exclude(state=Suggestion.State.OPEN)
    assert {row.state for row in decided} <= {Suggestion.State.ACCEPTED, Suggestion.State.DISMISSED}
    assert all(row.decided_at and row.decided_at.date() < PLAN.last for row in decided)


def test_planned_again_it_changes_nothing(shop: Community) -> None:
    before = Act.objects.count()
    plan_shop(shop, PLAN)
    assert Act.objects.count() == before
