"""Following the log: a join, or any other fact that sets a journey off, has its person begin.

Facts that lie further back than a day, or before the release, set nobody off: who brings in the chats of last year
greets nobody. What is read twice changes nothing, for a trigger begins a journey once.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from qunying.do.journeys.beginning import Start, begin
from qunying.do.journeys.definition import EVENT, JOINED
from qunying.do.journeys.passing import take_due
from qunying.do.journeys.watching import fitting, running_versions
from qunying.do.journeys.wayfinding import way_through
from qunying.ground.events.followers import Lag, lag_behind, lock_cursor, move_back, move_cursor
from qunying.ground.events.kinds import JOINED as JOINED_KIND
from qunying.ground.events.models import FollowerCursor
from qunying.ground.events.queries import visible_after
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.do.journeys.definition import Trigger
    from qunying.do.journeys.models import Version

NAME = "journeys"
FRESH = timedelta(days=1)
_BATCH = 1000
_log = logging.getLogger(__name__)
_FIELDS = (
    "pk", "tx", "kind", "occurred_at", "community_id", "group_id", "channel_key", "identity_id", "identity__member",
    "identity__member__is_staff", "identity__member__is_bot",
)  # fmt: skip


class Told(NamedTuple):
    """What of a fact matters here."""

    pk: int
    tx: int
    kind: str
    occurred_at: datetime
    community: int
    group: int | None
    channel: str
    identity: int | None
    member: int | None
    is_staff: bool | None
    is_bot: bool | None


class Starter:
    """The follower."""

    name = NAME

    def advance(self) -> int:
        """Look at the next facts and have people begin; those who did meet their first step at once."""
        cursor = FollowerCursor.objects.filter(name=self.name).first()
        place = (cursor.tx, cursor.event_id) if cursor else (0, 0)
        facts = [Told(*row) for row in visible_after(*place).values_list(*_FIELDS)[:_BATCH]]
        if not facts:
            return 0
        now = timezone.now()
        # Conditions are asked before the transaction: they read a snapshot of their own.
        starts = [(version, _starts(version, facts, now)) for version in running_versions()]
        begun = self._take(place, facts, [(version, found) for version, found in starts if found], now)
        if begun:
            take_due()
        return len(facts)

    @transaction.atomic
    def _take(
        self,
        place: tuple[int, int],
        facts: Sequence[Told],
        starts: Sequence[tuple[Version, list[Start]]],
        now: datetime,
    ) -> int:
        cursor = lock_cursor(self.name)
        if (cursor.tx, cursor.event_id) != place:
            return 0
        begun = sum(len(begin(version, found, now=now)) for version, found in starts)
        move_cursor(cursor, tx=facts[-1].tx, event_id=facts[-1].pk)
        return begun

    def lag(self) -> Lag:
        """Facts after the cursor, of any kind."""
        return lag_behind(self.name)

    def replay(self, *, from_id: int = 0) -> None:
        """Move the cursor to just before the fact of this id; who began by one of these does not begin again."""
        move_back(self.name, from_id=from_id)


def _starts(version: Version, facts: Sequence[Told], now: datetime) -> list[Start]:
    """Who begins this version; nobody where its condition cannot be asked any more, which is told in the log."""
    try:
        return fitting(version, _set_off(version, facts, now))
    except QunyingError:
        _log.exception("a journey could not be begun; the others go on")
        return []


def _set_off(version: Version, facts: Sequence[Told], now: datetime) -> list[Start]:
    """Who begins this version by one of these facts; the first of several counts."""
    trigger = way_through(version).definition.trigger
    found: dict[int | None, Start] = {}
    if trigger.on not in {JOINED, EVENT} or version.released_at is None:
        return []
    since = max(version.released_at if version.number == 1 else now - FRESH, now - FRESH)
    for fact in facts:
        if fact.community == version.journey.community_id and fact.occurred_at >= since and _fits(trigger, fact):
            found.setdefault(fact.member, Start(fact.member or 0, fact.identity or 0, fact.group, f"event:{fact.pk}"))
    return list(found.values())


def _fits(trigger: Trigger, fact: Told) -> bool:
    kind = JOINED_KIND.name if trigger.on == JOINED else trigger.kind
    somebody = fact.member is not None and not fact.is_staff and not fact.is_bot
    placed = not trigger.groups or fact.group in trigger.groups
    return somebody and fact.kind == kind and placed and (not trigger.channels or fact.channel in trigger.channels)
