"""What is left of a platform's limits: as the buckets say, with what has flowed in since."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.buckets import take_tokens, whats_left
from qunying.do.reach.models import Delivery
from qunying.ground.platforms.port import Action, Limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import LoopbackConnector

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(connector: LoopbackConnector) -> tuple[Limit, Limit]:
    """Ten in a hundred seconds for the account, four in a hundred for each group."""
    sends = frozenset({Action.SEND})
    made = (Limit(sends, 10, timedelta(seconds=100)), Limit(sends, 4, timedelta(seconds=100), each_group=True))
    connector.limits = made
    return made


def test_what_is_left_and_when_it_is_full_again(
    connected: list[Group], account: Account, limits: tuple[Limit, Limit]
) -> None:
    now = timezone.now()
    first, second, _third = connected
    assert [(one.group, one.left, one.full_at) for one in whats_left(account, connected, now)] == [
        (None, 10, None),
        (None, 4, None),
    ]
    for group in (first, first, second):
        one = Delivery(action="send", account=account, group=group, community=group.community)
        assert take_tokens(one, now) is None
    assert [(one.group, one.left, one.full_at) for one in whats_left(account, connected, now)] == [
        (None, 7, now + timedelta(seconds=30)),
        (first, 2, now + timedelta(seconds=50)),
        (second, 3, now + timedelta(seconds=25)),
    ]
    later = now + timedelta(seconds=25)
    assert [(one.group, one.left) for one in whats_left(account, connected, later)] == [(None, 9), (first, 3)]


def test_the_page_of_an_account_shows_it(
    client_for: Callable[..., Client],
    lead: Staff,
    connected: list[Group],
    account: Account,
    limits: tuple[Limit, Limit],
) -> None:
    one = Delivery(action="send", account=account, group=connected[0], community=connected[0].community)
    take_tokens(one, timezone.now() + timedelta(seconds=5))
    page = client_for(lead, "en").get(f"/platforms/{account.pk}/").content.decode()
    assert [words in page for words in ("10 in 100 seconds", "the whole account", "连上的1群")] == [True] * 3
