"""Asking platforms what became of what a person confirms there, so that nobody has to say it here as well.

A chore takes the tasks that are due to be asked about and puts the next time off before anybody asks: a worker that
dies over it has lost nothing but one turn. What a person said here meanwhile stands.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from qunying.do.reach.facts import tell_delivered
from qunying.do.reach.models import Delivery, HandTask, Sending
from qunying.ground.platforms.outcomes import Laid, teller_of, telling_platforms
from qunying.ground.platforms.port import BusyError, RefusedError
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.outcomes import Outcome, Teller

State = Delivery.State
EVERY = 30.0
"""Seconds between two looks at what is due to be asked about."""
AT_ONCE = 100
GIVEN_UP_AFTER = timedelta(days=30)
"""Nobody confirms a message of last month: from then on it is left to whoever has the task here."""
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)
_PARTS = ("delivery__account", "delivery__community", "delivery__group", "delivery__identity", "delivery__sending")

_log = logging.getLogger(__name__)


def pause_after(asked: int) -> timedelta:
    """How long until it is asked again after so many times: 1 min, 2, 4, 8 … 6 h."""
    return min(_FIRST * (1 << min(max(asked - 1, 0), 10)), _LONGEST)


@transaction.atomic
def take_due(moment: datetime) -> dict[int, list[int]]:
    """The ids of tasks to be asked about now, by account, at most 100 each; their next turn is put off."""
    confirmed_there = Q(delivery__state=State.AWAITING, delivery__account__platform__in=telling_platforms())
    due = (Q(ask_at=None) | Q(ask_at__lte=moment)) & Q(delivery__claimed_at__gt=moment - GIVEN_UP_AFTER)
    rows = HandTask.objects.filter(confirmed_there & due, end="", delivery__account__paused_at=None)
    rows = rows.exclude(delivery__external_id="").select_for_update(of=("self",), skip_locked=True)
    found: dict[int, list[int]] = {}
    for task in rows.select_related("delivery").order_by("ask_at", "pk")[: 10 * AT_ONCE]:
        turn = found.setdefault(task.delivery.account_id or 0, [])
        if len(turn) < AT_ONCE:
            turn.append(task.pk)
            task.asked += 1
            task.ask_at = moment + pause_after(task.asked)
            task.save(update_fields=["asked", "ask_at"])
    return found


def ask(tasks: Sequence[int]) -> int:
    """Ask the platform about these tasks of one account, outside any transaction; how many came to an end."""
    rows = list(HandTask.objects.filter(pk__in=tasks, end="", delivery__state=State.AWAITING).select_related(*_PARTS))
    account = rows[0].delivery.account if rows else None
    teller = teller_of(account.platform) if account else None
    if account is None or teller is None:
        return 0
    try:
        back = {row.pk for row in rows if _is_called_off(row) and _took_back(teller, account, row)}
        told = list(teller.outcomes(account, [laid_of(row) for row in rows if row.pk not in back]))
    except BusyError as busy:
        _wait_until(rows, busy.again_at)
        return 0
    except QunyingError as error:
        # The person has the task still, and the platform is asked again.
        _log.warning("account %s does not tell what became of its tasks: %s", account.pk, error)
        return 0
    by_key = {row.delivery.named: row for row in rows}
    return len(back) + sum(learn(by_key[one.key], one) for one in told if one.key in by_key)


@transaction.atomic
def learn(task: HandTask, outcome: Outcome) -> bool:
    """Write down what the platform told of a task; whether it was news. Somebody's answer here goes before it."""
    found = _still_open(task)
    if found is None:
        return False
    at = outcome.at or timezone.now()
    arrived = outcome.arrived
    _end(found, HandTask.End.DONE if arrived else HandTask.End.IMPOSSIBLE, at=at)
    one = found.delivery
    one.state, one.ended_at, one.why = (State.SENT if arrived else State.REFUSED), at, "" if arrived else outcome.words
    one.save(update_fields=["state", "ended_at", "why"])
    if arrived:
        tell_delivered(one, at=at, external_id=one.external_id)
    return True


def _took_back(teller: Teller, account: Account, task: HandTask) -> bool:
    """Whether the platform forgot it; else it may still be confirmed, and is asked about like the others."""
    try:
        teller.take_back(account, laid_of(task))
    except RefusedError:
        return False
    return _forget(task)


@transaction.atomic
def _forget(task: HandTask) -> bool:
    found = _still_open(task)
    if found is not None:
        Delivery.objects.filter(pk=found.pk).update(state=State.CANCELLED, ended_at=timezone.now())
        found.delete()
    return found is not None


def _is_called_off(task: HandTask) -> bool:
    sending = task.delivery.sending
    return sending is not None and sending.state == Sending.State.CANCELLED


def _still_open(task: HandTask) -> HandTask | None:
    locked = HandTask.objects.select_for_update(of=("self",)).select_related(*_PARTS)
    return locked.filter(pk=task.pk, end="", delivery__state=State.AWAITING).first()


def _end(task: HandTask, end: HandTask.End, *, at: datetime) -> None:
    task.end, task.ended_at = end, at
    task.save(update_fields=["end", "ended_at"])


def _wait_until(rows: Sequence[HandTask], moment: datetime | None) -> None:
    if moment is not None:
        HandTask.objects.filter(pk__in=[row.pk for row in rows]).update(ask_at=moment)


def laid_of(task: HandTask) -> Laid:
    """A task as the platform's connector knows it."""
    one = task.delivery
    group, identity = one.group, one.identity
    to_group, to_person = group.external_id if group else "", identity.external_id if identity else ""
    return Laid(one.named, one.external_id, to_group, to_person)
