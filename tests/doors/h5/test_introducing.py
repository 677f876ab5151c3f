"""A page for members knows who writes where they said so in WeChat: state checked, way back fixed, nobody mistaken."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from qunying.doors.h5.introducing import ASKING
from qunying.doors.h5.pages import PACE
from qunying.doors.h5.submitting import SENDING
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.members.models import Identity
from qunying.ground.platforms.services import connect_account
from qunying.plan.content.models import Submission
from qunying.plan.content.services_submissions import close_call
from tests.support.cast import TESTS
from tests.support.content import make_call
from tests.support.official_account import APP, SECRET, Office
from tests.support.wecom import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Call
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
GIVEN = {"name": "小美", "words": "开花了", "right": "own", "agreed": "1", "website": ""}
WECHAT = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"


@pytest.fixture
def office(settings: SettingsWrapper, units: Units, community: Community) -> Iterator[Office]:
    """An official account whose followers are tied to the community."""
    played = Office()
    server = Server(played)  # type: ignore[arg-type]
    settings.OFFICIAL_HOST_OF_TESTS, settings.PUBLIC_URL = server.url, "https://qunying.test/"
    cache.clear()
    given = {"app": APP, "secret": SECRET}
    account = connect_account("wechat_official", name="花店公众号", given=given, unit=units.shop, by=TESTS)
    adopt_group(account, community=community, name="公众号粉丝", external_id=APP, by=TESTS)
    for one in (PACE, SENDING, ASKING):
        one.forget()
    yield played
    server.close()
    assert played.faults == []


@pytest.fixture
def call(community: Community) -> Call:
    return make_call(community)


def browser(agent: str = WECHAT) -> Client:
    return Client(headers={"Accept-Language": "zh-CN", "User-Agent": agent})


def sent_away(client: Client, call: Call) -> dict[str, str]:
    """What WeChat is asked, after the link was pressed."""
    away = client.get(reverse("introduce", args=[call.code]))
    assert away.status_code == 302
    parts = urlsplit(away.headers["Location"])
    assert (parts.netloc, parts.path, parts.fragment) == (
        "open.weixin.qq.com",
        "/connect/oauth2/authorize",
        "wechat_redirect",
    )
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def come_back(client: Client, state: str, code: str = "c1") -> int:
    return client.get(reverse("introduced"), {"code": code, "state": state}).status_code


def test_who_pressed_the_link_is_known_to_the_team(office: Office, call: Call) -> None:
    client, at = browser(), reverse("send_in", args=[call.code])
    assert reverse("introduce", args=[call.code]) in client.get(at).content.decode()
    asked = sent_away(client, call)
    assert asked.pop("state").isalnum()
    assert asked == {
        "appid": APP,
        "redirect_uri": "https://qunying.test/w/by/back",
        "response_type": "code",
        "scope": "snsapi_base",
    }
    state = sent_away(client, call)["state"]
    office.signed_in["c1"] = {"openid": "o1", "access_token": "t", "scope": "snsapi_base", "unionid": "u1"}
    assert come_back(client, state) == 303
    assert "花店公众号" in client.get(at).content.decode()
    client.post(at, GIVEN)
    one = Submission.objects.get()
    identity = Identity.objects.get(platform="wechat_official", external_id="o1")
    assert (one.member_id, identity.union_id) == (identity.member_id, "u1")


def test_another_state_another_browser_and_a_used_code_are_refused(office: Office, call: Call) -> None:
    client, other = browser(), browser()
    state = sent_away(client, call)["state"]
    office.signed_in["c1"] = {"openid": "o1"}
    assert [come_back(client, "0" * 32), come_back(client, ""), come_back(other, state)] == [400, 400, 400]
    assert "c1" in office.signed_in
    assert come_back(client, state, code="x" * 513) == 400
    assert come_back(client, state) == 303
    assert come_back(client, state) == 400  # the state is gone with its cookie
    again = sent_away(client, call)["state"]
    assert come_back(client, again) == 400  # WeChat does not know the code any more


def test_nobody_is_known_on_another_page_or_by_a_forged_cookie(
    office: Office, call: Call, community: Community
) -> None:
    client = browser()
    state = sent_away(client, call)["state"]
    office.signed_in["c1"] = {"openid": "o1"}
    come_back(client, state)
    other = make_call(community)
    client.post(reverse("send_in", args=[other.code]), GIVEN)
    forger = browser()
    forger.cookies["known"] = f'["{call.code}", "wechat_official", "shop", "o2", ""]:x:y'
    forger.post(reverse("send_in", args=[call.code]), GIVEN)
    assert [one.member for one in Submission.objects.all()] == [None, None]
    assert not Identity.objects.filter(platform="wechat_official").exists()


def test_what_is_refused_makes_nobody(office: Office, call: Call) -> None:
    client = browser()
    state = sent_away(client, call)["state"]
    office.signed_in["c1"] = {"openid": "o1"}
    come_back(client, state)
    assert client.post(reverse("send_in", args=[call.code]), GIVEN | {"name": ""}).status_code == 400
    assert not Identity.objects.filter(platform="wechat_official").exists()


def test_the_link_is_there_in_wechat_alone_and_while_the_page_is_open(office: Office, call: Call) -> None:
    at, link = reverse("send_in", args=[call.code]), reverse("introduce", args=[call.code])
    for agent in ("Mozilla/5.0 Firefox/130", "MicroMessenger/8.0 wxwork/4.1"):
        assert link not in browser(agent).get(at).content.decode()
        assert browser(agent).get(link).status_code == 404
    close_call(call, by=TESTS)
    assert browser().get(link).status_code == 404


def test_where_wechat_does_not_answer_that_is_said(office: Office, call: Call, settings: SettingsWrapper) -> None:
    client = browser()
    state = sent_away(client, call)["state"]
    settings.OFFICIAL_HOST_OF_TESTS = "http://127.0.0.1:9"
    answer = client.get(reverse("introduced"), {"code": "c1", "state": state})
    assert (answer.status_code, "现在连不上微信" in answer.content.decode()) == (400, True)
