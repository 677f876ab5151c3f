"""The pages of members in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qunying.ground.audit.actors import System
from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import MemberTag
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import write_note
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members
from tests.support.browser import PHONE, until
from tests.support.cast import JOINED, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
TESTS = System("tests")
WORDS = ("绣球到货了吗？", "我要两束芍药", "周末花艺课还有位置吗，想带孩子一起来")


@pytest.fixture
def story(community: Community, members: list[Member], lead: Staff) -> Community:
    """小美 has said, bought and told a few things."""
    me = Who("wechat", "xiaomei")
    said = [
        Fact(
            "spoke",
            JOINED + timedelta(days=n, hours=2),
            ("said", n),
            who=me,
            group_id=community.groups.get().pk,
            text=words,
        )
        for n, words in enumerate(WORDS * 12)
    ]
    bought = Fact(
        "ordered", JOINED + timedelta(days=2), ("o", 1), who=me, object_type="order", object_id="A1001", amount=12_800
    )
    record([*said, bought], community=community, source="tests")
    for name, value in (("real_name", "王小美"), ("phone", "13800138000"), ("address", "杭州市西湖区文三路100号")):
        set_private_field(members[0], name=name, value=value, by=TESTS)
    for dimension, name in (("城市", "杭州"), ("意向", "绣球"), ("来源", "门店扫码"), ("生日月", "五月")):
        tag_members([members[0].pk], dimension=dimension, name=name, by=TESTS)
    tag_members([members[1].pk], dimension="城市", name="上海", by=TESTS)
    write_note(members[0], text="喜欢蓝色绣球，周末来店。", by=lead)
    return community


def test_many_are_tagged_at_once_and_it_can_be_undone(
    open_page: OpenPage, story: Community, lead: Staff, snap: Callable[[Page, str], None]
) -> None:
    page = open_page("/communities/flowers/members/", staff=lead)
    snap(page, "members-list")
    page.get_by_label("选中阿强").check()
    page.get_by_label("选中小丽").check()
    page.get_by_placeholder("维度，如城市").fill("城市")
    page.get_by_placeholder("标签，如杭州").fill("南京")
    snap(page, "members-bulk")
    page.get_by_role("button", name="打标签").click()
    page.locator(".notes").get_by_text("改了2位成员。").wait_for()
    snap(page, "members-tagged")
    assert MemberTag.objects.filter(tag__name="南京").count() == 2
    toast = page.locator("#toasts [data-toast]")
    assert toast.inner_text().split("\n")[0] == "改了2位成员。"
    assert "undo" not in page.url
    toast.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销。").wait_for()
    assert MemberTag.objects.filter(tag__name="南京").count() == 0


@pytest.mark.once
def test_the_toast_goes_after_ten_seconds_unless_someone_is_at_it(
    open_page: OpenPage, story: Community, lead: Staff
) -> None:
    page = open_page("/communities/flowers/members/", staff=lead)
    page.clock.install()
    page.get_by_label("选中阿强").check()
    page.get_by_text("标记", exact=True).click()
    page.get_by_role("button", name="标为机器人").click()
    toast = page.locator("#toasts [data-toast]")
    toast.hover()
    page.clock.run_for(30_000)
    assert toast.count() == 1
    page.mouse.move(5, 5)
    page.clock.run_for(9_000)
    assert toast.count() == 1
    page.clock.run_for(2_000)
    assert toast.count() == 0
    assert page.locator(".note").inner_text() == "改了1位成员。"


def test_filters_live_in_the_address_and_show_as_chips(open_page: OpenPage, story: Community, lead: Staff) -> None:
    page = open_page("/communities/flowers/members/", staff=lead)
    page.get_by_role("search").get_by_label("标签", exact=True).select_option(label="杭州")
    page.wait_for_url("**tag=**")
    assert page.locator(".list-table tbody tr").count() == 1
    assert page.locator(".chip").inner_text().strip().startswith("标签：城市：杭州")
    page.locator(".chip a").click()
    until(page, "document.querySelectorAll('.list-table tbody tr').length === 3")


def test_a_value_is_shown_once_asked_for_and_that_is_written_down(
    open_page: OpenPage, story: Community, lead: Staff, xiaomei: Member, snap: Callable[[Page, str], None]
) -> None:
    page = open_page(f"/members/{xiaomei.pk}/", staff=lead)
    snap(page, "member-one")
    assert page.locator("#private-phone").inner_text() == "138****8000"
    page.get_by_role("button", name="查看电话（会留下记录）").click()
    page.get_by_text("下面的内容比较敏感").wait_for()
    assert Act.objects.filter(verb="members.private.unmask").count() == 0
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/members/{xiaomei.pk}/")
    page.get_by_role("button", name="查看电话（会留下记录）").click()
    page.get_by_text("13800138000").wait_for()
    act = Act.objects.get(verb="members.private.unmask")
    assert (act.actor, act.subject_id, act.details) == (f"staff:{lead.pk}", str(xiaomei.pk), {"field": "phone"})


def test_the_timeline_goes_on(open_page: OpenPage, story: Community, lead: Staff, xiaomei: Member) -> None:
    page = open_page(f"/members/{xiaomei.pk}/", staff=lead)
    assert page.locator(".timeline-entry").count() == 30
    page.get_by_role("link", name="更早的").click()
    until(page, "document.querySelectorAll('.timeline-entry').length === 38")
    assert page.get_by_role("link", name="更早的").count() == 0


@pytest.mark.once
@pytest.mark.parametrize("place", ["members", "groups", "settings", "groups/new"])
def test_pages_fit_a_phone(
    open_page: OpenPage, story: Community, lead: Staff, assert_fits: Callable[[Page], None],
    snap: Callable[[Page, str], None], place: str,
) -> None:  # fmt: skip
    page = open_page(f"/communities/flowers/{place}/", staff=lead, viewport=PHONE)
    assert_fits(page)
    snap(page, f"phone-{place.replace('/', '-')}")


@pytest.mark.once
def test_one_member_fits_a_phone(
    open_page: OpenPage, story: Community, lead: Staff, xiaomei: Member, assert_fits: Callable[[Page], None],
    snap: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = open_page(f"/members/{xiaomei.pk}/", staff=lead, viewport=PHONE)
    assert_fits(page)
    snap(page, "phone-member-one")


@pytest.mark.once
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_pages_are_accessible(
    open_page: OpenPage, story: Community, lead: Staff, xiaomei: Member, assert_accessible: Callable[[Page], None],
    snap: Callable[[Page, str], None], language: str, theme: str,
) -> None:  # fmt: skip
    paths = {
        "communities": "/communities/",
        "groups": "/communities/flowers/groups/",
        "community-new": "/new-community/",
        "members": "/communities/flowers/members/?state=present&order=-last",
        "member": f"/members/{xiaomei.pk}/",
    }
    for name, path in paths.items():
        page = open_page(path, staff=lead, language=language, theme=theme)
        assert_accessible(page)
        snap(page, f"people-{name}-{language}-{theme}")


def test_a_segment_is_built_and_counted_while_one_looks(
    open_page: OpenPage, story: Community, lead: Staff, snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:  # fmt: skip
    page = open_page("/segments/new/", staff=lead)
    page.get_by_label("名称").fill("杭州人")
    page.get_by_text("加条件").click()
    page.get_by_role("button", name="有标签").click()
    page.get_by_text("至少选一个标签。").wait_for()
    page.locator(".segment-row summary").click()
    page.get_by_label("城市：杭州").check()
    page.get_by_text("现在在社群里，并且有标签“城市：杭州”").wait_for()
    # The form was drawn anew, and the list of tags is still open under the hand.
    expect(page.get_by_label("城市：杭州")).to_be_visible()
    expect(page.get_by_label("城市：杭州")).to_be_focused()
    assert page.locator(".segment-count strong").inner_text() == "1"
    snap(page, "segment-building")
    assert_accessible(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="1位成员").click()
    assert page.locator(".list-table tbody tr").count() == 1


def test_a_late_answer_does_not_take_back_what_was_ticked_since(
    open_page: OpenPage, story: Community, lead: Staff
) -> None:
    page = open_page("/segments/new/", staff=lead)
    page.get_by_text("加条件").click()
    page.get_by_role("button", name="有标签").click()
    page.get_by_text("至少选一个标签。").wait_for()
    held: list[Route] = []
    page.route("**/segments/draft/", lambda route: route.continue_() if held else held.append(route))
    page.get_by_label("名称").fill("杭州人")
    page.locator(".segment-row summary").click()
    until(page, "() => document.querySelector('#segment-builder').classList.contains('htmx-request')")
    page.get_by_label("城市：杭州").check()
    held[0].continue_()
    page.get_by_text("现在在社群里，并且有标签“城市：杭州”").wait_for()
    expect(page.get_by_label("城市：杭州")).to_be_checked()


def test_two_become_one_and_two_again(
    open_page: OpenPage, story: Community, lead: Staff, members: list[Member], snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:  # fmt: skip
    set_private_field(members[1], name="phone", value="13800138000", by=TESTS)
    page = open_page("/merges/", staff=lead)
    page.get_by_role("button", name="现在看一遍").click()
    page.get_by_text("电话相同").wait_for()
    snap(page, "merges")
    assert_accessible(page)
    page.get_by_role("button", name="是同一个人，保留“小美”").click()
    page.get_by_role("button", name="重新分开").click()
    page.get_by_text("又是两个人了").wait_for()


@pytest.mark.once
@pytest.mark.parametrize("place", ["/segments/", "/segments/new/", "/merges/", "/tags/"])
def test_pages_of_people_fit_a_phone(
    open_page: OpenPage, story: Community, lead: Staff, assert_fits: Callable[[Page], None], place: str
) -> None:
    assert_fits(open_page(place, staff=lead, viewport=PHONE))
