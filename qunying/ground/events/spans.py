"""Over what time a community's facts reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from qunying.ground.events.models import Event
from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


def fact_span(communities: Collection[int]) -> tuple[datetime, datetime] | None:
    """When the first and the last fact of these communities (ids) happened; None without facts.

    One query that looks at two index entries a community, however many facts there are.
    """
    theirs = Event.objects.filter(community=OuterRef("pk")).order_by("occurred_at").values("occurred_at")
    rows = (
        Community.objects.filter(pk__among=list(communities))
        .order_by()
        .values_list(Subquery(theirs[:1]), Subquery(theirs.order_by("-occurred_at")[:1]))
    )
    spans = [(first, last) for first, last in rows if first is not None]
    if not spans:
        return None
    return min(first for first, _last in spans), max(last for _first, last in spans)
