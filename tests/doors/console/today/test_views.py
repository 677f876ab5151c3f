"""Today as different people see it, and what its buttons do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.act.suggestions.models import Suggestion
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.services import Told, add_work
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def _day(offset: int = 0) -> object:
    return timezone.localdate(timezone=ZoneInfo("Asia/Shanghai")) + timedelta(days=offset)


@pytest.fixture
def work(community: Community, specialist: Staff) -> WorkItem:
    return add_work("换海报", place=community, due=_day(-1), owner=specialist, by=TESTS)


def test_ones_own_work_and_the_teams_stand_apart(
    community: Community, work: WorkItem, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    add_work("盘点", place=community, due=_day(2), by=TESTS)
    client = client_for(specialist)
    mine, team = (client.get("/", {"tab": tab}).content.decode() for tab in ("mine", "team"))
    assert ("换海报" in mine, "盘点" in mine, "过期" in mine) == (True, False, True)
    assert ("换海报" in team, "盘点" in team, "还没人领" in team) == (False, True, True)


def test_who_has_nothing_to_do_is_led_to_what_waits_for_the_team(
    community: Community, work: WorkItem, lead: Staff, client_for: Callable[..., Client]
) -> None:
    link = '<a class="btn btn-primary" href="/?tab=team">See the 1 of the team</a>'
    client = client_for(lead, "en")
    assert link in client.get("/", {"tab": "mine"}).content.decode()
    WorkItem.objects.all().delete()
    page = client.get("/", {"tab": "mine"}).content.decode()
    assert ("Nothing waits for you" in page, "See the" in page) == (True, False)


def test_a_new_shop_owner_is_told_where_to_begin(director: Staff, client_for: Callable[..., Client]) -> None:
    page = client_for(director).get("/").content.decode()
    assert ("新建第一个社群" in page, reverse("community_new") in page) == (True, True)


def test_a_suggestion_is_off_course(
    community: Community, reviewer: Staff, outsider: Staff, client_for: Callable[..., Client]
) -> None:
    seen = {"seen_first": _day(), "seen_last": _day(), "effect": -0.4, "q": 0.001}
    params = {"now": 3, "usual": 5, "weeks": 8}
    Suggestion.objects.create(community=community, key="speakers", detector="speakers", params=params, **seen)
    assert "说话的人少了" in client_for(reviewer).get("/").content.decode()
    assert "说话的人少了" not in client_for(outsider).get("/").content.decode()


def test_one_tap_ticks_off_and_the_toast_takes_it_back(
    work: WorkItem, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(specialist)
    answer = client.post(reverse("work_done", args=[work.pk]), {"tab": "mine", "note": "贴好了"}, headers=HTMX)
    told = json.loads(answer["HX-Trigger"])["qunying:told"]
    work.refresh_from_db()
    assert (work.done_by, work.done_note, told["undo"]) == (specialist, "贴好了", "撤销")
    client.post(told["address"], {"tab": told["tab"]}, headers=HTMX)
    work.refresh_from_db()
    assert work.is_open


def test_a_second_tap_is_told_why_not(work: WorkItem, specialist: Staff, client_for: Callable[..., Client]) -> None:
    client, address = client_for(specialist, "en"), reverse("work_done", args=[work.pk])
    client.post(address, headers=HTMX)
    told = json.loads(client.post(address, headers=HTMX)["HX-Trigger"])["qunying:told"]
    assert told == {"words": "“换海报” has ended already. Reopen it first."}


def test_without_script_the_button_leads_back(
    work: WorkItem, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(specialist)
    assert client.post(reverse("work_done", args=[work.pk]))["Location"] == "/"
    back = reverse("work", args=[work.pk])
    assert client.post(reverse("work_reopen", args=[work.pk]), {"back": back})["Location"] == back
    assert client.post(reverse("work_done", args=[work.pk]), {"back": "//evil.example"})["Location"] == "/"


def test_work_is_added_and_handed_over(
    community: Community, lead: Staff, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(lead)
    given = {"title": "换海报", "community": community.pk, "owner": specialist.pk, "due": "2026-03-06", "priority": 1}
    assert client.post(reverse("work_new"), given)["Location"] == "/"
    made = WorkItem.objects.get()
    assert (made.title, made.owner, made.priority) == ("换海报", specialist, 1)
    client.post(reverse("work", args=[made.pk]), {"owner": "", "due": "2026-03-09"})
    made.refresh_from_db()
    assert (made.owner, made.due.isoformat()) == (None, "2026-03-09")


def test_what_is_missing_is_said_beside_the_field(
    lead: Staff, community: Community, client_for: Callable[..., Client]
) -> None:
    assert client_for(lead).post(reverse("work_new"), {"title": ""}).status_code == 400


def test_the_night_panel_counts_yesterday(
    community: Community, reviewer: Staff, client_for: Callable[..., Client]
) -> None:
    page = client_for(reviewer).get(reverse("today_overnight")).content.decode()
    assert "昨天没有记录" in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_number_of_queries(
    community: Community,
    specialist: Staff,
    client_for: Callable[..., Client],
    many: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(many):
        add_work(f"第{number}件", place=community, due=_day(), owner=specialist, by=TESTS)
        seen = {"seen_first": _day(), "seen_last": _day(), "effect": -0.4, "q": 0.001}
        params = {"group": "花友一群", "group_id": 1, "now": 0, "usual": 40, "weeks": 1}
        Suggestion.objects.create(
            community=community, key=f"silence:{number}", detector="silence", params=params, **seen
        )
    client = client_for(specialist)
    client.get("/")
    with django_assert_num_queries(50):
        client.get("/")


def test_done_today_is_shown_in_local_hours(
    work: WorkItem, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(specialist)
    client.post(reverse("work_done", args=[work.pk]))
    noon = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{noon:%H}:" in client.get("/").content.decode()


def test_missed_times_are_one_line_that_one_tap_skips(
    community: Community, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    told = Told(key="visit")
    rounds = [
        add_work("回访", place=community, due=_day(-days), owner=specialist, told=told, by=TESTS) for days in (15, 8, 1)
    ]
    client = client_for(specialist)
    page = client.get("/").content.decode()
    assert (page.count(">回访<"), "之前还有2次没做" in page) == (1, True)
    assert "之前有2次没做" in client.get(reverse("work", args=[rounds[-1].pk])).content.decode()
    answer = client.post(reverse("work_skip", args=[rounds[-1].pk]), {"tab": "mine", "note": "放假"}, headers=HTMX)
    said = json.loads(answer["HX-Trigger"])["qunying:told"]
    assert ("没做的2次已跳过：回访" in said["words"], "次没做" in answer.content.decode()) == (True, False)
    assert list(WorkItem.objects.filter(skipped=True).values_list("done_note", flat=True)) == ["放假", "放假"]
    assert "已跳过" in client.get(reverse("work", args=[rounds[0].pk])).content.decode()
    client.post(said["address"], {"tab": said["tab"]}, headers=HTMX)
    assert not WorkItem.objects.filter(skipped=True).exists()
