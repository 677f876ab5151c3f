"""Short links: nobody makes one up, programs are not counted, and they lead where it was released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import caches
from django.test import Client

from qunying.do.reach.links import check_target, find_link, make_link
from qunying.do.reach.tasks import send_through
from qunying.ground.events.models import Event
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from qunying.do.reach.models import Sending, ShortLink
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example/a?b=1&c=%E8%8A%B1"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    caches["process"].clear()


@pytest.fixture
def link(community: Community) -> ShortLink:
    """To the shop."""
    return make_link(SHOP, community=community)


def tap(link: ShortLink, agent: str = PHONE, **headers: str) -> tuple[int, str]:
    """What somebody is answered who follows it."""
    answer = Client().get(f"/l/{link.code}?next=https://evil.example/", headers={"user-agent": agent, **headers})
    link.refresh_from_db()
    return answer.status_code, answer.headers["Location"]


def test_it_leads_only_where_it_was_made_to_lead(link: ShortLink) -> None:
    assert tap(link, Host="testserver") == (302, SHOP)


def test_a_person_counts_once_in_ten_minutes(link: ShortLink) -> None:
    for _time in range(3):
        tap(link)
    caches["process"].clear()
    tap(link)
    assert link.clicks == 1
    tap(link, agent=f"{PHONE} another")
    assert link.clicks == 2
    assert list(Event.objects.values_list("kind", "object_id")) == [("clicked", link.code)] * 2


@pytest.mark.parametrize(
    "agent", ["", "curl/8.0", "Googlebot/2.1", "Baiduspider", "WhatsApp/2.0", "Synapse (bot; +matrix)", "python-httpx"]
)
def test_programs_are_led_on_and_not_counted(link: ShortLink, agent: str) -> None:
    assert tap(link, agent=agent)[0] == 302
    assert link.clicks == 0


def test_what_a_browser_fetches_ahead_is_not_counted(link: ShortLink) -> None:
    tap(link, **{"Sec-Purpose": "prefetch;prerender"})
    Client().head(f"/l/{link.code}", headers={"user-agent": PHONE})
    link.refresh_from_db()
    assert link.clicks == 0


def test_one_address_cannot_count_without_end(link: ShortLink) -> None:
    for number in range(65):
        tap(link, agent=f"{PHONE} {number}")
    assert link.clicks == 60


def test_a_code_nobody_gave_out_is_not_even_looked_up(link: ShortLink, django_assert_num_queries: object) -> None:
    forged = ("a" if link.code[0] != "a" else "b") + link.code[1:]
    with django_assert_num_queries(0):  # type: ignore[operator] - pytest-django's
        for code in (forged, "x", "花", ""):
            with pytest.raises(NotFoundError):
                find_link(code)
    assert Client().get(f"/l/{forged}").status_code == 404


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example", "https://", "ftp://a.b/", "https://a:b@c.d/", "https://a.b/\nX: y"]
)
def test_it_leads_to_the_web_alone(url: str) -> None:
    with pytest.raises(QunyingError):
        check_target(url)


def test_a_sending_leads_each_group_by_a_link_of_its_own(
    released: Callable[..., Sending],
    connected: list[Group],
    account: Account,
    platform: Platform,
    settings: SettingsWrapper,
) -> None:
    settings.PUBLIC_URL = "https://qun.example"
    words = f"看这里：{SHOP}。还有{SHOP}，快来"
    sending = released(connected[:2], words=words, counts_clicks=True)
    send_through(account.pk)
    links = list(sending.links.all())
    assert [(link.group, link.url) for link in links] == [(group, SHOP) for group in connected[:2]]
    assert [one["words"] for one in platform.kept] == [
        f"看这里：https://qun.example/l/{link.code}。还有https://qun.example/l/{link.code}，快来" for link in links
    ]
