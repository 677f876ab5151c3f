"""What goes by hand: opened in time, done by whom it was given to, and on Today."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import HandTask
from qunying.do.reach.queries import tasks_for
from qunying.do.reach.services import cancel_sending
from qunying.do.reach.services_outcomes import close_finished
from qunying.do.reach.services_tasks import finish_task, give_up_task, hand_over, open_due_tasks, withdraw_barred
from qunying.do.reach.todo import reach_todos
from qunying.ground.events.models import Event
from qunying.ground.privacy.services import freeze_member
from qunying.ground.segments.services import create_segment
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.do.reach.conftest import states
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Measure, Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db
HERE = {"all": True, "parts": [{"is": "state", "state": "present"}]}


@pytest.fixture
def by_hand(released: Callable[..., Sending], group: Group, wide_open: Measure) -> Sending:
    """To a group that no account is in."""
    return released([group])


@pytest.fixture
def task(by_hand: Sending) -> HandTask:
    """The task it becomes."""
    assert open_due_tasks() == 1
    return HandTask.objects.get(delivery__sending=by_hand)


def test_what_no_account_sends_becomes_a_task_with_the_reason(by_hand: Sending, task: HandTask) -> None:
    assert states(by_hand) == ["hand"]
    assert task.delivery.way_reason == "No account is connected there: a person sends it."
    assert open_due_tasks() == 0


def test_it_is_not_opened_days_before(released: Callable[..., Sending], group: Group, wide_open: Measure) -> None:
    later = released([group], due_at=timezone.now() + timedelta(hours=13))
    assert open_due_tasks() == 0
    assert states(later) == ["waiting"]


def test_done_counts_as_sent_with_its_proof(by_hand: Sending, task: HandTask, specialist: Staff) -> None:
    finish_task(task, proof="群里20:01可见", by=specialist)
    task.refresh_from_db()
    assert (task.end, task.proof, task.ended_by) == ("done", "群里20:01可见", specialist)
    assert states(by_hand) == ["sent"]
    assert Event.objects.filter(kind="delivered").count() == 1
    assert close_finished() == 1
    with pytest.raises(QunyingError, match="Somebody has answered this already"):
        finish_task(task, proof="", by=specialist)


def test_what_is_not_possible_says_why(by_hand: Sending, task: HandTask, specialist: Staff) -> None:
    with pytest.raises(QunyingError, match="Say in a few words"):
        give_up_task(task, why=" ", by=specialist)
    give_up_task(task, why="群已解散", by=specialist)
    assert by_hand.deliveries.values_list("state", "why").get() == ("refused", "群已解散")
    assert Event.objects.filter(kind="delivered").count() == 0


def test_it_is_handed_to_who_may_send_there(
    task: HandTask, specialist: Staff, lead: Staff, reviewer: Staff, outsider: Staff
) -> None:
    assert hand_over([task], to=lead, by=specialist) == 1
    assert tasks_for(specialist).get().owner == lead
    for stranger in (reviewer, outsider):
        with pytest.raises(QunyingError, match="may not send"):
            hand_over([task], to=stranger, by=specialist)
    hand_over([task], to=None, by=lead)
    assert tasks_for(lead).get().owner is None


def test_others_do_nothing_with_it(task: HandTask, outsider: Staff, reviewer: Staff) -> None:
    for stranger in (outsider, reviewer):
        assert list(tasks_for(stranger)) == []
        with pytest.raises(NotAllowedError):
            finish_task(task, proof="", by=stranger)


def test_calling_off_takes_the_task_away(by_hand: Sending, task: HandTask, specialist: Staff) -> None:
    assert cancel_sending(by_hand, by=specialist) == 1
    assert list(tasks_for(specialist)) == []
    assert states(by_hand) == ["cancelled"]


@pytest.mark.django_db(transaction=True)
def test_who_is_frozen_after_the_release_is_left_out(
    released: Callable[..., Sending],
    community: Community,
    members: list[Member],
    wide_open: Measure,
    specialist: Staff,
) -> None:
    segment = create_segment(community.unit, name="都在", conditions=HERE, by=TESTS)
    sending = released([], segment=segment)
    freeze_member(members[0], reason="对账", by=TESTS)
    open_due_tasks()
    assert states(sending) == ["held", "hand", "hand"]
    freeze_member(members[1], reason="对账", by=TESTS)
    assert withdraw_barred() == 1
    assert states(sending) == ["held", "held", "hand"]
    assert [task.delivery.identity.member for task in tasks_for(specialist) if task.delivery.identity] == [members[2]]


def test_today_tells_who_may_send_and_nobody_else(
    by_hand: Sending, task: HandTask, specialist: Staff, outsider: Staff, reviewer: Staff
) -> None:
    today = timezone.localdate()
    [line] = reach_todos(specialist, today)
    assert (line.title, line.why, line.page) == ("Send by hand: 上新", "花友一群", "hand_tasks")
    assert [list(reach_todos(stranger, today)) for stranger in (outsider, reviewer)] == [[], []]
