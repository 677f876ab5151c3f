"""Files are brought in by steps, in a real browser: a bad one, a good one, and a half-good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.models import Event
from qunying.ground.imports.models import ColumnMapping, ImportRun
from qunying.ground.jobs.services import run_to_end
from qunying.ground.members.models import Member, MemberTag
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/communities/flowers/imports/new/"
PEOPLE = """platform,会员编号,name,phone,joined_at,城市,内部备注
wechat,m1,小美,13800138000,2026-01-05T10:00:00+08:00,杭州,甲
wechat,m2,阿强,13900139000,2026-01-06T10:00:00+08:00,上海,乙
wechat,m3,小丽,不知道,2026-01-07T10:00:00+08:00,杭州,丙
wechat,m4,老王,13700137000,去年,南京,丁
"""
CHAT = """[09:59] <aqiang> 早
=== xiaomei has joined
[10:00] <xiaomei> 绣球到货了吗？
[10:01] <aqiang> 到了，来店里看
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def bring(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").set_input_files([str(path) for path in paths])
    page.get_by_role("button", name="上传").click()


def finish(page: Page) -> None:
    """Do what a worker would; the page notices by itself."""
    run_to_end(ImportRun.objects.latest("pk").job)
    page.get_by_text("读到的行").wait_for()
    page.get_by_role("button", name="停止").wait_for(state="detached")


def test_a_file_that_nothing_reads_is_refused_with_the_reason(
    open_page: OpenPage, community: Community, lead: Staff, tmp_path: Path, snap: Callable[[Page, str], None]
) -> None:
    page = open_page(NEW, staff=lead, allow=("400",))
    snap(page, "wizard-1-upload")
    picture = tmp_path / "成员.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    bring(page, picture)
    page.locator("main [role=alert]", has_text="PNG").wait_for()
    snap(page, "wizard-1-refused")
    bring(page, write(tmp_path, "note.txt", "买花\n浇水\n"))
    page.get_by_text("不像任何一种已知格式").wait_for()
    snap(page, "wizard-2-unknown")
    assert Event.objects.count() == 0


def test_a_list_of_members_goes_in_by_steps(
    open_page: OpenPage, community: Community, lead: Staff, tmp_path: Path, snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:  # fmt: skip
    page = open_page(NEW, staff=lead)
    assert_accessible(page)
    bring(page, write(tmp_path, "members.csv", PEOPLE))
    page.get_by_text("这是什么文件？").wait_for()
    page.get_by_text("不像任何一种已知格式").wait_for()
    page.locator("input[type=radio][value=members]").check()
    page.wait_for_url("**format=members")
    assert_accessible(page)
    snap(page, "wizard-2-format")
    page.locator("#group").fill("花友一群")
    page.get_by_role("button", name="下一步：对应列").click()

    page.get_by_text("还缺这些必需的列：external_id").wait_for()
    page.locator("#column-external_id").select_option("会员编号")
    page.locator("select[name='unknown.内部备注']").select_option(label="不要")
    page.get_by_label("给这份对应关系起个名").fill("会员表")
    assert_accessible(page)
    snap(page, "wizard-3-columns")
    page.get_by_role("button", name="试跑").click()

    page.get_by_role("button", name="停止").wait_for()
    finish(page)
    assert_accessible(page)
    snap(page, "wizard-4-trial")
    assert (Member.objects.count(), Event.objects.count()) == (0, 0)
    assert page.locator(".list-table tbody tr").count() == 2
    page.get_by_role("button", name="导入2条记录").click()

    page.wait_for_url("**/imports/*/")
    page.get_by_role("button", name="停止").wait_for()
    snap(page, "wizard-5-running")
    finish(page)
    snap(page, "wizard-6-report")
    assert Member.objects.count() == 2
    tags = MemberTag.objects.order_by("pk").values_list("tag__dimension__name", "tag__name", "source")
    assert list(tags) == [("城市", "杭州", "import"), ("城市", "上海", "import")]
    assert ColumnMapping.objects.get().name == "会员表"
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3


def test_back_loses_nothing(open_page: OpenPage, community: Community, lead: Staff, tmp_path: Path) -> None:
    page = open_page(NEW, staff=lead)
    bring(page, write(tmp_path, "2026-01-05.txt", CHAT))
    page.get_by_text("这是什么文件？").wait_for()
    page.locator("#group").fill("花友一群")
    page.get_by_role("button", name="试跑").click()
    page.get_by_role("button", name="停止").wait_for()
    finish(page)
    page.get_by_role("link", name="返回").click()
    page.get_by_text("这是什么文件？").wait_for()
    assert page.locator("#group").input_value() == "花友一群"
    page.get_by_role("link", name="返回").click()
    page.get_by_text("2026-01-05.txt", exact=True).wait_for()
    page.get_by_role("link", name="用这些继续").click()
    page.get_by_role("button", name="试跑").click()
    page.get_by_role("button", name="停止").wait_for()
    finish(page)
    page.get_by_role("button", name="导入4条记录").click()
    page.get_by_role("button", name="停止").wait_for()
    finish(page)
    assert (Event.objects.count(), community.groups.get().name) == (4, "花友一群")


def test_a_run_can_be_stopped(open_page: OpenPage, community: Community, lead: Staff, tmp_path: Path) -> None:
    page = open_page(NEW, staff=lead)
    bring(page, write(tmp_path, "2026-01-05.txt", CHAT))
    page.get_by_role("button", name="试跑").click()
    page.get_by_role("button", name="停止").click()
    page.get_by_text("试跑已停止。").wait_for()
    assert ImportRun.objects.get().job.state == "cancelled"


@pytest.mark.once
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_the_steps_fit_a_phone(
    open_page: OpenPage, community: Community, lead: Staff, tmp_path: Path, language: str, theme: str,
    assert_fits: Callable[[Page], None], assert_accessible: Callable[[Page], None], snap: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = open_page(NEW, staff=lead, viewport=PHONE, language=language, theme=theme)
    assert_fits(page)
    page.locator("input[type=file]").set_input_files(
        str(write(tmp_path, "members.csv", PEOPLE.replace("会员编号", "external_id")))
    )
    page.locator("form[data-upload] button[type=submit]").click()
    for step in ("format", "columns"):
        page.wait_for_url(f"**/{step}/")
        page.locator("main h2").first.wait_for()
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"wizard-phone-{step}-{language}-{theme}")
        page.locator("form[method=post].form-column button, form.stack button[type=submit]").first.click()
    page.wait_for_url("**/imports/*/")
    run_to_end(ImportRun.objects.latest("pk").job)
    page.locator("section[aria-labelledby=rejected]").wait_for()
    assert_fits(page)
    snap(page, f"wizard-phone-trial-{language}-{theme}")
