"""Wrappers for the job clusters and the loop's chores; they take ids."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from qunying.do.reach import asking, reminders
from qunying.do.reach.bundles import send_next
from qunying.do.reach.models import Lane
from qunying.do.reach.sending import due_now

if TYPE_CHECKING:
    from collections.abc import Iterable

TURN_SECONDS = 10.0
"""A worker sends through one account no longer than this at a stretch, so that a slow one holds nobody up."""
_TAKEN = timedelta(seconds=75)


def hand_out_due() -> int:
    """Give each account with something due to a worker; how many."""
    due = set(due_now(timezone.now()).order_by().values_list("account", flat=True).distinct())
    return wake(due)


def wake(accounts: Iterable[int]) -> int:
    """Give these accounts to workers, unless one has them; how many it were."""
    taken = [pk for pk in sorted(accounts) if _take(pk)]
    for pk in taken:
        async_task("qunying.do.reach.tasks.send_through", pk, cluster="fast")
    return len(taken)


def send_through(account_id: int) -> int:
    """Send what is due through an account for a few seconds; how many deliveries were looked at."""
    until, done = time.monotonic() + TURN_SECONDS, 0
    try:
        while time.monotonic() < until and send_next(account_id):
            done += 1
    finally:
        Lane.objects.filter(pk=account_id).update(taken_until=None)
    return done


def _take(account_id: int) -> bool:
    now = timezone.now()
    Lane.objects.get_or_create(account_id=account_id)
    free = Lane.objects.filter(Q(taken_until__isnull=True) | Q(taken_until__lt=now), pk=account_id)
    return bool(free.update(taken_until=now + _TAKEN))


def mail_reminders(staff_id: int) -> int:
    """Mail one person what they are to be reminded of; of how many things."""
    return reminders.mail_reminders(staff_id)


def hand_out_questions() -> int:
    """Have workers ask the platforms about what people confirm there; about how many tasks."""
    due = asking.take_due(timezone.now())
    for tasks in due.values():
        async_task("qunying.do.reach.tasks.ask_about", tasks, cluster="fast")
    return sum(len(tasks) for tasks in due.values())


def ask_about(tasks: list[int]) -> int:
    """Ask what became of these tasks of one account; how many came to an end."""
    return asking.ask(tasks)
