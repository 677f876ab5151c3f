"""A corp played on this machine, an account on it, a group tied, and a postman between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils.translation import override

from qunying.connectors.wecom.models import Heard
from qunying.connectors.wecom.tasks import understand
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.services import connect_account
from qunying.ground.syncs.services import reconcile_group
from tests.support.cast import TESTS
from tests.support.wecom import CORP, KEY, SECRET, TOKEN, Corp, Postman, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

WELCOME = "你好，欢迎来到花店！"
GIVEN = {
    "corp": CORP,
    "secret": SECRET,
    "token": TOKEN,
    "aes_key": KEY,
    "address": "https://qunying.example.com",
    "community": "flowers",
    "welcome": WELCOME,
}


@pytest.fixture
def corp(settings: SettingsWrapper) -> Iterator[Corp]:
    """The corp, answering; whatever was wrong with a request or an answer fails the test."""
    played = Corp()
    server = Server(played)
    settings.WECOM_HOST_OF_TESTS = server.url
    yield played
    server.close()
    assert played.faults == []


@pytest.fixture
def account(corp: Corp, units: Units, community: Community) -> Account:
    """The account of 花店一店 on the corp; contacts belong to the flower shop's community."""
    cache.clear()
    return connect_account("wecom", name="花店", given=GIVEN, unit=units.shop, by=TESTS)


def door(account: Account) -> str:
    """The address at which events arrive."""
    return f"/callbacks/wecom/{account.pk}/events"


@pytest.fixture
def postman(account: Account) -> Postman:
    """Brings what happens in the corp to the account's door."""

    def knock(query: str, body: bytes) -> int:
        with override("en"):  # a request leaves its own language behind
            return Browser().post(f"{door(account)}?{query}", body, content_type="text/xml").status_code

    return Postman(knock)


@dataclass
class Shop:
    """A customer group of 阿强's with 小美 in it, tied to a group and compared once."""

    id: str
    group: Group
    corp: Corp
    postman: Postman

    def hear(self, *letters: bytes) -> None:
        """Bring events and have a worker understand what waits."""
        assert set(self.postman.carry(*letters)) <= {200}
        work_off()

    def present(self) -> list[str]:
        """Ids of who is in the group by our facts."""
        rows = Membership.objects.filter(group=self.group, left_at__isnull=True)
        return sorted(rows.values_list("identity__external_id", flat=True))

    def facts(self, *kinds: str) -> list[Event]:
        """The group's facts of these kinds, in their order."""
        rows = Event.objects.filter(group=self.group, kind__in=kinds).select_related("identity", "target_identity")
        return list(rows.order_by("pk"))


def work_off() -> None:
    """What a worker does with what waits, in the order it came."""
    for heard in Heard.objects.filter(state=Heard.State.WAITING).order_by("pk"):
        understand(heard.account_id, bytes(heard.digest).hex())


@pytest.fixture
def shop(corp: Corp, account: Account, community: Community, postman: Postman) -> Shop:
    """The group, as it is after it was tied and compared."""
    chat = corp.open_chat("花友一群", "aqiang", members=["wmxiaomei"])
    group = adopt_group(account, community=community, name="花友一群", external_id=chat, by=TESTS)
    assert reconcile_group(group).joined == 2
    corp.asked.clear()
    return Shop(chat, group, corp, postman)


def told(row: Any) -> tuple[str, str, str]:
    """Who, by whom, by which channel."""
    return row.identity.external_id, row.target_identity.external_id if row.target_identity else "", row.channel_key
