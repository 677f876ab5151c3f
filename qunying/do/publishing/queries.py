"""Publications as one person may see them, and how they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from qunying.do.publishing.approval import ORIGIN
from qunying.do.publishing.models import Piece, Publication, PublicationGroup
from qunying.do.reach.models import Delivery
from qunying.ground.access.roles import Permission
from qunying.ground.events.models import Event
from qunying.ground.groups.queries import get_community_for, groups_of
from qunying.kit.errors import NotFoundError
from qunying.plan.content.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community, Group

ASKING = (Delivery.State.UNKNOWN, Delivery.State.AWAITING, Delivery.State.HAND)
"""States of deliveries in which a person has to do something."""


def publications_of(community: Community) -> QuerySet[Publication]:
    """The publications of a community with their entries, versions and who made them."""
    parts = ("entry__theme", "version", "by", "community__unit")
    return Publication.objects.filter(community=community).select_related(*parts)


def get_publication_for(staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN) -> Publication:
    """The publication of this number; raises NotFoundError where there is none or it is not this person's."""
    found = publications_of(get_community_for(staff, slug, permission)).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such publication that you may open."))
    return found


def deliveries_of(publication: Publication, *, action: str = "send") -> QuerySet[Delivery]:
    """What the publication is made of, one for each group (and one more where a lost one was sent anew)."""
    found = Delivery.objects.filter(origin=ORIGIN, origin_id=str(publication.pk), action=action)
    return found.select_related("group", "account", "task__owner").order_by("pk")


def tallies_of(publications: Iterable[Publication]) -> dict[int, Counter[str]]:
    """How many groups of each publication stand where, by its number. One query."""
    found: dict[int, Counter[str]] = {publication.pk: Counter() for publication in publications}
    numbers = [str(pk) for pk in found]
    rows = Delivery.objects.filter(origin=ORIGIN, origin_id__in=numbers, action="send").order_by()
    for number, state in rows.values_list("origin_id", "state"):
        found[int(number)][state] += 1
    return found


def publications_by_entry(entries: Iterable[Entry]) -> dict[int, Publication]:
    """The newest publication of each of these entries that has any and was not called off, by the entry's number."""
    rows = Publication.objects.filter(entry__in=[entry.pk for entry in entries]).order_by("pk")
    rows = rows.exclude(state=Publication.State.CANCELLED)
    return {row.entry_id: row for row in rows}


def groups_free(entry: Entry) -> list[Group]:
    """The groups that may still get the newest version of an entry, with `present` and their accounts."""
    taken = PublicationGroup.objects.filter(version__entry=entry, version__number=entry.version, stopped_at=None)
    free = groups_of(entry.community).exclude(pk__in=taken.values("group"))
    return list(free.select_related("account").order_by("name"))


def groups_meant(entry: Entry, free: Iterable[Group]) -> list[Group]:
    """Those of the free groups the plan names; all of them where it names none."""
    named = set(entry.groups.values_list("pk", flat=True))
    return [group for group in free if not named or group.pk in named]


def unpublished(community_ids: Iterable[int]) -> QuerySet[Entry]:
    """Approved entries of these communities whose newest version is not on its way to any group."""
    on_its_way = Publication.objects.exclude(state__in=(Publication.State.CANCELLED, Publication.State.HELD))
    found = Entry.objects.filter(community__in=list(community_ids), state=Entry.State.APPROVED)
    # The version is that of the entry only as long as nobody has written a newer one.
    return found.exclude(pk__in=on_its_way.filter(version__number=F("entry__version")).values("entry")).select_related(
        "community", "owner"
    )


@dataclass(frozen=True, slots=True)
class LoosePiece:
    """A piece on another platform that imported tables tell of and that belongs to no entry yet."""

    platform: str
    object_id: str
    title: str
    published_at: datetime
    same: bool
    """Whether it is called as the entry."""


def loose_pieces(entry: Entry, words: str = "", *, most: int = 20) -> list[LoosePiece]:
    """Pieces that could carry this entry: called as it, or (with words) with these in their title; the newest first."""
    wanted = words.strip()[:100] or entry.title
    tied = set(Piece.objects.filter(community=entry.community).values_list("platform", "object_id"))
    rows = Event.objects.filter(community=entry.community, kind="published", object_type="content")
    found: dict[tuple[str, str], LoosePiece] = {}
    for row in rows.filter(payload__title__icontains=wanted).order_by("-occurred_at")[: most * 2]:
        platform, title = str(row.payload.get("platform", "")), str(row.payload.get("title", ""))
        key = (platform, row.object_id)
        if key not in tied:
            same = title.strip() == entry.title
            found.setdefault(key, LoosePiece(platform, row.object_id, title, row.occurred_at, same))
    return list(found.values())[:most]
