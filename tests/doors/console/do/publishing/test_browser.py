"""An approved entry goes out in a real browser: two groups chosen, sent, and how each of them fared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.do.publishing.models import Publication
from qunying.do.reach.tasks import send_through

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from qunying.plan.content.models import Entry
    from tests.support.browser import OpenPage
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_approved_goes_out_and_each_group_says_how_it_fared(
    open_page: OpenPage,
    entry: Entry,
    connected: list[Group],
    account: Account,
    platform: Platform,
    specialist: Staff,
) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - only browser tests pay for it

    page = open_page(reverse("entry", args=["flowers", entry.pk]), staff=specialist, language="en")
    page.get_by_role("link", name="Publish", exact=True).click()
    page.locator(f'input[name="groups"][value="{connected[2].pk}"]').uncheck()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("春天的第一束花")
    expect(page.get_by_text("It is on its way.")).to_be_visible()
    platform.answers = [403]
    send_through(account.pk)
    made = Publication.objects.get()
    page.goto(reverse("publication", args=["flowers", made.pk]))
    rows = page.locator("table").first.locator("tbody tr")
    expect(rows.filter(has_text="Sent")).to_have_count(1)
    expect(rows.filter(has_text="Refused")).to_have_count(1)
    page.get_by_role("button", name="did not leave again").click()
    expect(page.get_by_text("It is tried again; nothing arrives twice.")).to_be_visible()
