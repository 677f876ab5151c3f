"""What a restore has to put right in the log: numbers of transactions, and where each follower goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, Min

from qunying.ground.events.models import Event, FollowerCursor

if TYPE_CHECKING:
    from django.db.models import QuerySet


def order_by_id_alone() -> None:
    """Set `tx` to zero everywhere, and each cursor before the first fact its follower had not read.

    Numbers of transactions belong to the database they come from. Facts keep their ids, so from now on these are
    their order, and new facts stand behind them on either database. Where a follower had read past a fact with a
    higher id than one it had not, it reads that once more: handlers are idempotent.
    """
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    for cursor in FollowerCursor.objects.all():
        first = _unread(cursor).aggregate(first=Min("pk"))["first"]
        FollowerCursor.objects.filter(pk=cursor.pk).update(tx=0, event_id=first - 1 if first else newest)
    Event.objects.exclude(tx=0).update(tx=0)


def _unread(cursor: FollowerCursor) -> QuerySet[Event]:
    behind = "(events_event.tx, events_event.id) > (%s, %s)"
    return Event.objects.extra(where=[behind], params=[cursor.tx, cursor.event_id])  # noqa: S610 - a constant
