"""Verbs on figures: typing in what a platform shows, and saying which piece elsewhere carries an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.publishing.models import NotedFigure, Piece, Sign
from qunying.do.publishing.rules import may_note
from qunying.do.reach.rules import answering
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.models import Event
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community, Group
    from qunying.plan.content.models import Entry

NOTE = declare_verb("publishing.note", gettext_lazy("Figures of a publication were typed in."))
TIE = declare_verb("publishing.tie", gettext_lazy("A piece on another platform was tied to an entry."))
UNTIE = declare_verb("publishing.untie", gettext_lazy("A piece on another platform was taken off an entry."))

MOST = 1_000_000_000


@transaction.atomic
def note_figures(
    publication: Publication, *, group: Group, values: Mapping[str, int], day: date, by: Holder
) -> list[NotedFigure]:
    """Write down what a platform showed for one group altogether, as of a local day; nothing typed before is lost.

    Raises QunyingError for a day that has not come or lies before the publication, for a group it did not go to, and
    for nothing at all.
    """
    _check_may(by, publication.community)
    zone = ZoneInfo(publication.community.timezone)
    if not publication.due_at.astimezone(zone).date() <= day <= timezone.localdate(timezone=zone):
        raise QunyingError(_("The day lies between the one it went out on and today."))
    if not publication.targets.filter(group=group, stopped_at=None).exists():
        raise QunyingError(_("It did not go to “%(group)s”.") % {"group": group.name})
    known = {name: value for name, value in values.items() if name in Sign.values}
    if not known:
        raise QunyingError(_("Type in at least one figure."))
    if any(not 0 <= value <= MOST for value in known.values()):
        raise QunyingError(_("A figure lies between 0 and one thousand million."))
    person = answering(by)
    made = NotedFigure.objects.bulk_create(
        NotedFigure(publication=publication, group=group, name=name, value=value, day=day, by=person)
        for name, value in known.items()
    )
    details = {"group": group.pk, "day": day.isoformat(), **known}
    write_act(NOTE, by=by, subject_type="publication", subject_id=publication.pk, details=details)
    return made


@transaction.atomic
def tie_piece(entry: Entry, *, platform: str, object_id: str, by: Holder) -> Piece:
    """Say that a piece of which an imported table told carries this entry; a piece carries one entry at most."""
    _check_may(by, entry.community)
    told = Event.objects.filter(
        community=entry.community, kind="published", object_type="content", object_id=object_id
    ).order_by("-occurred_at")
    found = next((row for row in told if row.payload.get("platform") == platform), None)
    if found is None:
        raise QunyingError(_("No imported table knows this piece."))
    if Piece.objects.filter(community=entry.community, platform=platform, object_id=object_id).exists():
        raise QunyingError(_("This piece belongs to an entry already."))
    made = Piece.objects.create(
        entry=entry,
        community=entry.community,
        platform=platform,
        object_id=object_id,
        title=str(found.payload.get("title", ""))[:300],
        published_at=found.occurred_at,
        by=answering(by),
    )
    details = {"platform": platform, "object": object_id}
    write_act(TIE, by=by, subject_type="entry", subject_id=entry.pk, details=details)
    return made


@transaction.atomic
def untie_piece(piece: Piece, *, by: Holder) -> None:
    """Take a piece off its entry again."""
    _check_may(by, piece.community)
    details = {"platform": piece.platform, "object": piece.object_id}
    write_act(UNTIE, by=by, subject_type="entry", subject_id=piece.entry_id, details=details)
    piece.delete()


def _check_may(by: Holder, community: Community) -> None:
    if not may_note(by, community):
        words = _("Your roles do not include figures of content in “%(unit)s”.")
        raise NotAllowedError(words % {"unit": community.unit.name})
