"""A saved segment as one more filter of the members list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.doors.console.ground.members.filters import Chip, selection_from
from qunying.ground.segments.queries import get_segment_for, members_of_segment, seen_by
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import QueryDict

    from qunying.ground.access.models import Staff
    from qunying.ground.events.selection import Selection


def selection_with_segment(query: QueryDict, staff: Staff) -> Selection:
    """The selection an address asks for, narrowed to a segment where it names one.

    Raises NotFoundError for a segment that is not this person's.
    """
    selection = selection_from(query)
    pk = _segment_of(query)
    if pk is None:
        return selection
    segment = get_segment_for(staff, pk)
    return replace(selection, among=tuple(members_of_segment(segment, seen_by(staff, segment))))


def segment_chips(query: QueryDict, staff: Staff) -> list[Chip]:
    """The segment in force, with the address without it."""
    pk = _segment_of(query)
    if pk is None:
        return []
    rest = query.copy()
    rest.pop("segment", None)
    rest.pop("page", None)
    return [Chip(_("Segment"), get_segment_for(staff, pk).name, f"?{rest.urlencode()}")]


def _segment_of(query: QueryDict) -> int | None:
    return to_id(query.get("segment", ""))
