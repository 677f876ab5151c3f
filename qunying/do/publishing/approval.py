"""Whether what leaves is still what was approved; asked before every delivery, and told when an approval is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.do.publishing.models import Publication, PublicationGroup
from qunying.do.reach.models import Delivery, HandTask
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.numerals import to_id
from qunying.kit.spoken import filled
from qunying.plan.content.queries import approved_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from qunying.ground.audit.actors import Actor
    from qunying.plan.content.models import Entry

ORIGIN = "publishing"
"""The `origin` of deliveries that belong to publications; `origin_id` is the publication's number."""
HOLD = declare_verb("publishing.hold", _("What had not left of a publication was held back."))

_OPEN = (Delivery.State.WAITING, Delivery.State.HAND)


def approved_here(delivery: Delivery) -> bool:
    """Whether the entry of this delivery stands approved, at this moment, with exactly the content that leaves."""
    standing = (Publication.State.GOING, Publication.State.DONE)
    rows = Publication.objects.select_related("entry").filter(state__in=standing)
    publication = rows.filter(pk=to_id(delivery.origin_id) or 0).first()
    if publication is None or publication.digest != delivery.content_hash:
        return False
    version = approved_version(publication.entry)
    return version is not None and version.pk == publication.version_id and version.digest == publication.digest


@transaction.atomic
def hold_unapproved(entry: Entry, by: Actor) -> None:
    """Hold back what has not left of the entry's publications: its approval was lost a moment ago."""
    for publication in Publication.objects.select_for_update().filter(entry=entry, state=Publication.State.GOING):
        why = _("“%(entry)s” was changed or dropped after it was approved. Once it is approved again, publish it anew.")
        held = stop_deliveries([publication], state=Delivery.State.HELD, why=filled(why, entry=entry.title))
        if not held:
            continue
        publication.state, publication.ended_at = Publication.State.HELD, timezone.now()
        publication.save(update_fields=["state", "ended_at"])
        details = {"deliveries": held}
        write_act(HOLD, by=by, subject_type="publication", subject_id=publication.pk, details=details)


def stop_deliveries(publications: Iterable[Publication], *, state: Delivery.State, why: str | _StrPromise = "") -> int:
    """Stop what has not left of these, with the tasks made of it; how many. Their groups may be chosen again."""
    now, stopped = timezone.now(), 0
    for publication in publications:
        waiting = Delivery.objects.filter(origin=ORIGIN, origin_id=str(publication.pk), state__in=_OPEN)
        HandTask.objects.filter(delivery__in=waiting).delete()
        groups = set(waiting.filter(action="send").values_list("group", flat=True))
        held_by = "approval" if state == Delivery.State.HELD else ""
        stopped += waiting.update(state=state, ended_at=now, why=why, held_by=held_by)
        PublicationGroup.objects.filter(publication=publication, group__in=groups).update(stopped_at=now)
    return stopped
