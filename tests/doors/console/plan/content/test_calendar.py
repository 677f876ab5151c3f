"""The calendar and the matrix: days, clashes in words, moving with and without dragging, shares."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.doors.console.plan.content.calendar import month_of, span_of
from qunying.plan.content.models import Entry, Theme
from qunying.plan.content.services import Planned, propose_entry
from tests.doors.console.plan.content.test_pages import client_of
from tests.support.browser import PHONE
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

DAY = date(2026, 3, 6)
MARCH = "?day=2026-03-06"
CALENDAR_QUERIES = 10


def put(community: Community, title: str, day: date | None = DAY, at: time | None = None) -> Entry:
    return propose_entry(title, community=community, planned=Planned(slot_day=day, slot_time=at), by=TESTS)


def test_a_month_is_whole_weeks_and_its_neighbours_are_found() -> None:
    span = span_of("month", DAY)
    assert (span.first, span.last, span.before, span.after) == (
        date(2026, 2, 23), date(2026, 4, 5), date(2026, 2, 28), date(2026, 4, 1),
    )  # fmt: skip
    week = span_of("week", DAY)
    assert (week.first, week.last, week.before, week.after) == (
        date(2026, 3, 2), date(2026, 3, 8), date(2026, 2, 27), date(2026, 3, 9),
    )  # fmt: skip
    assert month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_calendar_asks_as_many_questions_for_three_as_for_one(
    community: Community, specialist: Staff, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        put(community, f"题目{number}")
    client, at = client_of(specialist), reverse("content_calendar", args=["flowers"]) + MARCH
    client.get(at)
    with django_assert_num_queries(CALENDAR_QUERIES):
        page = client.get(at).content.decode()
    assert page.count("data-entry=") == count


@pytest.mark.django_db
def test_clashes_are_told_in_words(community: Community, reviewer: Staff) -> None:
    put(community, "早安", at=time(9))
    put(community, "新品", at=time(9, 10))
    page = client_of(reviewer).get(reverse("content_calendar", args=["flowers"]) + MARCH).content.decode()
    assert "March 6, 09:00 and 09:10, both to every group" in page
    assert "draggable" not in page


@pytest.mark.django_db
def test_the_form_moves_and_the_move_is_taken_back(community: Community, specialist: Staff) -> None:
    entry = put(community, "早安", at=time(9))
    client, at = client_of(specialist), reverse("content_move", args=["flowers"])
    page = client.post(at, {"entry": entry.pk, "day": "nonsense"}, follow=True).content.decode()
    assert "Choose the day it is to go out on" in page
    page = client.post(at, {"entry": entry.pk, "day": "2026-03-09", "time": "20:00"}, follow=True).content.decode()
    entry.refresh_from_db()
    assert ("“早安” was moved." in page, entry.slot_day, entry.slot_time) == (True, date(2026, 3, 9), time(20))
    client.post(reverse("content_move_back", args=["flowers"]), {"filters": "?day=2026-03-06"})
    entry.refresh_from_db()
    assert (entry.slot_day, entry.slot_time) == (DAY, time(9))


@pytest.mark.django_db
def test_themes_are_put_in_changed_and_put_away(community: Community, specialist: Staff) -> None:
    client, at = client_of(specialist), reverse("content_theme", args=["flowers"])
    client.post(at, {"act": "ship"})
    product = Theme.objects.get(name="产品")
    refused = client.post(at, {"act": "set", "theme": product.pk, "name": "产品", "share": "99"}, follow=True)
    assert "At most 20% are left" in refused.content.decode()
    client.post(at, {"act": "set", "theme": product.pk, "name": "新品", "share": "10%"})
    product.refresh_from_db()
    assert (product.name, product.name_en, product.share) == ("新品", "Product", 10)
    assert (
        "whole number of per cent"
        in client.post(at, {"act": "set", "name": "x", "share": "ten"}, follow=True).content.decode()
    )
    client.post(at, {"act": "archive", "theme": product.pk})
    page = client.get(reverse("content_themes", args=["flowers"])).content.decode()
    assert ("新品" in page, "make 80% together" in page) == (False, True)


@pytest.mark.django_db
def test_the_matrix_says_how_far_off_the_month_is(community: Community, specialist: Staff) -> None:
    theme = Theme.objects.create(community=community, name="故事", share=50)
    for number, chosen in enumerate((theme, None, None, None), start=1):
        planned = Planned(theme=chosen, slot_day=date(2026, 3, number))
        propose_entry("题目", community=community, planned=planned, by=TESTS)
    page = client_of(specialist).get(reverse("content_themes", args=["flowers"]) + "?month=2026-03").content.decode()
    assert "1 short" in page
    assert "-25 points" in page


def test_an_entry_is_dragged_to_another_day_and_back(
    community: Community,
    specialist: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    today = timezone.localdate().replace(day=15)
    put(community, "春天的第一束花", today, time(19, 30))
    put(community, "养花答疑", today, time(19, 40))
    put(community, "还没定哪天的选题", None)
    at = f"{reverse('content_calendar', args=['flowers'])}?day={today}"
    page = open_page(at, staff=specialist)
    assert_accessible(page)
    snap(page, "content-calendar")
    other = today.replace(day=18)
    with page.expect_navigation():
        page.drag_and_drop(".agenda-entry:has-text('春天的第一束花')", f"[data-day='{other}']")
    assert page.locator(f"[data-day='{other}'] .agenda-entry").inner_text().split()[:2] == ["19:30", "春天的第一束花"]
    with page.expect_navigation():
        page.click("[data-toast] button")
    assert page.locator(f"[data-day='{today}'] .agenda-entry").count() == 2
    phone = open_page(at, staff=specialist, viewport=PHONE, theme="dark")
    assert_fits(phone)
    assert_accessible(phone)
    snap(phone, "content-calendar-phone-dark")
