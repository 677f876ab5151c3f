"""Reminding those who confirm: by the platform, once a day, three times in all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.services_nudging import NUDGE, confirming, nudge_sending
from qunying.ground.audit.models import Act
from qunying.ground.platforms.nudges import _nudges, register_nudge
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.support.loopback import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminded() -> Iterator[list[str]]:
    """The platform's own ids of what it was asked to remind of."""
    asked: list[str] = []
    register_nudge(PLATFORM, lambda _account, laid: asked.append(laid.external_id))
    yield asked
    _nudges.pop(PLATFORM)


@pytest.fixture
def sending(released: Callable[..., Sending], connected: list[Group]) -> Sending:
    """Two of its groups lie in one task of the platform, the third in another."""
    made = released(connected)
    for one, name in zip(made.deliveries.order_by("pk"), ("a", "a", "b"), strict=True):
        Delivery.objects.filter(pk=one.pk).update(state="awaiting", external_id=name)
        HandTask.objects.create(delivery=one, due_at=timezone.now())
    return made


def ago(days: int) -> None:
    """Let the reminders of the sending have been so long ago."""
    Act.objects.filter(verb=NUDGE).update(at=timezone.now() - timedelta(days=days))


def test_each_task_of_the_platform_is_called_to_mind_once(
    sending: Sending, reminded: list[str], specialist: Staff
) -> None:
    assert (nudge_sending(sending, by=specialist), sorted(reminded)) == (2, ["a", "b"])


def test_once_a_day_and_three_times_in_all(sending: Sending, reminded: list[str], specialist: Staff) -> None:
    for _time in range(3):
        nudge_sending(sending, by=specialist)
        with pytest.raises(QunyingError):
            nudge_sending(sending, by=specialist)
        ago(2)
    with pytest.raises(QunyingError, match="three times already"):
        nudge_sending(sending, by=specialist)
    assert len(reminded) == 6


def test_it_refuses_where_nobody_has_to_confirm_or_nothing_reminds(
    sending: Sending, reminded: list[str], specialist: Staff
) -> None:
    HandTask.objects.update(end="done")
    with pytest.raises(QunyingError, match="Nobody has to confirm"):
        nudge_sending(sending, by=specialist)
    HandTask.objects.update(end="")
    assert confirming(sending).count() == 3
    _nudges.pop(PLATFORM)
    assert confirming(sending).count() == 0
    register_nudge(PLATFORM, lambda *_what: None)


def test_it_refuses_who_may_not_send(sending: Sending, reminded: list[str], reviewer: Staff) -> None:
    with pytest.raises(NotAllowedError):
        nudge_sending(sending, by=reviewer)
    assert reminded == []
