"""Word lists in a real browser: choosing, switching off and back, trying a text; laptop and phone, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.compliance.models import WordList
from qunying.plan.compliance.services import ship_lists
from tests.support.browser import PHONE
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)


def test_lists_are_switched_off_and_back_and_a_text_is_tried(
    open_page: OpenPage,
    director: Staff,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    ship_lists(by=TESTS)
    page = open_page("/words/", staff=director)
    assert page.locator("[data-bulk-bar]").is_hidden()
    page.locator("[data-bulk-page]").check()
    snap(page, "words-chosen")
    page.get_by_role("button", name="停用").click()
    page.get_by_role("button", name="撤销").click()
    page.wait_for_load_state()
    assert WordList.objects.filter(active=True).count() == 3
    assert_accessible(page)
    page.get_by_role("link", name="试一段文字").click()
    page.get_by_label("内容").fill("全城最 佳\n独家花材")
    page.get_by_role("button", name="检查").click()
    page.locator(".findings").wait_for()
    assert page.locator(".marked-text mark").all_inner_texts() == ["最 佳", "独家"]
    assert_accessible(page)
    snap(page, "words-tried")
    phone = open_page("/words/", staff=director, viewport=PHONE, theme="dark", language="en")
    assert_fits(phone)
    phone.get_by_role("link", name="Claims that need proof").click()
    assert_fits(phone)
    assert_accessible(phone)
    snap(phone, "words-phone-dark")
