"""Consents and requests as people handle them on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.privacy.queries import may_contact
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.services_retention import set_retention
from tests.support.browser import PHONE
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.support.browser import OpenPage

    Snap = Callable[[Page, str], None]
    Check = Callable[[Page], None]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_agrees_asks_to_be_erased_and_is_gone(
    director: Staff, xiaomei: Member, open_page: OpenPage, snap: Snap, assert_accessible: Check
) -> None:
    page = open_page(f"/members/{xiaomei.pk}/privacy/", staff=director)
    page.locator(".purpose-act").nth(2).get_by_role("button", name="同意").click()
    page.get_by_text("同意已记下。").wait_for()
    assert may_contact(xiaomei, "phone")
    assert_accessible(page)
    snap(page, "privacy-member")

    page.get_by_label("想要什么", exact=True).select_option("erasure")
    page.get_by_role("button", name="登记").click()
    page.get_by_text("请求已登记。").wait_for()
    page.goto("/requests/")
    snap(page, "privacy-requests")
    page.get_by_role("link", name="小美").click()
    page.get_by_role("button", name="删除", exact=True).click()
    sure = page.get_by_role("button", name="永久删除")
    assert sure.is_disabled()
    page.locator("#erase-person-typed").fill("小美")
    snap(page, "privacy-erase")
    sure.click()
    page.get_by_text("正在删除。").wait_for()

    run_to_end(Job.objects.get(kind="subjects.erase"))
    page.reload()
    page.get_by_text("什么也没找到").wait_for()
    assert "小美" not in page.inner_text("main")
    assert_accessible(page)
    snap(page, "privacy-erased")
    assert SubjectRequest.objects.get().state == "done"


@pytest.mark.once
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_periods_fit_a_phone_and_both_languages(
    director: Staff,
    xiaomei: Member,
    open_page: OpenPage,
    snap: Snap,
    assert_accessible: Check,
    assert_fits: Check,
    language: str,
    theme: str,
) -> None:
    set_retention("messages", days=400, by=TESTS)
    for path, name in (("/keeping/", "keeping"), (f"/members/{xiaomei.pk}/privacy/", "member"), ("/requests/", "list")):
        page = open_page(path, staff=director, language=language, theme=theme, viewport=PHONE)
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"privacy-{name}-phone-{language}-{theme}")
