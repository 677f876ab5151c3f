"""A robot of QQ's, its account in the flower shop, and a group it is in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils.translation import override

from qunying.connectors.qq.models import Place
from qunying.ground.events.models import Event
from qunying.ground.groups.lately import forget
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.services import connect_account
from tests.support.cast import TESTS
from tests.support.qq import APP, SECRET, Platform, Server, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

GIVEN = {"app_id": APP, "secret": SECRET, "address": "https://qunying.example.com", "check_in": "签到"}


@pytest.fixture
def platform(settings: SettingsWrapper) -> Iterator[Platform]:
    """QQ, answering; whatever was wrong with a request fails the test."""
    played = Platform()
    server = Server(played)
    settings.QQ_HOST_OF_TESTS = server.url
    yield played
    server.close()
    assert played.faults == []


@pytest.fixture
def account(platform: Platform, units: Units, community: Community) -> Account:
    """The account of 花店一店's robot."""
    cache.clear()
    forget()
    return connect_account("qq", name="花小助", given=GIVEN, unit=units.shop, by=TESTS)


@dataclass
class Shop:
    """A group with 小美 and 阿强 in it, tied, with the door at which events arrive."""

    id: str
    group: Group
    account: Account
    platform: Platform

    def hear(self, *events: Mapping[str, Any]) -> list[int]:
        """Bring events, signed; what the door answered."""
        return [self.knock(json.dumps(event, ensure_ascii=False).encode()).status_code for event in events]

    def knock(self, body: bytes, headers: dict[str, str] | None = None) -> Any:
        """Bring a body."""
        with override("en"):  # a request leaves its own language behind
            return Browser().post(
                f"/callbacks/qq/{self.account.pk}/events",
                body,
                content_type="application/json",
                headers=signed(body) if headers is None else headers,
            )

    def facts(self, *kinds: str) -> list[Event]:
        """The group's facts of these kinds, in their order."""
        rows = Event.objects.filter(group=self.group, kind__in=kinds).select_related("identity", "target_identity")
        return list(rows.order_by("pk"))


@pytest.fixture
def shop(platform: Platform, account: Account, community: Community) -> Shop:
    """The group, tied."""
    openid = platform.open_chat("花友一群", "XIAOMEI", "AQIANG", "AYUE")
    group = adopt_group(account, community=community, name="花友一群", external_id=openid, by=TESTS)
    Place.objects.create(account=account, external_id=openid, name="花友一群", came_at=group.created_at)
    return Shop(openid, group, account, platform)
