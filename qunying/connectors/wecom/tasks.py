"""Wrappers for the job clusters and the loop's chores; they take ids."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django_q.tasks import async_task

from qunying.connectors.wecom.hearing import understand as _understand
from qunying.connectors.wecom.models import Heard, Moment
from qunying.connectors.wecom.moments import quietly

if TYPE_CHECKING:
    from django.db.models import QuerySet

_KEPT = timedelta(days=14)
"""How long it is remembered that something was told. A repetition after that finds its facts there already."""
_LOST = timedelta(seconds=3)
"""How long after its time a worker should have taken it up."""
_TURN = timedelta(seconds=30)


def understand(account_id: int, digest: str) -> None:
    """Understand what was told, where that waits; what has gone meanwhile is passed over."""
    rows = Heard.objects.select_related("account__unit")
    heard = rows.filter(account=account_id, digest=bytes.fromhex(digest), state=Heard.State.WAITING).first()
    if heard is not None:
        _understand(heard)


def hand_out_left_over() -> int:
    """Have workers take up again what had to wait, or what a worker died over; for how many accounts."""
    accounts = list(_overdue().order_by("account").values_list("account", flat=True).distinct())
    for account in accounts:
        async_task("qunying.connectors.wecom.tasks.catch_up", account, cluster="fast")
    return len(accounts)


def catch_up(account_id: int) -> int:
    """Understand what waits of an account, the oldest first, for half a minute at most; how many."""
    until, done = timezone.now() + _TURN, 0
    while timezone.now() < until:
        rows = _overdue().filter(account=account_id).select_related("account__unit")
        heard = rows.order_by("received_at", "pk").first()
        if heard is None:
            break
        _understand(heard)
        done += 1
    return done


def _overdue() -> QuerySet[Heard]:
    return Heard.objects.filter(state=Heard.State.WAITING, due_at__lte=timezone.now() - _LOST)


def look_at_moment(pk: int) -> int:
    """Record what came back of a moment; one that has gone meanwhile is passed over."""
    row = Moment.objects.select_related("account").filter(pk=pk).first()
    return quietly(row) if row is not None else 0


def forget_old() -> int:
    """Drop what was told and understood long ago; how many."""
    old = Heard.objects.filter(received_at__lt=timezone.now() - _KEPT).exclude(state=Heard.State.WAITING)
    return old.delete()[0]
