"""Choose, review, apply, undo, in a real browser; the pages in both languages, light and dark, laptop and phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from qunying.plan.goals.models import Goal
from qunying.plan.playbooks.services import draft_playbook
from qunying.plan.playbooks.shelf import playbook_named
from tests.plan.playbooks.conftest import START, TEXT
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
Check = "Callable[[Page], None]"


@pytest.fixture(autouse=True)
def _own_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


def test_a_playbook_is_chosen_reviewed_applied_and_taken_back(
    open_page: OpenPage, lead: Staff, community: Community, snap: Callable[[Page, str], None]
) -> None:
    page = open_page("/playbooks/", staff=lead)
    page.get_by_role("link", name="帮我选").click()
    for answer in ("小店：花、礼品、绿植", "150到1000人", "多来人", "一到三个人，兼着做", "一家店"):
        page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="推荐一个").click()
    snap(page, "playbook-chooser")
    page.get_by_role("link", name="看看").first.click()
    page.get_by_label("第一天").fill("2026-03-02")
    page.get_by_role("button", name="起草，先看一遍").click()
    page.get_by_label("三年内知名度达到70%").uncheck()
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_text("将生成24项。").wait_for()
    snap(page, "playbook-review")
    page.get_by_role("button", name="应用", exact=True).click()
    page.get_by_text("没人动过的24项会被删除。").wait_for()
    assert Goal.objects.count() == 6
    snap(page, "playbook-applied")
    page.get_by_role("button", name="撤销这套方案").click()
    page.get_by_text("已撤销。").wait_for()
    assert Goal.objects.count() == 0


def test_a_text_of_ones_own_is_marked_where_it_is_wrong(
    open_page: OpenPage, lead: Staff, community: Community, snap: Callable[[Page, str], None]
) -> None:
    page = open_page("/playbooks/own/", staff=lead)
    page.get_by_label("把文本粘贴到这里").fill(TEXT.replace("budget:", "budgets:"))
    page.get_by_role("button", name="检查").click()
    page.get_by_text("第1列：这里不认得“budgets”。是不是想写“budget”？").wait_for()
    snap(page, "playbook-own")
    page.get_by_label("把文本粘贴到这里").fill(TEXT)
    page.get_by_role("button", name="检查").click()
    page.get_by_text("“小方案”没有问题。").wait_for()


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "theme", "viewport"),
    [("en", "dark", PHONE), ("zh-hans", "light", PHONE), ("en", "light", (1366, 768))],
)
def test_the_pages_fit_and_are_accessible(
    open_page: OpenPage,
    lead: Staff,
    community: Community,
    snap: Callable[[Page, str], None],
    assert_fits: Callable[[Page], None],
    assert_accessible: Callable[[Page], None],
    language: str,
    theme: str,
    viewport: tuple[int, int],
) -> None:
    draft = draft_playbook(community, playbook=playbook_named("store-visit"), start=START, by=lead)
    paths = {
        "shelf": "/playbooks/",
        "document": "/playbooks/store-visit/",
        "choose": "/playbooks/choose/",
        "draft": f"/communities/flowers/playbooks/{draft.pk}/",
        "history": "/communities/flowers/playbooks/",
    }
    for name, path in paths.items():
        page = open_page(path, staff=lead, language=language, theme=theme, viewport=viewport)
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"playbook-{name}-{language}-{theme}-{viewport[0]}")
