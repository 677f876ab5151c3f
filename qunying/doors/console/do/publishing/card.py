"""What the pages of content show of publications: a card on the entry, a mark in the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.publishing.figures import figures_of
from qunying.do.publishing.following import has_begun, off_slot
from qunying.do.publishing.queries import groups_free, groups_meant, publications_by_entry, publications_of, tallies_of
from qunying.do.publishing.rules import may_publish
from qunying.doors.console.do.publishing.words import LOOKS
from qunying.kit import formats
from qunying.plan.content.queries import approved_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.do.publishing.figures import Figures
    from qunying.do.publishing.models import Publication
    from qunying.doors.console.plan.content.rows import EntryRow
    from qunying.ground.access.models import Staff
    from qunying.plan.content.models import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One publication in short: how it stands, and how many of its groups have it."""

    publication: Publication
    style: str
    icon: str
    arrived: int
    groups: int
    figures: Figures


def lines_of(publications: Iterable[Publication]) -> list[Line]:
    """The publications with how many groups have them, and what came back. Six queries, however many there are."""
    found = list(publications)
    tallies, figures = tallies_of(found), figures_of(found)
    return [
        Line(
            one,
            *LOOKS[one.state],
            tallies[one.pk]["sent"],
            sum(tallies[one.pk].values()) - tallies[one.pk]["cancelled"],
            figures[one.pk],
        )
        for one in found
    ]


def planned_at(entry: Entry) -> datetime | None:
    """When the plan says that it goes out (aware); None without a day and a time, or where that has passed."""
    if entry.slot_day is None or entry.slot_time is None:
        return None
    at = datetime.combine(entry.slot_day, entry.slot_time, ZoneInfo(entry.community.timezone))
    return at if at > timezone.now() else None


def stays_words(entry: Entry) -> str:
    """That a publication under way does not go out when the plan says, and why; '' where all do."""
    for publication in off_slot(entry):
        local = publication.due_at.astimezone(ZoneInfo(entry.community.timezone))
        begun = has_begun(publication)
        words = (
            _("What has begun to go out stays at its time, %(time)s.")
            if begun
            else _("Its publication has a time of its own and stays at %(time)s.")
        )
        return words % {"time": formats.moment(local)}
    return ""


def card_of(entry: Entry, staff: Staff) -> dict[str, object]:
    """What the entry's page needs to show its publications and to publish it."""
    publishable = approved_version(entry) is not None and may_publish(staff, entry.community)
    free = groups_free(entry) if publishable else []
    meant = groups_meant(entry, free)
    return {
        "publications": lines_of(publications_of(entry.community).filter(entry=entry).order_by("-pk")),
        "may_publish": publishable and bool(free),
        "planned_at": planned_at(entry) if meant else None,
        "planned_groups": meant,
        "publication_stays": stays_words(entry),
        "publication_zone": ZoneInfo(entry.community.timezone),
    }


def with_publications(rows: list[EntryRow]) -> list[EntryRow]:
    """The rows of a calendar with icon and words of their newest publication, where they have any. One query."""
    found = publications_by_entry(row.entry for row in rows)
    return [_marked(row, found.get(row.entry.pk)) for row in rows]


def _marked(row: EntryRow, publication: Publication | None) -> EntryRow:
    if publication is None:
        return row
    return replace(row, icon=LOOKS[publication.state][1], state=publication.get_state_display())
