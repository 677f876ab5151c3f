"""Asking what holds of many travellers at once: one question for each condition, never one for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from qunying.do.journeys.conditions import OWN, SEGMENT, SINCE, kinds_of_deed
from qunying.do.journeys.models import Traveller
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.segments.conditions import Condition, Group
from qunying.ground.segments.counting import members_fitting
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import members_of_segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.groups.models import Community


class Person(NamedTuple):
    """Somebody a question is about: the ids of the traveller (0 for one who has not begun) and the member."""

    traveller: int
    member: int


class Asking:
    """One look at people; what is asked twice of the same community is answered from memory.

    It belongs outside of any transaction: figures are read from a snapshot of their own.
    """

    def __init__(self) -> None:
        self._fitting: dict[tuple[int, str], frozenset[int]] = {}

    def holding(self, group: Group, people: Sequence[Person], community: Community) -> set[int]:
        """The members (ids) among these people for whom the condition holds now."""
        if not people:
            return set()
        if not any(part.kind in OWN for part in group.conditions()):
            return {one.member for one in people}.intersection(self._members(group, community))
        sets = [self._part(part, people, community) for part in group.parts]
        return set.intersection(*sets) if group.every else set.union(*sets)

    def _part(self, part: Condition | Group, people: Sequence[Person], community: Community) -> set[int]:
        if isinstance(part, Group):
            return self.holding(part, people, community)
        if part.kind not in OWN:
            return self.holding(Group(parts=(part,)), people, community)
        everyone = {one.member for one in people}
        found = (
            self._since(part, people) if part.kind == SINCE else everyone.intersection(self._segment(part, community))
        )
        return everyone - found if part.negated else found

    def _members(self, group: Group, community: Community) -> frozenset[int]:
        asked = (community.pk, repr(group.plain()))
        if asked not in self._fitting:
            self._fitting[asked] = frozenset(members_fitting(group, [community.pk]))
        return self._fitting[asked]

    def _segment(self, part: Condition, community: Community) -> frozenset[int]:
        asked = (community.pk, f"{SEGMENT} {part.params['segment']}")
        if asked not in self._fitting:
            segment = Segment.objects.filter(pk=part.params["segment"]).first()
            self._fitting[asked] = frozenset(members_of_segment(segment, [community]) if segment else ())
        return self._fitting[asked]

    def _since(self, part: Condition, people: Sequence[Person]) -> set[int]:
        """Those who did it so often since they began. One statement over the facts of just these people."""
        theirs = Event.objects.filter(
            identity__member=OuterRef("member"),
            kind__in=kinds_of_deed(part.params["deed"]),
            occurred_at__gte=OuterRef("began_at"),
            community=OuterRef("journey__community"),
        )
        counted = theirs.order_by().values("community").annotate(number=Count("pk")).values("number")
        travellers = Traveller.objects.filter(pk__among=[one.traveller for one in people])
        found = travellers.annotate(times=Coalesce(Subquery(counted), 0)).filter(times__gte=part.params["times"])
        return set(found.values_list("member", flat=True))


def still_there(travellers: Sequence[Traveller]) -> set[int]:
    """The ids of those who have not left: the group they came into, or, where there is none, the community.

    One query. `journey` must have been read along with them.
    """
    stays = Membership.objects.filter(
        identity__member__among=list({one.member_id for one in travellers}), left_at__isnull=True
    )
    rows = list(stays.values_list("identity__member", "group", "community"))
    groups = {(member, group) for member, group, _community in rows}
    communities = {(member, community) for member, _group, community in rows}
    return {
        one.pk
        for one in travellers
        if ((one.member_id, one.group_id) in groups if one.group_id else _place(one) in communities)
    }


def _place(one: Traveller) -> tuple[int, int]:
    return one.member_id, one.journey.community_id
