"""Calling off what other apps wanted to leave, as long as it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qunying.do.reach.models import Delivery, HandTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

State = Delivery.State


@transaction.atomic
def withdraw_deliveries(keys: Sequence[str], *, at: datetime) -> int:
    """Call off the deliveries of these keys that wait or are to be sent by hand; how many.

    What is on its way at this moment still arrives. The app that wanted them writes the audit row.
    """
    if not keys:
        return 0
    waiting = Delivery.objects.filter(key__among=list(keys), state__in=(State.WAITING, State.HAND))
    HandTask.objects.filter(delivery__in=waiting, end="").delete()
    return waiting.update(state=State.CANCELLED, ended_at=at)
