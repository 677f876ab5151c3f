"""What a platform tells later of what a person confirms there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.asking import GIVEN_UP_AFTER, ask, learn, pause_after, take_due
from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.services import cancel_sending
from qunying.do.reach.services_outcomes import close_finished
from qunying.do.reach.services_tasks import finish_task
from qunying.do.reach.tasks import ask_about, hand_out_questions, send_through
from qunying.ground.events.models import Event
from qunying.ground.platforms.outcomes import Outcome
from qunying.ground.platforms.port import BusyError, RefusedError
from tests.do.reach.conftest import states

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import LoopbackTeller

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.fixture
def sending(
    released: Callable[..., Sending], connected: list[Group], account: Account, teller: LoopbackTeller
) -> Sending:
    """To two groups, whose owners have to confirm it."""
    account.settings |= {"confirms": True}
    account.save()
    made = released(connected[:2])
    send_through(account.pk)
    return made


def due() -> list[int]:
    """The tasks to be asked about in this minute, whenever they were asked about last."""
    HandTask.objects.update(ask_at=None)
    return [pk for tasks in take_due(timezone.now()).values() for pk in tasks]


def test_what_people_confirmed_there_is_done_without_a_click(sending: Sending, teller: LoopbackTeller) -> None:
    first, second = sending.deliveries.order_by("pk")
    assert states(sending) == ["awaiting", "awaiting"]
    assert ask(due()) == 0
    teller.ends = {first.named: Outcome(first.named, arrived=True, at=AT)}
    assert ask(due()) == 1
    assert [(one.key, one.external_id, one.group) for one in teller.asked[-1]] == [
        (first.named, "m1", "!1"),
        (second.named, "m2", "!2"),
    ]
    first.refresh_from_db()
    task = first.task
    assert (first.state, first.ended_at, task.end, task.ended_at, task.ended_by) == ("sent", AT, "done", AT, None)
    assert list(Event.objects.filter(kind="delivered").values_list("occurred_at", "object_id")) == [(AT, "m1")]
    assert close_finished() == 0
    teller.ends = {second.named: Outcome(second.named, arrived=False, words="They had their message of today.")}
    assert ask(due()) == 1
    second.refresh_from_db()
    assert (second.state, second.why, second.task.end) == ("refused", "They had their message of today.", "impossible")
    assert close_finished() == 1
    assert due() == []


def test_the_same_outcome_twice_is_told_once(sending: Sending) -> None:
    task = HandTask.objects.filter(delivery__sending=sending).earliest("pk")
    told = Outcome(task.delivery.named, arrived=True, at=AT)
    assert learn(task, told)
    assert not learn(task, told)
    assert not learn(task, Outcome(task.delivery.named, arrived=False))
    assert Event.objects.filter(kind="delivered").count() == 1
    assert states(sending) == ["sent", "awaiting"]


def test_what_somebody_said_here_stands(sending: Sending, teller: LoopbackTeller, specialist: Staff) -> None:
    asked = due()
    first = sending.deliveries.earliest("pk")
    finish_task(first.task, proof="截图在群里", by=specialist)
    teller.ends = {first.named: Outcome(first.named, arrived=False, words="No.")}
    assert ask(asked) == 0
    assert states(sending) == ["sent", "awaiting"]


def test_pauses_grow_and_a_dead_worker_costs_one_turn(sending: Sending) -> None:
    now = timezone.now()
    [(_account, tasks)] = take_due(now).items()
    assert len(tasks) == 2
    assert take_due(now + timedelta(seconds=59)) == {}
    assert take_due(now + timedelta(seconds=61)) != {}
    assert take_due(now + timedelta(seconds=61 + 119)) == {}
    assert [pause_after(times).total_seconds() / 60 for times in (1, 2, 5, 9, 10, 90)] == [1, 2, 16, 256, 360, 360]


def test_after_a_month_nobody_asks_any_more(sending: Sending) -> None:
    Delivery.objects.update(claimed_at=timezone.now() - GIVEN_UP_AFTER - timedelta(minutes=1))
    assert due() == []


def test_an_account_that_is_paused_is_not_asked(sending: Sending, account: Account) -> None:
    account.paused_at = timezone.now()
    account.save()
    assert due() == []


@pytest.mark.parametrize("trouble", [BusyError("Later."), RefusedError("Never.")])
def test_where_the_platform_does_not_tell_the_task_stays(
    sending: Sending, teller: LoopbackTeller, trouble: Exception
) -> None:
    first = sending.deliveries.earliest("pk")
    teller.ends, teller.trouble = {first.named: Outcome(first.named, arrived=True)}, trouble
    assert ask(due()) == 0
    assert states(sending) == ["awaiting", "awaiting"]


def test_a_busy_platform_is_asked_when_it_says_so(sending: Sending, teller: LoopbackTeller) -> None:
    teller.trouble = BusyError("Later.", again_at=AT)
    assert ask(due()) == 0
    assert set(HandTask.objects.values_list("ask_at", flat=True)) == {AT}


def test_calling_off_takes_back_what_nobody_confirmed(
    sending: Sending, teller: LoopbackTeller, specialist: Staff
) -> None:
    take_due(timezone.now())
    first, second = sending.deliveries.order_by("pk")
    teller.ends = {first.named: Outcome(first.named, arrived=True, at=AT)}
    cancel_sending(sending, by=specialist)
    [(_account, tasks)] = take_due(timezone.now()).items()
    assert ask(tasks) == 2
    assert states(sending) == ["sent", "cancelled"]
    assert teller.taken_back == ["m2"]
    assert list(HandTask.objects.values_list("pk", flat=True)) == [first.pk]
    assert second.external_id == "m2"


def test_the_chore_gives_them_to_a_worker(sending: Sending, teller: LoopbackTeller) -> None:
    first = sending.deliveries.earliest("pk")
    teller.ends = {first.named: Outcome(first.named, arrived=True)}
    assert hand_out_questions() == 2
    assert hand_out_questions() == 0
    assert ask_about(due()) == 1
