"""An official account played on this machine, ours on it, its followers tied, and a postman between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils.translation import override

from qunying.ground.events.models import Event
from qunying.ground.groups.lately import forget
from qunying.ground.groups.models import Membership
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.services import connect_account
from tests.support.cast import TESTS
from tests.support.official_account import APP, KEY, SECRET, TOKEN, Office, Postman
from tests.support.wecom import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

GIVEN = {
    "app": APP,
    "secret": SECRET,
    "token": TOKEN,
    "aes_key": KEY,
    "address": "https://qunying.example.com",
}


@pytest.fixture
def office(settings: SettingsWrapper) -> Iterator[Office]:
    """The account at WeChat, answering; whatever was wrong with a request or an answer fails the test."""
    played = Office()
    server = Server(played)  # type: ignore[arg-type]
    settings.OFFICIAL_HOST_OF_TESTS = server.url
    yield played
    server.close()
    assert played.faults == []


@pytest.fixture
def account(office: Office, units: Units) -> Account:
    """Our side of it, with 花店一店."""
    cache.clear()
    forget()
    return connect_account("wechat_official", name="花店", given=GIVEN, unit=units.shop, by=TESTS)


def door(account: Account) -> str:
    """The address at which letters arrive."""
    return f"/callbacks/wechat_official/{account.pk}/events"


@pytest.fixture
def postman(account: Account) -> Postman:
    """Brings what happens to the account's door."""

    def knock(query: str, body: bytes) -> int:
        with override("en"):  # a request leaves its own language behind
            return Browser().post(f"{door(account)}?{query}", body, content_type="text/xml").status_code

    return Postman(knock)


@dataclass
class House:
    """The followers of the account, tied to the flower shop's community."""

    group: Group
    office: Office
    postman: Postman

    def hear(self, *letters: bytes) -> None:
        """Bring letters, all of which are taken."""
        assert set(self.postman.carry(*letters)) <= {200}

    def present(self) -> list[str]:
        """Who follows by our facts."""
        rows = Membership.objects.filter(group=self.group, left_at__isnull=True)
        return sorted(rows.values_list("identity__external_id", flat=True))

    def facts(self, *kinds: str) -> list[Event]:
        """Facts of these kinds (all of them, where none is named), in their order."""
        rows = Event.objects.filter(group=self.group).select_related("identity").order_by("pk")
        return list(rows.filter(kind__in=kinds) if kinds else rows)


@pytest.fixture
def house(office: Office, account: Account, community: Community, postman: Postman) -> House:
    """The followers as a group."""
    group = adopt_group(account, community=community, name="公众号粉丝", external_id=APP, by=TESTS)
    forget()
    return House(group, office, postman)
