"""Who answers for a community at three levels, and what members are confirmed to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.groups.models import Recognition, Stewardship
from qunying.ground.groups.services_stewards import (
    appoint_steward,
    dismiss_steward,
    recognise_member,
    withdraw_recognition,
)
from qunying.ground.members.models import DimensionChange, Member
from qunying.ground.merges.services import merge_members, undo_merge
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def in_charge(community: Community) -> list[tuple[int, str]]:
    rows = community.stewardships.filter(ended_at=None)
    return [(row.level, str(row.member or row.staff.name)) for row in rows]  # type: ignore[union-attr]


def test_colleagues_and_members_answer_at_three_levels(
    community: Community, lead: Staff, specialist: Staff, xiaomei: Member
) -> None:
    for level, person in ((1, lead), (2, xiaomei), (3, specialist)):
        appoint_steward(community, level=level, person=person, by=lead)
    assert in_charge(community) == [(1, "群主"), (2, "小美"), (3, "专员")]
    assert Act.objects.filter(verb="stewards.appoint").count() == 3


def test_there_is_one_leader_and_a_person_has_one_level(community: Community, lead: Staff, xiaomei: Member) -> None:
    appoint_steward(community, level=1, person=lead, by=lead)
    appoint_steward(community, level=2, person=xiaomei, by=lead)
    appoint_steward(community, level=1, person=xiaomei, by=lead)
    assert in_charge(community) == [(1, "小美")]
    assert Stewardship.objects.count() == 3


def test_it_refuses_what_makes_no_sense(community: Community, lead: Staff, xiaomei: Member) -> None:
    elsewhere = Member.objects.create(display_name="别人")
    made = appoint_steward(community, level=1, person=xiaomei, by=lead)
    for level, person in ((9, lead), (1, elsewhere), (1, xiaomei)):
        with pytest.raises(QunyingError):
            appoint_steward(community, level=level, person=person, by=lead)
    dismiss_steward(made, by=lead)
    with pytest.raises(QunyingError):
        dismiss_steward(made, by=lead)


def test_what_a_member_is_known_for_is_confirmed_and_withdrawn(
    community: Community, lead: Staff, xiaomei: Member
) -> None:
    before = DimensionChange.objects.count()
    made = recognise_member(xiaomei, community=community, kind="leader", by=lead)
    assert (made.by, DimensionChange.objects.count()) == (lead, before + 1)
    for kind in ("leader", "king"):
        with pytest.raises(QunyingError):
            recognise_member(xiaomei, community=community, kind=kind, by=lead)
    withdraw_recognition(made, by=lead)
    with pytest.raises(QunyingError):
        withdraw_recognition(made, by=lead)
    recognise_member(xiaomei, community=community, kind="leader", by=lead)
    assert Recognition.objects.count() == 2


def test_who_is_not_there_cannot_be_confirmed(community: Community, lead: Staff) -> None:
    with pytest.raises(QunyingError):
        recognise_member(Member.objects.create(), community=community, kind="leader", by=lead)


def test_charges_go_with_a_person_and_come_back(
    community: Community, lead: Staff, xiaomei: Member, aqiang: Member
) -> None:
    appoint_steward(community, level=2, person=aqiang, by=lead)
    recognise_member(aqiang, community=community, kind="producer", by=lead)
    merge = merge_members(xiaomei, absorbed=aqiang, by=lead)
    assert (in_charge(community), xiaomei.recognitions.count()) == ([(2, "小美")], 1)
    undo_merge(merge, by=lead)
    assert (in_charge(community), aqiang.recognitions.count()) == ([(2, "阿强")], 1)
