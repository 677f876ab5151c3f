"""A goal from its setting to its alert, in a real browser: both languages, light and dark, laptop and phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse

from qunying.check.alerts.models import Alert
from qunying.check.alerts.services import judge
from qunying.check.tracking.services import keep_week, look_at
from qunying.plan.goals.models import Goal
from tests.support.browser import PHONE, until
from tests.support.goals import ago, make_goal, speak

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


@pytest.fixture
def behind(community: Community) -> Goal:
    """A goal half reached after half its days, for which an alert rings."""
    speak(community, first=60, last=1)
    goal = make_goal(community, title="十一月的发言", target="90", start=ago(community, 12), due=ago(community, -11))
    for days in (3, 2):
        look_at(goal, day=ago(community, days), foretell=False)
    look_at(goal)
    keep_week(goal, day=ago(community, 1))
    judge(goal)
    return goal


def drawn(page: Page) -> None:
    """Wait for the chart."""
    until(page, "() => document.querySelector('[data-drawn=yes]') !== null")


def test_a_goal_is_set_followed_revised_and_its_alert_noted(  # the whole way of a goal
    community: Community,
    lead: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    speak(community, first=60, last=1)
    page = open_page(reverse("goals", args=("flowers",)), staff=lead)
    page.get_by_role("link", name="新建目标").first.click()
    page.fill("[name=title]", "月度发言")
    page.select_option("[name=metric]", "messages")
    page.fill("[name=start]", ago(community, 12).isoformat())
    page.fill("[name=due]", ago(community, -11).isoformat())
    page.locator("#baseline strong", has_text="72").wait_for()
    page.fill("[name=target]", "+50%")
    assert_accessible(page)
    snap(page, "goal-form-zh")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("目标“月度发言”已定好。").wait_for()
    drawn(page)
    goal = Goal.objects.get()
    for days in (3, 2, 1):
        look_at(goal, day=ago(community, days))
    judge(goal)
    page.reload()
    drawn(page)
    page.fill("[name=note]", "周末加一场接龙")
    page.get_by_role("button", name="确认").click()
    page.get_by_text("周末加一场接龙").wait_for()
    page.get_by_role("link", name="调整", exact=True).click()
    page.fill("[name=target]", "80")
    page.fill("[name=reason]", "花节取消了")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("提前调整（不在节奏内）").wait_for()
    drawn(page)
    assert_accessible(page)
    snap(page, "goal-zh")
    assert (Goal.objects.get().target, Alert.objects.get().calls) == (80, False)


@pytest.mark.once
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "dark"), ("en", "light")])
def test_goals_read_well(
    behind: Goal,
    lead: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    language: str,
    theme: str,
) -> None:
    page = open_page(reverse("goals", args=("flowers",)), staff=lead, language=language, theme=theme)
    assert_accessible(page)
    snap(page, f"goals-{language}-{theme}")
    page.get_by_role("link", name="十一月的发言").click()
    drawn(page)
    assert_accessible(page)
    snap(page, f"goal-{language}-{theme}")


@pytest.mark.once
def test_goals_fit_a_phone(behind: Goal, lead: Staff, open_page: OpenPage, snap: Callable[[Page, str], None]) -> None:
    for name, address in (
        ("goals", reverse("goals", args=("flowers",))),
        ("goal", reverse("goal", args=("flowers", behind.pk))),
    ):
        page = open_page(address, staff=lead, viewport=PHONE)
        if name == "goal":
            drawn(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        snap(page, f"{name}-phone")
