"""Publications follow the plan: when an entry's slot is moved, so is what was to go out on its day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.publishing.models import Publication
from qunying.do.publishing.queries import deliveries_of
from qunying.do.publishing.rules import may_publish
from qunying.do.publishing.services import change_time
from qunying.do.reach.models import Delivery
from qunying.ground.access.models import ApiKey, Staff
from qunying.kit.errors import QunyingError
from qunying.plan.content.port import Slot, slot_of

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.plan.content.models import Entry


def follow_slot(entry: Entry, before: Slot, by: Actor) -> None:
    """Have the entry's publications of the day it left go out on its new day.

    One for the time of the plan gets the new time, one with an hour of its own keeps that. What has begun to leave, or
    lies in somebody's list, stays, and so does what was planned for another day. Raises QunyingError for somebody
    who may not send, and where the new time has passed: nothing goes out at once because a plan was tidied.
    """
    rows = Publication.objects.select_for_update(of=("self",)).select_related("community__unit")
    for publication in rows.filter(entry=entry, state=Publication.State.GOING):
        due_at = _following(publication, before, slot_of(entry))
        if due_at is None or has_begun(publication):
            continue
        _check(by, entry, publication, due_at)
        change_time(publication, due_at=due_at, by=by)


def has_begun(publication: Publication) -> bool:
    """Whether any of it has left, is leaving, or lies with somebody to be sent by hand."""
    return deliveries_of(publication).exclude(state=Delivery.State.WAITING).exists()


def off_slot(entry: Entry) -> list[Publication]:
    """Publications of the entry under way that do not go out when the plan says, the first to go out first."""
    slot = slot_of(entry)
    if slot.day is None:
        return []
    going = Publication.objects.filter(entry=entry, state=Publication.State.GOING).select_related("community")
    return [one for one in going.order_by("due_at", "pk") if not _lies_on(one, slot)]


def _lies_on(publication: Publication, slot: Slot) -> bool:
    local = _local(publication)
    return local.date() == slot.day and slot.time in {None, local.time().replace(second=0, microsecond=0)}


def _following(publication: Publication, before: Slot, after: Slot) -> datetime | None:
    """When it goes out if it follows the plan; None where it does not."""
    local = _local(publication)
    if after.day is None or local.date() != before.day:
        return None
    planned = before.time is not None and _lies_on(publication, before)
    time = after.time if planned and after.time is not None else local.time()
    due_at = datetime.combine(after.day, time, local.tzinfo)
    return None if due_at == local else due_at


def _local(publication: Publication) -> datetime:
    return publication.due_at.astimezone(ZoneInfo(publication.community.timezone))


def _check(by: Actor, entry: Entry, publication: Publication, due_at: datetime) -> None:
    if isinstance(by, Staff | ApiKey) and not may_publish(by, publication.community):
        words = _("“%(entry)s” is about to go out, so only somebody who may send can move it. Ask them, or the lead.")
        raise QunyingError(words % {"entry": entry.title})
    if due_at <= timezone.now():
        words = _("“%(entry)s” is about to go out and cannot be moved into the past. Call its publication off first.")
        raise QunyingError(words % {"entry": entry.title})
