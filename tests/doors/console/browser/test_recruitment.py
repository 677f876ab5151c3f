"""A channel and the page behind its link, in a real browser: a colleague at a laptop, a visitor with a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.doors.h5.pages import PACE
from tests.support.browser import PHONE
from tests.support.recruitment import link_of, make_channel, put_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_finds_the_group_that_a_colleague_put_up(
    community: Community,
    group: Group,
    specialist: Staff,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    PACE.forget()
    channel = make_channel(community, wanted="住在附近、爱花的人")
    put_up(group, people=120)
    for name, viewport, theme in (("list", (1366, 768), "light"), ("pictures", PHONE, "dark")):
        at = reverse("channels" if name == "list" else "join_pictures", args=["flowers"])
        page = open_page(at, staff=specialist, viewport=viewport, theme=theme)
        assert_accessible(page)
        assert_fits(page)
        snap(page, f"recruitment-{name}")
    page = open_page(reverse("channel", args=["flowers", channel.pk]), staff=specialist, language="en")
    assert page.locator(".printed-code").evaluate("image => image.naturalWidth") > 0
    assert_accessible(page)
    snap(page, "recruitment-channel-en")

    visitor = open_page(reverse("landing", args=[link_of(channel).code]), viewport=PHONE)
    assert visitor.locator("h1").inner_text() == "花友会"
    assert visitor.locator(".code").evaluate("image => image.naturalWidth") > 0
    assert visitor.evaluate("document.scripts.length") == 0
    assert_fits(visitor)
    assert_accessible(visitor)
    snap(visitor, "landing")
    visitor.emulate_media(color_scheme="dark")
    assert_accessible(visitor)
    snap(visitor, "landing-dark")
