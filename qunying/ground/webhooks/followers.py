"""The reader of the log that makes a delivery of every fact for every endpoint that asked for it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from qunying.ground.events.followers import lag_behind, lock_cursor, move_back, move_cursor
from qunying.ground.events.queries import visible_after
from qunying.ground.webhooks.models import Delivery, Endpoint

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.events.followers import Lag
    from qunying.ground.events.models import Event, FollowerCursor

_BATCH = 500


class WebhookFollower:
    """Writes deliveries together with its cursor; workers send them."""

    name = "webhooks"

    def advance(self) -> int:
        """Take the next few facts; how many it moved past."""
        with transaction.atomic():
            cursor = lock_cursor(self.name)
            if not _listening().exists():
                return _pass_over(cursor)
            events = list(visible_after(cursor.tx, cursor.event_id).select_related("community__unit")[:_BATCH])
            if not events:
                return 0
            _write(events)
            move_cursor(cursor, tx=events[-1].tx, event_id=events[-1].pk)
        return len(events)

    def lag(self) -> Lag:
        """Facts after the cursor."""
        return lag_behind(self.name)

    def replay(self, *, from_id: int = 0) -> None:
        """Go back; what an endpoint was told already it is not told again."""
        move_back(self.name, from_id=from_id)


def _listening() -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(off_at__isnull=True)


def _pass_over(cursor: FollowerCursor) -> int:
    """Go behind everything at once: what came before somebody listened is told to nobody."""
    coming = visible_after(cursor.tx, cursor.event_id)
    last = coming.reverse().values_list("tx", "pk").first()
    if last is None:
        return 0
    passed = coming.count()
    move_cursor(cursor, tx=last[0], event_id=last[1])
    return passed


def _write(events: list[Event]) -> None:
    now = timezone.now()
    rows = [
        new_delivery(endpoint, event, now)
        for endpoint in _listening().select_related("unit")
        for event in events
        if _wants(endpoint, event)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _wants(endpoint: Endpoint, event: Event) -> bool:
    """Facts recorded before somebody listened are not told."""
    inside = event.community.unit.path.startswith(endpoint.unit.path)
    return inside and event.recorded_at >= endpoint.created_at and (not endpoint.kinds or event.kind in endpoint.kinds)


def new_delivery(endpoint: Endpoint, event: Event | None, now: datetime) -> Delivery:
    """An unsaved delivery, due at once."""
    message_id = f"msg_{secrets.token_hex(16)}"
    return Delivery(endpoint=endpoint, event=event, message_id=message_id, begun_at=now, due_at=now)
