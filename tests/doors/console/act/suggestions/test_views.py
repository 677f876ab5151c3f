"""The queue of suggestions, and deciding in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.act.suggestions.models import Result, Suggestion
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
PARAMS = {"channel": "传单", "part": 49, "whole": 64, "share": 0.766, "others": 0.93, "more": 16}
SHARES = [
    {"name": "传单", "part": 49, "whole": 64, "marked": True},
    {"name": "门店", "part": 42, "whole": 45, "marked": False},
]


def suggest(community: Community, number: int = 0, **changed: object) -> Suggestion:
    fields = {
        "community": community,
        "key": f"channel:{number}",
        "detector": "channel",
        "params": PARAMS,
        "evidence": {"kind": "shares", "rows": SHARES},
        "effect": -0.16,
        "q": 0.0004,
        "seen_first": DAY,
        "seen_last": DAY,
    }
    return Suggestion.objects.create(**(fields | changed))


def test_the_finding_stands_with_its_evidence_and_what_helps(
    community: Community, reviewer: Staff, client_for: Callable[..., Client]
) -> None:
    suggest(community)
    page = client_for(reviewer).get(reverse("community_suggestions", args=["flowers"])).content.decode()
    for words in (
        "传单来的人留不住",
        "76.6%",
        "49 / 64",
        "还不知道",
        "一千个这样的发现里，碰巧的不到1个",
        "会多留下16人",
    ):
        assert words in page
    assert "采纳</summary>" not in page


def test_days_are_drawn_as_bars_with_a_table(
    community: Community, reviewer: Staff, client_for: Callable[..., Client]
) -> None:
    rows = [{"day": f"2026-02-{day:02d}", "value": day % 5} for day in range(1, 29)]
    evidence = {"kind": "days", "rows": rows, "recent": "2026-02-22", "usual": 3.0}
    suggest(community, detector="rush", params={"now": 40, "usual": 9, "days": 3}, evidence=evidence)
    page = client_for(reviewer).get(reverse("community_suggestions", args=["flowers"])).content.decode()
    assert (page.count('class="bar"'), page.count('class="bar-marked"'), page.count("bar-usual")) == (21, 7, 1)


def test_accepting_leads_to_work_and_back(
    community: Community, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    row = suggest(community)
    given = {"title": "换一张传单", "owner": specialist.pk, "due": "2026-03-09"}
    client_for(specialist).post(reverse("suggestion_accept", args=[row.pk]), given)
    row.refresh_from_db()
    work = WorkItem.objects.get()
    assert (row.state, row.work, work.title, work.owner) == ("accepted", work, "换一张传单", specialist)
    origin = client_for(specialist).get(reverse("suggestion_origin", args=[row.pk]))["Location"]
    assert origin == f"/communities/flowers/suggestions/?state=decided&pk={row.pk}"


def test_without_a_day_nothing_is_accepted(
    community: Community, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    row = suggest(community)
    client_for(specialist).post(reverse("suggestion_accept", args=[row.pk]), {"title": "换"})
    assert (Suggestion.objects.get().state, WorkItem.objects.exists()) == ("open", False)


def test_dismissing_keeps_the_reason_and_can_be_taken_back(
    community: Community, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    row, client = suggest(community), client_for(specialist)
    client.post(reverse("suggestion_dismiss", args=[row.pk]), {"reason": "传单已停发"})
    assert "传单已停发" in client.get("/suggestions/?state=decided").content.decode()
    client.post(reverse("suggestion_reopen", args=[row.pk]))
    assert Suggestion.objects.get().state == "open"


def test_a_result_stands_beside_it_without_claiming_a_cause(
    community: Community, reviewer: Staff, client_for: Callable[..., Client]
) -> None:
    row = suggest(community, state="accepted", decided_at="2026-03-03T02:00:00Z")
    spans = {"before_from": DAY, "before_to": DAY, "after_from": DAY, "after_to": DAY}
    shares = {"before": 0.7, "before_part": 7, "before_whole": 10, "after": 0.9, "after_part": 9, "after_whole": 10}
    Result.objects.create(suggestion=row, **spans, **shares)
    page = client_for(reviewer).get("/suggestions/?state=decided").content.decode()
    assert ("之前70.0% (7 / 10)，之后90.0% (9 / 10)" in page, "不能证明" in page) == (True, True)


def test_nothing_to_decide_says_why(community: Community, reviewer: Staff, client_for: Callable[..., Client]) -> None:
    assert "没有要决定的" in client_for(reviewer).get("/suggestions/").content.decode()


def test_looking_now_counts_the_questions(
    community: Community, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    page = client_for(specialist).post(reverse("suggestions_look", args=["flowers"]), follow=True).content.decode()
    assert "问了0个问题" in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_queue_asks_the_same_number_of_queries(
    community: Community,
    specialist: Staff,
    client_for: Callable[..., Client],
    many: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(many):
        suggest(community, number)
    client = client_for(specialist)
    client.get("/suggestions/")
    with django_assert_num_queries(15):
        client.get("/suggestions/")
