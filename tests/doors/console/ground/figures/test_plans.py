"""The overview tells how the goals stand, where in its life the community is, and what waits for somebody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.act.suggestions.models import Suggestion
from qunying.check.alerts.models import Alert
from qunying.check.stages.models import StageMark
from qunying.check.tracking.models import Standing, Status
from tests.support.goals import ago, make_goal, speak

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.goals.models import Goal

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
PAGE, GOALS, NEXT = (
    f"/communities/flowers/{part}" for part in ("", "figures/overview-goals/panel/", "figures/overview-next/panel/")
)


def see(goal: Goal, status: str, value: float) -> None:
    Standing.objects.create(
        goal=goal, day=ago(goal.community, 1), due=goal.due, value=value, status=status, seen_at=timezone.now()
    )


@pytest.fixture
def talk(community: Community) -> Community:
    speak(community, first=12, last=1)
    return community


def test_goals_stand_with_those_to_look_at_first(talk: Community, lead: Staff, client_for: SignIn) -> None:
    well, badly, called = (make_goal(talk, title=title) for title in ("顺利", "落后", "告警"))
    make_goal(talk, title="过去", start=ago(talk, 20), due=ago(talk, 12))
    see(well, Status.ON_COURSE, 42)
    see(badly, Status.OFF_COURSE, 12)
    see(called, Status.OFF_COURSE, 10)
    Alert.objects.create(goal=called, level=2, peak=2, value=20, opened=ago(talk, 1), since=ago(talk, 1))
    panel = client_for(lead, "en").get(GOALS)
    strip = panel.context["panel"].extra
    assert [(row.goal.title, row.actual, row.target, line) for row, line in strip.goals] == [
        ("告警", "10", "60", [10.0]), ("落后", "12", "60", [12.0]), ("顺利", "42", "60", [42.0]),
    ]  # fmt: skip
    text = panel.content.decode()
    assert (f'href="{PAGE}goals/{called.pk}/"' in text, "Attention" in text, "过去" in text) == (True, True, False)


def test_the_stage_of_life_stands_there(talk: Community, lead: Staff, client_for: SignIn) -> None:
    StageMark.objects.create(community=talk, stage="growth", since=date(2026, 1, 5), by="tests", staff=lead)
    text = client_for(lead, "en").get(GOALS).content.decode()
    assert ("Growth, since 5 Jan 2026" in text, "#life-title" in text) == (True, True)


def test_without_goals_it_leads_to_the_first(talk: Community, lead: Staff, reviewer: Staff, client_for: SignIn) -> None:
    text = client_for(lead, "en").get(GOALS).content.decode()
    assert (f'href="{PAGE}goals/new/"' in text, 'href="/playbooks/"' in text) == (True, True)
    make_goal(talk, start=ago(talk, 20), due=ago(talk, 12))
    assert "No goal runs today" in client_for(lead, "en").get(GOALS).content.decode()
    assert "goals/new/" not in client_for(reviewer, "en").get(GOALS).content.decode()


def test_it_stands_on_the_overview_of_a_community_alone(talk: Community, lead: Staff, client_for: SignIn) -> None:
    client = client_for(lead)
    shown = ["overview-goals" in client.get(address).content.decode() for address in (PAGE, "/overview/")]
    assert (shown, client.get("/figures/overview-goals/panel/").content) == ([True, False], HIDDEN)


HIDDEN = b'<div class="panel-slot" hidden></div>\n'


def test_the_strip_costs_the_same_with_one_goal_and_three(
    talk: Community, lead: Staff, client_for: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(lead)
    see(make_goal(talk), Status.ON_COURSE, 42)
    client.get(GOALS)
    with django_assert_num_queries(13):
        client.get(GOALS)
    for _number in range(2):
        see(make_goal(talk), Status.ON_COURSE, 42)
    with django_assert_num_queries(13):
        client.get(GOALS)


def test_what_waits_for_somebody_comes_before_what_the_figures_say(
    talk: Community, lead: Staff, client_for: SignIn
) -> None:
    client = client_for(lead, "en")
    assert client.get(NEXT).context["panel"].extra == []
    for number, state in enumerate((Suggestion.State.OPEN, Suggestion.State.OPEN, Suggestion.State.DISMISSED)):
        Suggestion.objects.create(
            community=talk, key=f"silence:{number}", detector="silence", params={}, effect=-1.0, q=0.01, state=state,
            seen_first=ago(talk, 1), seen_last=ago(talk, 1),
        )  # fmt: skip
    Alert.objects.create(goal=make_goal(talk), level=2, peak=2, value=20, opened=ago(talk, 1), since=ago(talk, 1))
    steps = client.get(NEXT).context["panel"].extra
    assert [(step["words"], step["address"]) for step in steps] == [
        ("1 goal is behind and nobody has taken note of it.", f"{PAGE}goals/?status=alert"),
        ("2 suggestions wait for a decision.", f"{PAGE}suggestions/"),
    ]
    everywhere = client.get("/figures/overview-next/panel/").context["panel"].extra
    assert [step["address"] for step in everywhere[:2]] == ["/", "/suggestions/"]


def test_what_others_may_not_see_is_not_counted(
    talk: Community, other_community: Community, outsider: Staff, client_for: SignIn
) -> None:
    Alert.objects.create(goal=make_goal(talk), level=2, peak=2, value=20, opened=ago(talk, 1), since=ago(talk, 1))
    speak(other_community, first=12, last=1)
    assert client_for(outsider).get("/figures/overview-next/panel/").context["panel"].extra == []
    assert client_for(outsider).get(GOALS).status_code == 404
