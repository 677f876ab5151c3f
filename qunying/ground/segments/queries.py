"""Segments as one person may see them, and the words for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Community, Group
from qunying.ground.groups.queries import communities_for, currencies_of
from qunying.ground.members.models import Tag
from qunying.ground.segments.conditions import Names, read_group, sentence
from qunying.ground.segments.counting import members_fitting
from qunying.ground.segments.models import Segment
from qunying.ground.units.queries import ancestors, subtree
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.units.models import Unit


def segments_for(staff: Holder, permission: Permission = Permission.SEE_MEMBERS) -> QuerySet[Segment]:
    """The segments of the units in which this person holds the permission."""
    found = Segment.objects.filter(unit__in=units_for(staff, permission))
    return found.select_related("unit", "community", "tag__dimension", "by")


def get_segment_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_MEMBERS) -> Segment:
    """The segment of this number; raises NotFoundError where there is none or it is not this person's."""
    found = segments_for(staff, permission).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such segment that you may open."))
    return found


def segments_at(staff: Holder, *, community: Community | None, unit: Unit | None) -> QuerySet[Segment]:
    """Those that hold people of a community, or else of a whole unit: its own and those of the units above."""
    place = community.unit if community else unit
    if place is None:
        return Segment.objects.none()
    above = Q(community=None, unit__in=[*ancestors(place), place])
    return segments_for(staff).filter(above | Q(community=community) if community else above)


def communities_in(segment: Segment) -> QuerySet[Community]:
    """Where a segment looks: its community, or all communities of its unit and below."""
    if segment.community_id is not None:
        return Community.objects.filter(pk=segment.community_id)
    return Community.objects.filter(unit__in=subtree(segment.unit))


def seen_by(staff: Holder, segment: Segment) -> list[Community]:
    """Those of its communities whose members this person may see."""
    return list(communities_in(segment).filter(pk__in=communities_for(staff, Permission.SEE_MEMBERS)))


def members_of_segment(segment: Segment, communities: Iterable[Community]) -> list[int]:
    """Ids of the people of a segment in these communities, now."""
    return members_fitting(read_group(segment.conditions), [row.pk for row in communities])


def names_in(communities: Iterable[Community]) -> Names:
    """The words for tags and groups in sentences about these communities. Three queries."""
    ids = [row.pk for row in communities]
    tags = {row.pk: f"{row.dimension.label}：{row.label}" for row in Tag.objects.select_related("dimension")}
    groups = dict(Group.objects.filter(community__in=ids).values_list("pk", "name"))
    currencies = currencies_of(ids)
    return Names(tags, groups, currencies[0] if len(currencies) == 1 else "")


def words_of(segment: Segment, names: Names) -> str:
    """A stored segment as one sentence."""
    return sentence(read_group(segment.conditions), names)
