"""QQ on the pages: the notice of OneBot is read and accepted, and who asks to join is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from qunying.do.admission.services import note_applicant
from qunying.ground.groups.joining import JoinRequest
from qunying.ground.members.services import Who
from qunying.ground.platforms.services import connect_account
from qunying.ground.platforms.services_health import look_at
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from tests.support.browser import OpenPage

SIZES = {"wide": (1366, 850), "narrow": (390, 844)}


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_accepted_and_who_asks_is_answered(
    director: Staff,
    group: Group,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_fits: Callable[[Page], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    given = {"number": "10000", "api": "http://127.0.0.1:1", "secret": "s"}
    account = connect_account("onebot", name="小号", given=given, unit=group.community.unit, by=TESTS)
    robot = {"app_id": "102000001", "secret": "s", "address": "http://example.com", "check_in": "签到"}
    other = connect_account("qq", name="花小助", given=robot, unit=group.community.unit, by=TESTS)
    look_at(account)
    for name, words in (("小丽", "想学插花\n从哪里知道我们的？\n花市的海报"), ("一只很长很长名字的猫咪爱晒太阳", "")):
        note_applicant(JoinRequest(group, Who(group.platform, name, name), f"r-{name}", timezone.now(), words))
    for size, language, theme in (("narrow", "en", "dark"), ("wide", "zh-hans", "light")):
        look = {"language": language, "viewport": SIZES[size], "theme": theme}
        page = open_page(f"/platforms/{other.pk}/", staff=director, **look)
        snap(page, f"qq-account-{size}")
        page.goto("/asking/")
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"qq-asking-{size}")
        page.goto(f"/platforms/{account.pk}/")
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"qq-notice-{size}")
    page.get_by_label("我已经读完").check()
    page.get_by_role("button", name="接受并启用账号").click()
    expect(page.get_by_text("须知已接受，账号可以用了。")).to_be_visible()
    snap(page, "qq-accepted")
    page.goto("/asking/")
    page.get_by_role("button", name="已经在手机上处理了").first.click()
    expect(page.get_by_text("已标记，不再提醒。")).to_be_visible()
    expect(page.get_by_role("cell", name="小丽")).to_be_visible()
    snap(page, "qq-answered")
