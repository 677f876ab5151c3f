"""A regional manager looks at their stores, finds the one behind, and sees what was not done: in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse

from qunying.check.supervision.models import Tolerance
from qunying.check.tracking.models import Standing, Status
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.groups.services import create_community
from qunying.ground.units.services import create_unit
from tests.check.supervision.conftest import ago, works
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD, TESTS
from tests.support.goals import make_goal, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)
STORES = ("滨江店", "湖畔店", "榕荫店", "木棉店", "骑楼店")


@pytest.fixture(autouse=True)
def _own_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


@pytest.fixture
def manager(units: Units) -> Staff:
    """Directs 华东区."""
    staff = create_staff("east", name="区域总监", password=PASSWORD, by=TESTS)
    grant_role(staff, role="director", unit=units.east, by=TESTS)
    return staff


@pytest.fixture
def stores(units: Units, manager: Staff) -> list[Community]:
    """Five stores of 华东区; 木棉店 is behind with a quarter of its work and a goal."""
    return [_store(number, name, units) for number, name in enumerate(STORES)]


def _store(number: int, name: str, units: Units) -> Community:
    unit = create_unit(name, parent=units.east, by=TESTS)
    community = create_community(f"store{number}", name=f"{name}花友群", unit=unit, by=TESTS)
    people = [f"s{number}-{place}" for place in range(34 + number)]
    active = people[: 8 + 2 * number]
    tell(
        community,
        [
            *((who, "joined", ago(community, 80)) for who in people),
            *((who, "checked_in", ago(community, days)) for who in active for days in (40, 12, 5)),
            *((who, "left", ago(community, 9)) for who in people[-number:] if number),
        ],
    )
    works(community, in_time=15, undone=5 if name == "木棉店" else 0, late=int(number == 0))
    goal = make_goal(community, title="十一月的发言", target="60")
    status = Status.OFF_COURSE if name == "木棉店" else Status.ON_COURSE
    Standing.objects.create(goal=goal, day=ago(community, 1), due=goal.due, status=status, seen_at=goal.made_at)
    return community


def test_a_manager_finds_the_store_behind_and_what_it_did_not_do(
    stores: list[Community], manager: Staff, open_page: OpenPage, assert_accessible: Callable[[Page], None]
) -> None:
    page = open_page("/", staff=manager)
    page.get_by_role("link", name="督导").click()
    first = page.locator(".board tbody tr").first
    assert "木棉店" in first.inner_text()
    assert page.locator(".board tr.flagged").count() == 1
    assert page.locator(".strip").count() == 4
    assert_accessible(page)
    first.locator(".cell-deviation a").click()
    drawer = page.locator("#drawer")
    drawer.locator(".due-lines").wait_for()
    assert drawer.locator(".due-lines li").count() == 5
    assert_accessible(page)
    page.keyboard.press("Escape")
    first.get_by_role("link", name="木棉店").click()
    page.get_by_role("heading", name="木棉店").first.wait_for()
    page.get_by_label("木棉店及以下允许的偏差（百分比）").fill("30")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("允许的偏差已保存。").wait_for()
    assert [str(one.percent) for one in Tolerance.objects.all()] == ["30.0"]
    page.locator(".crumbs a", has_text="华东区").click()
    page.locator(".board").wait_for()
    assert page.locator(".board tr.flagged").count() == 0


def test_the_order_is_turned_by_a_heading_and_the_lines_by_a_switch(
    stores: list[Community], manager: Staff, open_page: OpenPage
) -> None:
    page = open_page(reverse("supervision"), staff=manager)
    page.get_by_role("link", name="活跃率", exact=True).click()
    page.locator("th[aria-sort=ascending]", has_text="活跃率").wait_for()
    assert "滨江店" in page.locator(".board tbody tr").first.inner_text()
    page.get_by_role("link", name="社群", exact=True).last.click()
    page.locator(".board a", has_text="木棉店花友群").wait_for()


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "language", "theme", "viewport"),
    [
        ("supervision-zh-light", "zh-hans", "light", (1366, 850)),
        ("supervision-en-dark", "en", "dark", (1366, 850)),
        ("supervision-zh-phone", "zh-hans", "light", PHONE),
        ("supervision-en-phone-dark", "en", "dark", PHONE),
    ],
)
def test_it_can_be_read_everywhere(
    stores: list[Community],
    manager: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
    name: str,
    language: str,
    theme: str,
    viewport: tuple[int, int],
) -> None:
    page = open_page(reverse("supervision"), staff=manager, language=language, theme=theme, viewport=viewport)
    page.locator(".board").wait_for()
    assert_fits(page)
    assert_accessible(page)
    snap(page, name)
