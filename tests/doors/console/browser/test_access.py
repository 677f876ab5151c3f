"""Signing in and the pages of staff and system, in a real browser: both languages, light and dark, laptop and phone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from qunying.ground.audit.services import seal_acts
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.jobs.models import Job
from qunying.ground.units.models import Unit
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.support.browser import OpenPage
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)
Check = "Callable[[Page], None]"


@pytest.fixture(autouse=True)
def _own_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    cache.clear()


@pytest.fixture
def story(
    units: Units,
    community: Community,
    other_community: Community,
    xiaomei: Member,
    lead: Staff,
    specialist: Staff,
    reviewer: Staff,
    outsider: Staff,
) -> dict[str, int]:
    """A running job, a failed one, a fact set aside, acts sealed and not."""
    begun = timezone.now() - timedelta(minutes=4)
    job = Job.objects.create(
        kind="import", actor=lead.actor_key, unit=units.shop, state="running", done=4200, total=20000, started_at=begun
    )
    Job.objects.create(
        kind="import", actor=specialist.actor_key, unit=units.shop, state="failed", error="文件不是它声称的格式。"
    )
    ParkedEvent.objects.create(
        follower="warehouse", event=Event.objects.get(), error="Traceback…\nValueError: the lake is dry", attempts=3
    )
    seal_acts(5)
    return {"unit": units.shop.pk, "person": specialist.pk, "job": job.pk}


def addresses(story: dict[str, int]) -> dict[str, str]:
    with_ids = {name: reverse(name, args=[story[name]]) for name in ("unit", "person", "job")}
    plain = ("units", "unit_new", "staff", "staff_new", "roles", "jobs", "followers", "audit", "profile", "mfa_index")
    return with_ids | {name: reverse(name) for name in plain}


def test_sign_in_by_hand(
    lead: Staff, community: Community, open_page: OpenPage, snap: Callable[[Page, str], None], assert_accessible: Check
) -> None:
    page = open_page("/units/")
    assert page.url.endswith("/accounts/login/?next=/units/")
    snap(page, "access-login")
    assert_accessible(page)
    page.get_by_label("登录名或邮箱").fill("lead")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("登录名或密码不对").wait_for()
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/units/")
    page.locator(".person summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/")


@pytest.mark.once
def test_every_page_in_chinese_on_a_laptop(
    director: Staff,
    story: dict[str, int],
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    page = open_page("/units/", staff=director)
    for name, address in addresses(story).items():
        page.goto(address)
        assert_fits(page)
        assert_accessible(page)
        snap(page, f"access-{name}")


@pytest.mark.once
def test_every_page_in_english_in_the_dark(
    director: Staff,
    story: dict[str, int],
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Check,
) -> None:
    page = open_page("/units/", staff=director, language="en", theme="dark")
    for name, address in addresses(story).items():
        page.goto(address)
        assert_accessible(page)
        snap(page, f"access-{name}-en-dark")


@pytest.mark.once
def test_every_page_on_a_phone(
    director: Staff,
    story: dict[str, int],
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_fits: Check,
) -> None:
    page = open_page("/units/", staff=director, viewport=PHONE)
    for name, address in addresses(story).items():
        page.goto(address)
        assert_fits(page)
        snap(page, f"access-{name}-phone")


def test_the_seals_are_checked_without_leaving_the_page(
    director: Staff, story: dict[str, int], open_page: OpenPage, snap: Callable[[Page, str], None]
) -> None:
    page = open_page(reverse("audit"), staff=director)
    page.get_by_role("button", name="核对封存").click()
    page.get_by_text("审计记录完整").wait_for()
    snap(page, "access-audit-checked")


def test_a_removal_waits_for_the_typed_name(director: Staff, units: Units, open_page: OpenPage) -> None:
    page = open_page(reverse("unit", args=[units.shop.pk]), staff=director)
    page.get_by_role("button", name="删除").click()
    confirm = page.locator("dialog[open] button[type=submit]")
    assert confirm.is_disabled()
    page.locator("dialog[open] input[name=typed]").fill("花店一店")
    confirm.click()
    page.get_by_text("“花店一店”已删除。").wait_for()
    assert not Unit.objects.filter(pk=units.shop.pk).exists()


def test_the_second_step_is_set_up_by_hand(
    lead: Staff, community: Community, open_page: OpenPage, snap: Callable[[Page, str], None], assert_accessible: Check
) -> None:
    page = open_page(reverse("mfa_index"), staff=lead, theme="dark")
    page.get_by_role("link", name="设置").last.click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    page.locator("img.second-step-code").wait_for()
    assert page.locator("img.second-step-code").evaluate("image => image.naturalWidth") > 0
    assert_accessible(page)
    snap(page, "access-second-step-dark")


@pytest.mark.once
def test_the_language_switch_changes_the_page_at_once(lead: Staff, community: Community, open_page: OpenPage) -> None:
    page = open_page("/units/", staff=lead)
    page.get_by_role("button", name="EN").click()
    page.get_by_role("heading", name="Units").wait_for()
    lead.refresh_from_db()
    assert lead.language == "en"
