"""The library in a browser: files dropped in, found, taken into an entry; a script copied; a member's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

from qunying.doors.h5.pages import PACE
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import materials_in
from tests.support.browser import PHONE
from tests.support.content import make_call, make_entry
from tests.support.materials import make_script, picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

FLOWERS = ["flowers"]


def test_files_come_into_the_library_and_from_there_into_an_entry(
    community: Community,
    specialist: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    page = open_page(reverse("materials", args=FLOWERS), staff=specialist)
    expect(page.locator("[data-upload-more]")).to_be_hidden()
    named = [("郁金香.jpg", "red"), ("风信子.jpg", "blue")]
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": picture_bytes(colour)} for name, colour in named]
    page.set_input_files("[data-file-input]", files)  # type: ignore[arg-type]
    page.select_option("#licence", Material.Licence.OWN)
    page.get_by_role("button", name="放进去").click()
    expect(page.locator("td.main")).to_have_count(2)
    assert_accessible(page)
    snap(page, "materials")
    page.get_by_role("link", name="郁金香").click()
    expect(page.locator("img.material-seen")).to_be_visible()
    snap(page, "material")
    entry = make_entry(community)
    page.goto(page.url.split("/communities/")[0] + reverse("entry_write", args=[*FLOWERS, entry.pk]))
    expect(page.locator("#id_host")).to_be_hidden()
    page.get_by_text("从素材库选图片").click()
    page.fill("[data-library-filter]", "风信")
    expect(page.locator(".content-choice:visible")).to_have_count(1)
    page.locator(".content-choice:visible input").check()
    page.select_option("#id_form", "live")
    expect(page.locator("#id_host")).to_be_visible()
    snap(page, "entry-write-live")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".content-bubble img")).to_have_count(1)
    assert {one.name: one.used for one in materials_in(community)} == {"郁金香": 0, "风信子": 1}  # type: ignore[attr-defined]
    phone = open_page(reverse("materials", args=FLOWERS), staff=specialist, viewport=PHONE, theme="dark")
    assert_fits(phone)
    snap(phone, "materials-phone")


def test_a_script_is_filled_in_copied_and_counted(
    community: Community,
    specialist: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    script = make_script(community)
    page = open_page(reverse("scripts", args=FLOWERS), staff=specialist)
    assert_accessible(page)
    page.fill("[data-place='称呼']", "小美")
    expect(page.locator(f"#script-{script.pk}")).to_have_value("小美你好，欢迎来到花友会。")
    with page.expect_response(lambda answer: answer.url.endswith("/used/")) as counted:
        page.get_by_role("button", name="复制").click()
    assert counted.value.status == 204
    snap(page, "scripts")
    script.refresh_from_db()
    assert script.uses == 1
    phone = open_page(reverse("scripts", args=FLOWERS), staff=specialist, viewport=PHONE, theme="dark")
    assert_fits(phone)
    snap(phone, "scripts-phone")


def test_a_member_sends_something_in_and_reads_the_thanks(
    community: Community,
    specialist: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    PACE.forget()
    call = make_call(community)
    page = open_page(reverse("send_in", args=[call.code]), viewport=PHONE)
    assert_accessible(page)
    assert_fits(page)
    snap(page, "send-in")
    page.fill("#name", "小美")
    page.fill("#words", "阳台上的月季开了。")
    page.check("[name=right][value=own]")
    page.check("[name=agreed]")
    page.get_by_role("button", name="投稿").click()
    expect(page.get_by_role("heading", name="谢谢，收到了")).to_be_visible()
    own = page.url
    desk = open_page(reverse("submissions", args=FLOWERS), staff=specialist)
    assert_accessible(desk)
    snap(desk, "submissions")
    desk.get_by_role("link", name="小美", exact=True).click()
    snap(desk, "submission")
    desk.get_by_role("button", name="做成一条内容").click()
    expect(desk.locator(".content-words")).to_have_text("阳台上的月季开了。")
    page.goto(own)
    expect(page.locator(".answer")).to_contain_text("谢谢您，小美！")
    snap(page, "sent-in")
