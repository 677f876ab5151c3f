"""An account on OneBot whose notice was accepted, and a group it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from qunying.ground.events.models import Event
from qunying.ground.groups.lately import forget
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.notices import accept_notice
from qunying.ground.platforms.services import connect_account
from tests.support.cast import TESTS
from tests.support.onebot import OWN, SECRET, TOKEN, Bot, Server, as_body, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

GROUP = 70001


@pytest.fixture
def bot(settings: SettingsWrapper) -> Iterator[Bot]:
    """The program, answering; whatever was wrong with a request fails the test."""
    played = Bot()
    played.open_group(GROUP, 20001, 20002)
    server = Server(played)
    settings.INSIDE_HOSTS = frozenset({"127.0.0.1"})
    settings.ONEBOT_URL_OF_TESTS = server.url
    yield played
    server.close()
    assert played.faults == []


@pytest.fixture
def shut(bot: Bot, settings: SettingsWrapper, units: Units, community: Community) -> Account:
    """The account, before anybody accepted the notice."""
    forget()
    given = {"number": str(OWN), "api": settings.ONEBOT_URL_OF_TESTS, "token": TOKEN, "secret": SECRET}
    given |= {"check_in": "签到"}
    return connect_account("onebot", name="小号", given=given, unit=units.shop, by=TESTS)


@dataclass
class Shop:
    """A group of the account, tied, with the door at which events arrive."""

    group: Group
    account: Account
    bot: Bot

    def hear(self, *events: Mapping[str, Any]) -> list[int]:
        """Bring events, signed; what the door answered."""
        return [self.knock(as_body(event)).status_code for event in events]

    def knock(self, body: bytes, headers: dict[str, str] | None = None) -> Any:
        """Bring a body."""
        return knock(self.account, body, signed(body) if headers is None else headers)

    def facts(self, *kinds: str) -> list[Event]:
        """The group's facts of these kinds, in their order."""
        rows = Event.objects.filter(group=self.group, kind__in=kinds).select_related("identity", "target_identity")
        return list(rows.order_by("pk"))


def knock(account: Account, body: bytes, headers: dict[str, str]) -> Any:
    """Bring a body to the door of an account."""
    with override("en"):  # a request leaves its own language behind
        path = f"/callbacks/onebot/{account.pk}/events"
        return Browser().post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def shop(shut: Account, bot: Bot, community: Community) -> Shop:
    """The group, tied, the notice accepted."""
    accept_notice(shut, by=TESTS)
    group = adopt_group(shut, community=community, name="花友群", external_id=str(GROUP), by=TESTS)
    return Shop(group, shut, bot)
