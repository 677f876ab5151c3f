"""What people find out about deliveries, and trying again without ever sending twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.reach.services_outcomes import send_refused_again, settle_delivery
from qunying.do.reach.tasks import send_through
from qunying.kit.errors import NotAllowedError
from tests.do.reach.conftest import states

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def sending(released: Callable[..., Sending], connected: list[Group]) -> Sending:
    """To the first group."""
    return released(connected[:1])


def test_trying_again_leaves_alone_what_arrived(
    released: Callable[..., Sending],
    connected: list[Group],
    account: Account,
    platform: Platform,
    specialist: Staff,
) -> None:
    sending = released(connected)
    platform.answers = [200, 403, 200]
    send_through(account.pk)
    assert states(sending) == ["sent", "refused", "sent"]
    assert send_refused_again(sending, by=specialist) == 1
    assert send_refused_again(sending, by=specialist) == 0
    send_through(account.pk)
    assert [kept["to"] for kept in platform.kept] == ["!1", "!3", "!2"]


def test_an_unknown_one_that_arrived_counts_as_sent(
    sending: Sending, account: Account, platform: Platform, specialist: Staff
) -> None:
    platform.broken = True
    send_through(account.pk)
    platform.broken = False
    settle_delivery(sending.deliveries.get(), arrived=True, by=specialist)
    send_through(account.pk)
    assert states(sending) == ["sent"]
    assert len(platform.came) == 1


def test_an_unknown_one_that_is_missing_is_sent_with_a_key_of_its_own(
    sending: Sending, account: Account, platform: Platform, specialist: Staff
) -> None:
    platform.broken = True
    send_through(account.pk)
    platform.broken = False
    first = sending.deliveries.get()
    fresh = settle_delivery(first, arrived=False, by=specialist)
    send_through(account.pk)
    assert states(sending) == ["cancelled", "sent"]
    assert (fresh.key, platform.seen()) == (f"{first.key}~2", {first.named: 1, fresh.named: 1})


def test_nobody_else_answers_for_it(sending: Sending, reviewer: Staff, outsider: Staff) -> None:
    for stranger in (reviewer, outsider):
        with pytest.raises(NotAllowedError):
            settle_delivery(sending.deliveries.get(), arrived=True, by=stranger)
        with pytest.raises(NotAllowedError):
            send_refused_again(sending, by=stranger)
