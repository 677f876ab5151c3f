"""What becomes of a delivery, whatever the platform does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from django.utils.translation import override

from qunying.do.reach.models import Bucket, Delivery, Lane
from qunying.do.reach.sending import (
    LOST_AFTER,
    after_restore,
    claim_next,
    deliver,
    due_now,
    find_lost,
    pause_after,
    send_one,
)
from qunying.do.reach.services import cancel_sending
from qunying.do.reach.services_outcomes import send_refused_again
from qunying.do.reach.tasks import hand_out_due, send_through
from qunying.ground.platforms.port import Action, Limit
from tests.do.reach.conftest import due_again, states

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Measure, Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import LoopbackConnector, Platform

pytestmark = pytest.mark.django_db
Release = "Callable[..., Sending]"


@pytest.fixture
def sending(released: Callable[..., Sending], connected: list[Group]) -> Sending:
    """To the first group."""
    return released(connected[:1])


def test_a_busy_platform_is_asked_again_when_it_says_so_with_the_same_key(
    sending: Sending, account: Account, platform: Platform
) -> None:
    platform.answers = [429]
    send_through(account.pk)
    [one] = sending.deliveries.all()
    assert (one.state, one.why, one.attempts) == ("waiting", "Too much.", 1)
    assert timedelta(seconds=25) < one.due_at - timezone.now() < timedelta(seconds=31)
    due_again(sending)
    assert send_through(account.pk) == 0
    Lane.objects.update(closed_until=None)
    send_through(account.pk)
    assert states(sending) == ["sent"]
    assert platform.seen() == {one.named: 2}
    assert [kept["key"] for kept in platform.kept] == [one.named]


def test_while_a_platform_is_busy_nothing_else_leaves_there(
    released: Callable[..., Sending], connected: list[Group], account: Account, platform: Platform
) -> None:
    sending = released(connected)
    platform.answers = [429]
    send_through(account.pk)
    assert len(platform.came) == 1
    assert hand_out_due() == 0
    assert states(sending) == ["waiting", "waiting", "waiting"]


def test_a_killed_platform_is_waited_for(sending: Sending, account: Account) -> None:
    account.settings = {"address": "http://127.0.0.1:9"}
    account.save()
    send_through(account.pk)
    [one] = sending.deliveries.all()
    assert (one.state, one.why) == ("waiting", "Nobody answers there.")


def test_a_refusal_is_final_until_somebody_tries_again(
    sending: Sending, account: Account, platform: Platform, specialist: Staff
) -> None:
    platform.answers = [403]
    send_through(account.pk)
    [one] = sending.deliveries.all()
    assert (one.state, one.why) == ("refused", "It said no.")
    assert send_refused_again(sending, by=specialist) == 1
    send_through(account.pk)
    assert states(sending) == ["sent"]
    assert [kept["key"] for kept in platform.kept] == [one.named]


@pytest.mark.parametrize("trouble", [{"broken": True}, {"slow": 1.5}])
def test_silence_is_unknown_and_never_sent_again_by_itself(
    sending: Sending, account: Account, platform: Platform, trouble: dict[str, float]
) -> None:
    for name, value in trouble.items():
        setattr(platform, name, value)
    send_through(account.pk)
    due_again(sending)
    send_through(account.pk)
    assert states(sending) == ["unknown"]
    assert list(platform.seen().values()) == [1]


def test_a_connector_that_stumbles_leaves_it_unknown(sending: Sending, account: Account) -> None:
    account.settings = {}
    account.save()
    send_through(account.pk)
    assert states(sending) == ["unknown"]


def test_what_nobody_ended_becomes_unknown_and_a_late_answer_still_counts(
    sending: Sending, account: Account, platform: Platform
) -> None:
    claimed, _more = claim_next(due_now(timezone.now()))
    assert claimed is not None
    assert find_lost() == 0
    claimed.claimed_at = timezone.now() - LOST_AFTER - timedelta(seconds=1)
    Delivery.objects.filter(pk=claimed.pk).update(claimed_at=claimed.claimed_at)
    assert find_lost() == 1
    assert states(sending) == ["unknown"]
    assert send_through(account.pk) == 0
    deliver(claimed)
    assert states(sending) == ["sent"]


def test_calling_off_in_the_middle_lets_arrive_what_is_on_its_way(
    released: Callable[..., Sending], connected: list[Group], account: Account, specialist: Staff, platform: Platform
) -> None:
    sending = released(connected)
    claimed, _more = claim_next(due_now(timezone.now()))
    assert claimed is not None
    assert cancel_sending(sending, by=specialist) == 2
    deliver(claimed)
    assert send_through(account.pk) == 0
    assert states(sending) == ["sent", "cancelled", "cancelled"]


def test_nobody_claims_what_another_has(sending: Sending) -> None:
    assert claim_next(due_now(timezone.now()))[0] is not None
    assert claim_next(due_now(timezone.now())) == (None, False)
    assert not send_one(sending.deliveries.get().pk)


def test_one_is_sent_at_once_from_the_process_at_hand(sending: Sending, platform: Platform) -> None:
    pk = sending.deliveries.get().pk
    assert send_one(pk)
    assert not send_one(pk)
    assert states(sending) == ["sent"]
    assert len(platform.came) == 1


def test_limits_of_the_platform_are_shared_and_kept(
    released: Callable[..., Sending],
    connected: list[Group],
    account: Account,
    connector: LoopbackConnector,
    platform: Platform,
) -> None:
    connector.limits = (Limit(frozenset({Action.SEND}), 2, timedelta(minutes=1)),)
    sending = released(connected)
    assert send_through(account.pk) == 3
    assert [one["to"] for one in platform.kept] == ["!1", "!2"]
    last = sending.deliveries.order_by("pk").last()
    assert last is not None
    assert (last.state, last.held_by) == ("waiting", "limits")
    assert timedelta(seconds=25) < last.due_at - timezone.now() < timedelta(seconds=31)
    Bucket.objects.update(at=timezone.now() - timedelta(seconds=31))
    due_again(sending)
    send_through(account.pk)
    assert [one["to"] for one in platform.kept] == ["!1", "!2", "!3"]


def test_after_a_restore_a_person_is_asked_about_what_was_due(sending: Sending, account: Account) -> None:
    assert after_restore() == 1
    assert send_through(account.pk) == 0
    assert states(sending) == ["unknown"]


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_after(times).total_seconds() for times in (1, 2, 3, 30)] == [5, 10, 20, 3600]


def test_no_number_given_again_after_a_restore_names_two_deliveries(
    released: Callable[..., Sending], connected: list[Group], account: Account, platform: Platform
) -> None:
    for _time in ("before the copy was made", "after it was brought back"):
        sending = released(connected[:1])
        Delivery.objects.filter(sending=sending.pk).update(key="reach:1000:group:1")
        send_through(account.pk)
        Delivery.objects.all().delete()
    assert list(platform.seen().values()) == [1, 1]


def test_why_it_waits_is_said_in_the_readers_language(sending: Sending, account: Account, wide_open: Measure) -> None:
    account.paused_at = timezone.now()
    account.save()
    with override("zh-hans"):
        send_through(account.pk)
        assert sending.deliveries.get().why == "账号“小店机器人”已暂停。"
    with override("en"):
        assert sending.deliveries.get().why == "The account “小店机器人” is paused."
