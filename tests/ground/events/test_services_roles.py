"""The part someone has in a group follows from the log, whatever comes late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.services import record
from qunying.ground.events.services_roles import give_role
from qunying.ground.groups.models import Membership
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def stay(member: Member) -> Membership:
    return Membership.objects.get(identity__member=member)


def test_a_part_is_given_by_a_fact_and_the_stay_goes_on(xiaomei: Member, lead: Staff) -> None:
    before = stay(xiaomei)
    give_role(before, role="admin", by=lead)
    after = stay(xiaomei)
    assert (after.role, after.joined_at, after.left_at, after.opened_by) == ("admin", before.joined_at, None, "joined")
    assert Event.objects.get(kind="role_changed").payload == {"role": "admin"}
    assert Act.objects.get(verb="groups.role").details["role"] == "admin"


def test_a_group_has_one_owner(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    give_role(stay(xiaomei), role="owner", by=lead)
    give_role(stay(aqiang), role="owner", by=lead)
    assert (stay(xiaomei).role, stay(aqiang).role) == ("member", "owner")


def test_a_fact_that_comes_late_does_not_take_the_part_away(xiaomei: Member, group: Group, lead: Staff) -> None:
    give_role(stay(xiaomei), role="active", by=lead)
    late = Fact("spoke", JOINED - timedelta(days=1), ("late",), who=Who("wechat", "xiaomei"), group_id=group.pk)
    record([late], community=group.community, source="tests")
    assert (stay(xiaomei).role, stay(xiaomei).joined_at) == ("active", late.occurred_at)


def test_the_history_is_in_the_log(xiaomei: Member, lead: Staff) -> None:
    for role in ("admin", "owner", "member"):
        give_role(stay(xiaomei), role=role, by=lead)
    told = Event.objects.filter(kind="role_changed").order_by("occurred_at").values_list("payload", flat=True)
    assert [row["role"] for row in told] == ["admin", "owner", "member"]


def test_it_refuses_what_makes_no_sense(xiaomei: Member, group: Group, lead: Staff) -> None:
    for role in ("king", "member"):
        with pytest.raises(QunyingError):
            give_role(stay(xiaomei), role=role, by=lead)
    left = Fact("left", timezone.now(), ("left",), who=Who("wechat", "xiaomei"), group_id=group.pk)
    record([left], community=group.community, source="tests")
    with pytest.raises(QunyingError):
        give_role(stay(xiaomei), role="admin", by=lead)
