"""Reading the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.groups.queries import communities_for
from qunying.ground.members.models import Identity
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import NotFoundError
from qunying.kit.keys import require_keys
from qunying.kit.sql import before_horizon

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.events.facts import Fact
    from qunying.ground.groups.models import Community


def fact_digests(facts: Iterable[Fact], community: Community) -> list[bytes]:
    """For each fact the 16 bytes that name it in this community, whoever brings it."""
    key, place = require_keys(settings.KEYRING).digest, community.pk
    return [keyed_digest(key, place, *fact.key) for fact in facts]


def fact_digest(fact: Fact, community: Community) -> bytes:
    """The 16 bytes that name this one fact in this community."""
    return fact_digests([fact], community)[0]


def known_digests(digests: Collection[bytes], *, source: str) -> set[bytes]:
    """Those of the digests that the log already holds from this source."""
    rows = Event.objects.filter(source=source, source_key__in=digests).values_list("source_key", flat=True)
    return {bytes(row) for row in rows}


def last_fact_times(identity_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these identities last did anything; identities without facts are left out."""
    ids = list(identity_ids)
    if not ids:
        return {}
    newest = Event.objects.filter(identity=OuterRef("pk")).order_by("-occurred_at").values("occurred_at")[:1]
    rows = Identity.objects.filter(pk__among=ids).annotate(last=Subquery(newest))
    return {pk: last for pk, last in rows.values_list("pk", "last") if last is not None}


def visible_after(tx: int, event_id: int) -> QuerySet[Event]:
    """Facts after the cursor (tx, id) in their final order, up to the horizon: none can slip in before them."""
    return Event.objects.extra(  # noqa: S610 - the SQL is a constant and its parameters are bound
        where=["(events_event.tx, events_event.id) > (%s, %s)", before_horizon(connection, "events_event.tx")],
        params=[tx, event_id],
    ).order_by("tx", "id")


def parked_for(staff: Holder) -> QuerySet[ParkedEvent]:
    """Facts set aside in communities this person or key looks after."""
    communities = communities_for(staff, Permission.RUN_SYSTEM)
    return ParkedEvent.objects.filter(event__community__in=communities).select_related("event__community")


def get_parked_for(staff: Holder, pk: int) -> ParkedEvent:
    """The fact set aside of this number; raises NotFoundError where there is none any more, or it is not theirs."""
    found = parked_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("This fact is not set aside any more, or is not yours to see."))
    return found


def parked_counts() -> dict[str, int]:
    """How many facts each follower has set aside; one that set none aside is left out."""
    return dict(ParkedEvent.objects.order_by().values_list("follower").annotate(Count("pk")))
