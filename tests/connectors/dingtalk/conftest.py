"""An organisation on DingTalk played on this machine, our account on it, and a group tied to a community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.services import connect_account
from tests.support.cast import TESTS
from tests.support.dingtalk import GROUP, KEY, SECRET, SIGN, WEBHOOK, Corp
from tests.support.wecom import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

GIVEN = {"key": KEY, "secret": SECRET, "template": "tpl-1", "webhook": WEBHOOK, "sign": SIGN}


@pytest.fixture
def corp(settings: SettingsWrapper) -> Iterator[Corp]:
    """The organisation, answering; whatever was wrong with a request or an answer fails the test."""
    played = Corp()
    server = Server(played)  # type: ignore[arg-type]
    settings.DINGTALK_HOST_OF_TESTS = server.url
    yield played
    server.close()
    assert played.faults == []


@pytest.fixture
def account(corp: Corp, units: Units) -> Account:
    """Our account, with an app and a custom robot."""
    cache.clear()
    return connect_account("dingtalk", name="花店", given=GIVEN, unit=units.shop, by=TESTS)


@pytest.fixture
def group(account: Account, community: Community) -> Group:
    """A group in which the robot stands."""
    return adopt_group(account, community=community, name="花友钉群", external_id=GROUP, by=TESTS)
