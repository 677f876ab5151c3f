"""What publishing wants done: approved entries that are not planned, what goes out today, what needs a person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.publishing.models import Publication
from qunying.do.publishing.queries import tallies_of, unpublished
from qunying.do.reach.models import Delivery
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

NAME = "publishing"
AHEAD = timedelta(weeks=1)
"""Approved entries are called for when they are to go out within a week."""
_MOST = 100
_LONG_AGO = timedelta(days=30)


def register() -> None:
    """Have them stand on Today."""
    register_source(NAME, label=gettext_lazy("Publishing"), items=publishing_todos)


def publishing_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """What this person may publish, what leaves on this local day, and what nobody is sure of."""
    communities = {one.pk: one for one in communities_for(staff, Permission.SEND)}
    if communities:
        yield from _to_plan(communities, today)
        yield from _going(communities, today)


def _to_plan(communities: dict[int, Community], today: date) -> Iterator[TodoItem]:
    soon = Q(slot_day=None) | Q(slot_day__lte=today + AHEAD, slot_day__gte=today - _LONG_AGO)
    for entry in unpublished(communities).filter(soon).order_by("slot_day", "slot_time", "pk")[:_MOST]:
        yield TodoItem(
            title=_("Publish “%(entry)s”") % {"entry": entry.title},
            kind=NAME,
            why=_("Approved, and not yet on its way"),
            due=entry.slot_day,
            page="entry_publish",
            args={"slug": entry.community.slug, "pk": entry.pk},
            priority=1,
            community=entry.community.name,
        )


def _going(communities: dict[int, Community], today: date) -> Iterator[TodoItem]:
    rows = Publication.objects.filter(
        community__in=list(communities), state=Publication.State.GOING, due_at__lt=_end(today)
    )
    going = list(rows.select_related("entry").order_by("due_at", "pk")[:_MOST])
    tallies = tallies_of(going)
    for publication in going:
        community = communities[publication.community_id]
        local = publication.due_at.astimezone(ZoneInfo(community.timezone))
        if local.date() <= today:
            yield _line(publication, community, tallies[publication.pk], local)


def _end(today: date) -> datetime:
    """A moment by which this local day is over everywhere."""
    return datetime.combine(today + timedelta(days=2), time(), ZoneInfo("UTC"))


def _line(publication: Publication, community: Community, tally: Counter[str], local: datetime) -> TodoItem:
    asked = tally[Delivery.State.UNKNOWN]
    title = _("Look whether “%(entry)s” arrived") if asked else _("Goes out today: “%(entry)s”")
    groups = sum(tally.values())
    given = {"time": f"{local:%H:%M}", "sent": tally[Delivery.State.SENT], "groups": groups}
    return TodoItem(
        title=title % {"entry": publication.entry.title},
        kind=NAME,
        why=_("At %(time)s; %(sent)d of %(groups)d groups have it") % given,
        due=local.date(),
        page="publication",
        args={"slug": community.slug, "pk": publication.pk},
        priority=1 if asked else 3,
        community=community.name,
    )
