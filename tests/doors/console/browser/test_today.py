"""From a suggestion to work to done, in a real browser."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.act.suggestions.models import Suggestion
from qunying.plan.schedule.models import WorkItem
from tests.support.browser import PHONE, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = date(2026, 3, 2)


@pytest.fixture
def two(community: Community) -> list[Suggestion]:
    """A silent group and a channel that does not hold."""
    days = [{"day": f"2026-02-{day:02d}", "value": 0 if day > 21 else 4 + day % 3} for day in range(1, 29)]
    silence = {
        "params": {"group": "花友一群", "group_id": 1, "now": 0, "usual": 35, "weeks": 1},
        "evidence": {"kind": "days", "rows": days, "recent": "2026-02-22", "usual": 5.0},
        "effect": -1.0,
        "q": 1e-9,
    }
    shares = [{"name": "传单", "part": 49, "whole": 64, "marked": True}, {"name": "门店", "part": 42, "whole": 45}]
    channel = {
        "params": {"channel": "传单", "part": 49, "whole": 64, "share": 0.766, "others": 0.93, "more": 16},
        "evidence": {"kind": "shares", "rows": shares},
        "effect": -0.16,
        "q": 0.004,
    }
    both = {"silence": silence, "channel": channel}
    return [
        Suggestion.objects.create(
            community=community, key=name, detector=name, seen_first=SEEN, seen_last=SEEN, **fields
        )
        for name, fields in both.items()
    ]


def test_a_suggestion_becomes_work_and_is_done(
    open_page: OpenPage,
    two: list[Suggestion],
    specialist: Staff,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page("/communities/flowers/suggestions/", staff=specialist)
    assert page.locator("#queue-title").inner_text() == "花友一群没人说话了"
    page.keyboard.press("j")
    page.wait_for_url("**pk=*")
    assert page.locator("#queue-title").inner_text() == "传单来的人留不住"
    page.keyboard.press("a")
    until(page, "() => document.querySelector('[data-key=a]').open")
    assert_accessible(page)
    snap(page, "suggestion-accept")
    page.fill("input[name=title]", "换一张传单")
    page.get_by_role("button", name="变成待办").click()
    page.wait_for_load_state()
    page.goto("/")
    snap(page, "today")
    assert_accessible(page)
    page.get_by_role("button", name="完成: 换一张传单").click()
    until(page, "() => document.querySelector('.toast-note')")
    until(page, "() => document.querySelector('.todo.is-done')")
    assert WorkItem.objects.get().done_by == specialist
    page.get_by_role("button", name="撤销", exact=True).click()
    until(page, "() => !document.querySelector('.todo.is-done')")
    assert WorkItem.objects.get().is_open


def test_one_thumb_is_enough_on_a_phone(
    open_page: OpenPage,
    two: list[Suggestion],
    specialist: Staff,
    community: Community,
    snap: Callable[[Page, str], None],
    assert_fits: Callable[[Page], None],
) -> None:
    WorkItem.objects.create(title="换海报", community=community, due=SEEN, owner=specialist, created_by="system:tests")
    page = open_page("/", staff=specialist, viewport=PHONE)
    until(page, "() => !document.querySelector('.today-side .loading')")
    assert_fits(page)
    low = page.locator(".today-tabs").bounding_box()
    tick = page.locator(".todo-done").first.bounding_box()
    assert low is not None
    assert tick is not None
    assert (low["y"] + low["height"], tick["height"] >= 48) == (PHONE[1], True)
    snap(page, "today-phone")
    page.goto("/communities/flowers/suggestions/")
    assert_fits(page)
    snap(page, "suggestion-phone")


@pytest.mark.once
def test_both_pages_are_readable_in_the_dark(
    open_page: OpenPage,
    two: list[Suggestion],
    specialist: Staff,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page("/communities/flowers/suggestions/", staff=specialist, theme="dark", language="en")
    assert_accessible(page)
    snap(page, "suggestion-dark-en")
    page.goto("/")
    until(page, "() => !document.querySelector('.today-side .loading')")
    assert_accessible(page)
    snap(page, "today-dark-en")
