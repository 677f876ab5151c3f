from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from qunying.check.alerts.models import Alert
from qunying.check.stages.services import recognise
from qunying.check.tracking.models import Standing, Status
from qunying.check.tracking.services import look_at
from qunying.plan.goals.models import Goal
from tests.support.goals import ago, make_goal, speak, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

SLUG = {"slug": "flowers"}


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_much_for_one_goal_as_for_three(
    community: Community,
    lead: Staff,
    client_for: Callable[..., Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    for number in range(many):
        goal = make_goal(community, title=f"目标{number}", owner=lead)
        look_at(goal, foretell=False)
    client = client_for(lead)
    with django_assert_num_queries(11):
        response = client.get(reverse("goals", kwargs=SLUG))
    assert response.content.decode().count("goal-name") == many


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_a_goal_asks_as_much_for_one_entry_as_for_three(
    community: Community,
    lead: Staff,
    client_for: Callable[..., Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    goal = make_goal(community)
    client = client_for(lead, "en")
    for number in range(many):
        client.post(
            reverse("goal_revise", args=("flowers", goal.pk)), {"target": "60", "due": goal.due, "reason": f"{number}"}
        )
    with django_assert_num_queries(16):
        response = client.get(reverse("goal", args=("flowers", goal.pk)))
    assert response.content.decode().count("Looked at and kept") == many


@pytest.mark.parametrize("many", [1, 3])
def test_alerts_cost_the_same_one_or_three_on_the_list_and_on_the_page_of_a_goal(
    community: Community,
    lead: Staff,
    client_for: Callable[..., Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    client, day = client_for(lead, "en"), ago(community, 3)
    for number in range(many):
        goal = make_goal(community, title=f"目标{number}", owner=lead)
        alert = Alert.objects.create(goal=goal, level=3, peak=3, value=0.4, opened=day, since=day)
    for number in range(many):
        if number:
            early = ago(community, 10 + number)
            alert = Alert.objects.create(goal=goal, level=1, peak=2, value=0.2, opened=early, since=early, closed=early)
        alert.steps.create(day=alert.opened, before=0, after=alert.level, value=0.2)
        alert.acknowledgements.create(level=alert.level, note=f"看到{number}", by=lead.actor_key, staff=lead)
    with django_assert_num_queries(11):
        response = client.get(reverse("goals", kwargs=SLUG))
    assert [row.alert is not None for row in response.context["rows"]] == [True] * many
    with django_assert_num_queries(19):
        response = client.get(reverse("goal", args=("flowers", goal.pk)))
    assert response.content.decode().count("看到") == many


def test_filters_narrow_the_list_and_stay_in_the_address(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=35, last=1)
    near = make_goal(community, title="顺利", target="55", owner=lead)
    far = make_goal(community, title="偏离", target="200", dimension="business")
    for goal in (near, far):
        look_at(goal, foretell=False)
    client, address = client_for(lead, "en"), reverse("goals", kwargs=SLUG)

    def listed(query: str) -> list[Goal]:
        return [row.goal for row in client.get(f"{address}?{query}").context["rows"]]

    assert listed("") == [near, far]
    assert listed("status=off_course") == [far]
    assert listed("dimension=content") == [near]
    assert listed(f"owner={lead.pk}") == [near]
    assert listed("q=偏") == [far]
    assert listed("term=short") == []
    assert "No goal fits these filters." in client.get(f"{address}?term=short").content.decode()


def test_an_empty_list_says_what_belongs_there(
    community: Community, lead: Staff, reviewer: Staff, client_for: Callable[..., Client]
) -> None:
    address = reverse("goals", kwargs=SLUG)
    assert "没有目标" in client_for(lead).get(address).content.decode()
    assert "Who may plan in this unit can set them." in client_for(reviewer, "en").get(address).content.decode()


def test_days_are_written_as_everywhere_else(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    goal = make_goal(community)
    page = client_for(lead).get(reverse("goals", kwargs=SLUG)).content.decode()
    assert (f">{goal.due.year}年{goal.due.month}月{goal.due.day}日" in page, goal.due.isoformat() in page) == (
        True,
        False,
    )


def test_a_bound_shows_the_room_that_is_left_and_no_way(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=60, last=1, people=3)
    tell(community, [("p0", "left", ago(community, 50))])
    goal = make_goal(community, title="流失", metric="churn_rate", target="12%", direction="down")
    look_at(goal, foretell=False)
    client = client_for(lead, "en")
    listed = client.get(reverse("goals", kwargs=SLUG)).content.decode()
    assert ("≤ 12.0%" in listed, "12.0 percentage points to spare" in listed, "A bound to keep to" in listed) == (
        True,
        True,
        True,
    )
    assert ("<progress" in listed, "ahead of the path" in listed) == (False, False)
    one = client.get(reverse("goal", args=("flowers", goal.pk))).content.decode()
    assert (one.count("12.0 percentage points to spare"), "<progress" in one) == (1, False)


def test_the_form_calls_nothing_optional_that_is_always_chosen(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    words = client_for(lead, "en").get(reverse("goal_new", kwargs=SLUG)).content.decode()
    assert '<label class="form-label" for="id_metric">Figure</label>' in words
    assert words.count("<select") == words.count('class="form-select"')


def test_the_list_is_taken_away_with_numbers(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=35, last=1)
    look_at(make_goal(community, target="80"), foretell=False)
    client = client_for(lead, "en")
    lines = b"".join(client.get(reverse("goals_export", args=("flowers", "csv")))).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[1].split(",")[8:] == ["60.0", "80.0", "30.0", "", "", "-0.25", "Off course"]
    book = load_workbook(BytesIO(b"".join(client.get(reverse("goals_export", args=("flowers", "xlsx"))))))  # type: ignore[arg-type]
    assert [cell.value for cell in book.active[2]][10] == 30
    assert client.get(reverse("goals_export", args=("flowers", "doc"))).status_code == 404


def test_a_goal_is_set_from_the_form_and_seen_at_once(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=35, last=1)
    given = {
        "title": "发言", "metric": "messages", "start": ago(community, 10), "due": ago(community, -9), "target": "+20%",
        "direction": "up", "dimension": "content", "term": "middle", "flexibility": "10%", "unit_by_hand": "number",
    }  # fmt: skip
    response = client_for(lead).post(reverse("goal_new", kwargs=SLUG), given)
    goal = Goal.objects.get()
    assert response.headers["Location"] == reverse("goal", args=("flowers", goal.pk))
    assert (goal.target, Standing.objects.get().value) == (72, 30.0)


def test_the_essential_is_enough_and_the_rest_follows_from_it(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(lead, "en")
    page = client.get(reverse("goal_new", kwargs=SLUG)).content.decode()
    assert ('<details class="form-rest">' in page, page.index('name="title_en"') > page.index("form-rest")) == (
        True,
        True,
    )
    given = {
        "title": "流失", "metric": "churn_rate", "start": ago(community, 10), "due": ago(community, 4), "target": "5%",
        "flexibility": "10%", "unit_by_hand": "number", "title_en": "Churn",
    }  # fmt: skip
    client.post(reverse("goal_new", kwargs=SLUG), given)
    goal = Goal.objects.get()
    assert (goal.direction, goal.dimension, goal.term, goal.title_en) == ("down", "user", "short", "Churn")
    refused = client.post(reverse("goal_new", kwargs=SLUG), given | {"flexibility": ""})
    assert (refused.status_code, '<details class="form-rest" open>' in refused.content.decode()) == (400, True)


def test_changing_words_keeps_where_the_target_comes_from(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    goal = make_goal(community)
    Goal.objects.update(source="P3 M", title_en="Messages")
    given = {"title": "发言", "title_en": "Talk", "dimension": "content", "term": "middle", "flexibility": "10%"}
    client_for(lead).post(reverse("goal_edit", args=("flowers", goal.pk)), given)
    goal.refresh_from_db()
    assert (goal.title, goal.title_en, goal.source) == ("发言", "Talk", "P3 M")


def test_what_cannot_be_set_is_said_above_the_form(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    given = {
        "title": "发言", "metric": "messages", "start": ago(community, -9), "due": ago(community, 10), "target": "60",
        "direction": "up", "dimension": "content", "term": "middle", "flexibility": "10%", "unit_by_hand": "number",
    }  # fmt: skip
    response = client_for(lead, "en").post(reverse("goal_new", kwargs=SLUG), given)
    assert response.status_code == 400
    assert "The goal is due before it begins. Swap the two days." in response.content.decode()


def test_the_form_suggests_a_baseline_with_its_days(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=35, last=1)
    query = f"?metric=messages&start={ago(community, 10)}&due={ago(community, -9)}"
    said = client_for(lead, "en").get(reverse("goal_baseline", kwargs=SLUG) + query).content.decode()
    assert '<strong class="num">60</strong>' in said
    assert "(20 days), the last comparable days that are over." in said
    short = client_for(lead, "en").get(
        reverse("goal_baseline", kwargs=SLUG) + query.replace("messages", "revenue") + "&x=1"
    )
    assert short.status_code == 200


def test_an_alert_is_noted_on_the_page(community: Community, lead: Staff, client_for: Callable[..., Client]) -> None:
    goal = make_goal(community)
    day = ago(community, 1)
    alert = Alert.objects.create(goal=goal, level=3, peak=3, value=22, opened=day, since=day)
    client = client_for(lead, "en")
    page = reverse("goal", args=("flowers", goal.pk))
    assert "Take note of the alert" in client.get(page).content.decode()
    client.post(reverse("alert_acknowledge", args=("flowers", alert.pk)), {"note": "加一场活动"})
    told = client.get(page).content.decode()
    assert ("Take note of the alert" in told, "加一场活动" in told, "Noted at Warning" in told) == (False, True, True)


def test_the_chart_holds_actual_path_and_marks(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community)
    look_at(goal)
    spec = client_for(lead, "en").get(reverse("goal_chart", args=("flowers", goal.pk))).context["panel"].chart
    assert [one["name"] for one in spec["series"]] == ["Actual", "Forecast"]
    assert spec["series"][0]["values"][:11] == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30, None]
    assert (spec["compare"]["values"][0], spec["compare"]["values"][-1]) == (3.0, 60.0)
    assert spec["band"]["highs"][-1] > spec["series"][1]["values"][-1] == 60.0


def test_the_strip_shows_what_the_figures_look_like_and_what_was_said(
    community: Community, lead: Staff, client_for: Callable[..., Client]
) -> None:
    speak(community, first=20, last=1)
    recognise(community)
    client, page = client_for(lead, "en"), reverse("goals", kwargs=SLUG)
    assert "The figures look like Start." in client.get(page).content.decode()
    client.post(reverse("stage_set", kwargs=SLUG), {"stage": "start"})
    told = client.get(page).content.decode()
    assert ("The figures look like" in told, "Start, since" in told) == (False, True)


def test_counting_now_looks_at_every_goal(community: Community, lead: Staff, client_for: Callable[..., Client]) -> None:
    speak(community, first=35, last=1)
    make_goal(community)
    client_for(lead).post(reverse("goals_count", kwargs=SLUG))
    assert Standing.objects.get().status == Status.ON_COURSE
