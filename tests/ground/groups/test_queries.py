"""Communities, groups and members as one person may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.roles import Permission
from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Community
from qunying.ground.groups.queries import (
    channels_of,
    communities_for,
    get_community,
    get_community_for,
    get_group_for,
    get_member_for,
    groups_by_member,
    groups_of,
    members_of,
    memberships_of,
    tags_in,
    with_counts,
)
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.members.services_tags import tag_members
from qunying.kit.errors import NotFoundError
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db
LATER = JOINED + timedelta(days=10)


def leave(name: str, group: Group) -> None:
    fact = Fact("left", LATER, ("left", name), who=Who("wechat", name), group_id=group.pk)
    record([fact], community=group.community, source="tests")


def test_a_person_sees_the_communities_of_their_units(
    lead: Staff, director: Staff, outsider: Staff, community: Community, other_community: Community
) -> None:
    assert list(communities_for(lead)) == [community]
    assert set(communities_for(director)) == {community, other_community}
    assert list(communities_for(outsider)) == [other_community]


def test_a_community_of_others_does_not_exist(outsider: Staff, reviewer: Staff, community: Community) -> None:
    with pytest.raises(NotFoundError):
        get_community_for(outsider, "flowers")
    with pytest.raises(NotFoundError):
        get_community_for(reviewer, "flowers", Permission.IMPORT)
    assert get_community_for(reviewer, "flowers") == community


def test_the_command_line_is_told_which_communities_there_are(community: Community) -> None:
    with pytest.raises(NotFoundError, match="flowers"):
        get_community("roses")


def test_counts_leave_out_staff_bots_and_those_who_left(
    lead: Staff, group: Group, members: list[Member], aqiang: Member
) -> None:
    leave("xiaoli", group)
    mark_members([aqiang.pk], mark=Mark.BOT, on=True, by=lead)
    row = with_counts(communities_for(lead)).get()
    assert (row.group_count, row.present) == (1, 1)


def test_a_group_counts_every_account_in_it(lead: Staff, group: Group, members: list[Member], aqiang: Member) -> None:
    leave("xiaoli", group)
    mark_members([aqiang.pk], mark=Mark.BOT, on=True, by=lead)
    assert [row.present for row in groups_of(group.community)] == [2]


def test_a_group_is_reached_only_through_ones_community(lead: Staff, outsider: Staff, group: Group) -> None:
    assert get_group_for(lead, "flowers", group.pk) == group
    for staff, pk in ((outsider, group.pk), (lead, group.pk + 99)):
        with pytest.raises(NotFoundError):
            get_group_for(staff, "flowers", pk)


def test_members_carry_when_they_joined_and_whether_they_are_there(group: Group, members: list[Member]) -> None:
    leave("xiaoli", group)
    rows = members_of(group.community).order_by("pk")
    assert [(row.display_name, row.joined_at, row.present) for row in rows] == [
        ("小美", JOINED, True),
        ("阿强", JOINED, True),
        ("小丽", JOINED, False),
    ]


def test_a_member_is_one_row_however_often_they_came(group: Group, xiaoli: Member) -> None:
    leave("xiaoli", group)
    again = Fact("joined", LATER + timedelta(days=1), ("again",), who=Who("wechat", "xiaoli"), group_id=group.pk)
    record([again], community=group.community, source="tests")
    assert [(row.joined_at, row.present) for row in members_of(group.community)] == [(JOINED, True)]


def test_a_member_of_others_does_not_exist(lead: Staff, outsider: Staff, xiaomei: Member) -> None:
    assert get_member_for(lead, xiaomei.pk) == xiaomei
    with pytest.raises(NotFoundError):
        get_member_for(outsider, xiaomei.pk)


def test_a_member_of_two_units_is_seen_from_both_with_their_own_memberships(
    lead: Staff, outsider: Staff, xiaomei: Member, other_community: Community
) -> None:
    fact = Fact("joined", LATER, ("fruit",), who=Who("wechat", "xiaomei"), channel_key="朋友圈")
    record([fact], community=other_community, source="tests")
    assert get_member_for(outsider, xiaomei.pk) == xiaomei
    assert [row.community.slug for row in memberships_of(xiaomei, staff=outsider)] == ["fruit"]
    assert [row.community.slug for row in memberships_of(xiaomei, staff=lead)] == ["flowers"]
    assert (channels_of(other_community), channels_of(Community.objects.get(slug="flowers"))) == (["朋友圈"], [])


def test_groups_and_tags_are_those_of_the_community(
    lead: Staff, group: Group, members: list[Member], other_community: Community
) -> None:
    leave("xiaoli", group)
    tag, _fresh = tag_members([members[0].pk], dimension="城市", name="杭州", by=System("tests"))
    assert groups_by_member([member.pk for member in members], group.community) == {
        members[0].pk: ["花友一群"],
        members[1].pk: ["花友一群"],
    }
    assert (list(tags_in(group.community)), list(tags_in(other_community))) == ([tag], [])
