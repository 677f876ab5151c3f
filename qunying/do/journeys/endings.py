"""How travellers come to their end: what was still to come is skipped, what has not left is called off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.do.journeys.facts import tell_ended
from qunying.do.journeys.models import Passage, Traveller
from qunying.do.journeys.reasons import RESTORED
from qunying.do.reach.services_withdrawing import withdraw_deliveries

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

_AT_ONCE = 1000


def end_all(travellers: QuerySet[Traveller], state: Traveller.State, *, why: str | _StrPromise, now: datetime) -> int:
    """End those of these who are under way, in this state, for a reason in words; how many. Inside a transaction."""
    ended = 0
    ids = list(travellers.filter(state=Traveller.State.UNDER_WAY).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        ended += end_these(ids[start : start + _AT_ONCE], state, why=why, now=now)
    return ended


def end_these(ids: list[int], state: Traveller.State, *, why: str | _StrPromise, now: datetime) -> int:
    """End the travellers of these ids who are under way; how many it were. Inside a transaction."""
    under_way = Traveller.objects.filter(pk__among=ids, state=Traveller.State.UNDER_WAY)
    found = list(under_way.select_related("identity", "journey__community"))
    if not found:
        return 0
    pks = [one.pk for one in found]
    Traveller.objects.filter(pk__among=pks).update(state=state, ended_at=now, why=why)
    open_now = Passage.objects.filter(traveller__among=pks)
    out = open_now.filter(state=Passage.State.OUT)
    withdraw_deliveries(list(out.values_list("delivery_key", flat=True)), at=now)
    open_now.filter(state=Passage.State.DUE).update(state=Passage.State.SKIPPED, done_at=now)
    tell_ended(found, state, at=now)
    return len(pks)


def finish_these(ids: list[int], *, now: datetime) -> None:
    """These have met their last step. What they were told last may still be on its way. Inside a transaction."""
    under_way = Traveller.objects.filter(pk__among=ids, state=Traveller.State.UNDER_WAY)
    found = list(under_way.select_related("identity", "journey__community"))
    under_way.update(state=Traveller.State.ENDED, ended_at=now)
    tell_ended(found, Traveller.State.ENDED, at=now)


def after_restore() -> int:
    """Who had something due before the copy was brought back may have met it since that was made: it is over for them.

    Nobody can tell what they were told meanwhile, and nobody is told anything twice; how many it were.
    """
    now = timezone.now()
    due = Passage.objects.filter(state=Passage.State.DUE, due_at__lte=now)
    under_way = Traveller.objects.filter(state=Traveller.State.UNDER_WAY, pk__in=due.values("traveller"))
    ids = list(under_way.values_list("pk", flat=True))
    theirs = Passage.objects.filter(traveller__among=ids, state=Passage.State.DUE)
    theirs.update(state=Passage.State.SKIPPED, done_at=now)
    stopped = Traveller.objects.filter(pk__among=ids)
    return stopped.update(state=Traveller.State.STOPPED, ended_at=now, why=RESTORED)
