"""A journey from empty to released, in a real browser: every step put in by hand, read on a phone by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from qunying.do.journeys.models import Journey
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.browser import OpenPage

PATIENCE = 30_000
"""Milliseconds: what is looked for comes at once on a quiet machine."""

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_journey_is_written_and_another_person_releases_it(
    community: Community,
    group: Group,
    specialist: Staff,
    lead: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    page = open_page(reverse("journey_new", args=["flowers"]), staff=specialist, language="en", allow=("400",))
    page.set_default_timeout(PATIENCE)
    page.fill("[name=name]", "Greeting")
    page.check("[name=from][value=empty]")
    page.click("text=Write it")
    _add(page, "0", "welcome")
    page.fill("[name=words]", "Welcome, {name}")
    _save(page, "#step-s1")
    _add(page, "1", "wait")
    page.fill("[name=days]", "0")
    page.click("#flow button[value=save]")
    expect(page.locator("#flow [role=alert]")).to_contain_text("Say how long to wait", timeout=PATIENCE)
    page.fill("[name=days]", "2")
    _save(page, "#step-s2")
    _add(page, "2", "branch")
    page.fill("[name='0:times']", "3")
    expect(page.locator("#segment-form .asked-words")).to_be_visible(timeout=PATIENCE)
    _save(page, "#step-s3")
    _add(page, "2.then.0", "say")
    page.fill("[name=words]", "Thank you")
    _save(page, "#step-s4")
    assert_accessible(page)
    snap(page, "journey-edit")

    page.click("text=Look at it")
    page.click("button:has-text('Hand in')")
    expect(page.locator("main")).to_contain_text("It waits for somebody else", timeout=PATIENCE)
    journey = Journey.objects.get()
    phone = open_page(reverse("journey", args=[journey.pk]), staff=lead, viewport=PHONE, theme="dark")
    assert_accessible(phone)
    assert_fits(phone)
    snap(phone, "journey-phone")
    phone.click("button:has-text('放行')")
    expect(phone.locator("main")).to_contain_text("已放行", timeout=PATIENCE)
    journey.refresh_from_db()
    assert journey.state == "running"


def _add(page: Page, place: str, kind: str) -> None:
    slot = page.locator(f"[id='at-{place}']")
    slot.locator(".flow-plus").click()
    slot.locator(f"a[href*='kind={kind}']").click()
    expect(slot.locator("form")).to_be_visible(timeout=PATIENCE)


def _save(page: Page, card: str) -> None:
    page.click("#flow button[value=save]")
    expect(page.locator(card)).to_be_visible(timeout=PATIENCE)
