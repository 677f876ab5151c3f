"""What nobody tells: segments people enter, days that come, journeys that are over without a step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.models import Standing, Traveller
from qunying.do.journeys.services_travellers import start_members
from qunying.do.journeys.watching import _look_at, is_day, look_into_segments, watch
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.ground.segments.services import create_segment
from tests.do.journeys.conftest import DAY
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.journeys.models import Version
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_enters_a_segment_begins_and_who_was_there_before_does_not(
    running: Callable[..., Version], community: Community, xiaomei: Member, aqiang: Member
) -> None:
    tag, _fresh = tag_members([aqiang.pk], dimension="阶段", name="老客", by=TESTS)
    conditions = {"all": True, "parts": [{"is": "tag", "tags": [tag.pk]}]}
    segment = create_segment(community.unit, name="老客", conditions=conditions, community=community, by=TESTS)
    running([DAY], on="segment_entered", trigger={"segment": segment.pk}, again=1)
    assert look_into_segments() == 0
    tag_members([xiaomei.pk], dimension="阶段", name="老客", by=TESTS)
    assert (look_into_segments(), look_into_segments()) == (1, 0)
    assert list(Traveller.objects.values_list("member", flat=True)) == [xiaomei.pk]
    untag_members([aqiang.pk], tag=tag, by=TESTS)
    assert look_into_segments() == 0
    assert list(Standing.objects.values_list("member", flat=True)) == [xiaomei.pk]
    tag_members([aqiang.pk], dimension="阶段", name="老客", by=TESTS)
    assert look_into_segments() == 1


def test_a_day_is_kept_once_when_its_time_has_come(
    running: Callable[..., Version], xiaomei: Member, aqiang: Member
) -> None:
    tag_members([xiaomei.pk], dimension="生日", name="1990-05-23", by=TESTS)
    tag_members([aqiang.pk], dimension="生日", name="05-24", by=TESTS)
    birthday = running([DAY], on="date", trigger={"dimension": "生日", "at": "09:00"}, again=300)
    festival = running([DAY], on="date", trigger={"days": ["05-23"]})
    before, after = (datetime(2027, 5, 23, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert [_look_at(birthday, at) for at in (before, after, after)] == [0, 1, 0]
    assert Traveller.objects.get(version=birthday).member_id == xiaomei.pk
    assert _look_at(festival, after) == 2


def test_a_tag_names_a_day_of_the_year() -> None:
    asked = [("05-23", (2027, 5, 23)), ("1990-05-23", (2027, 5, 23)), ("杭州", (2027, 5, 23)), ("05-24", (2027, 5, 23)),
             ("02-29", (2027, 2, 28)), ("02-29", (2028, 2, 28)), ("02-29", (2028, 2, 29))]  # fmt: skip
    assert [is_day(name, date(*day)) for name, day in asked] == [True, True, False, False, True, False, True]


def test_who_left_is_found_without_waiting_for_the_next_step(
    running: Callable[..., Version], group: Group, xiaomei: Member, aqiang: Member
) -> None:
    version = running([DAY])
    start_members(version.journey, members=[xiaomei.pk, aqiang.pk], by=TESTS)
    identity = xiaomei.identities.get()
    who = Who(identity.platform, identity.external_id)
    record(
        [Fact("left", timezone.now() - timedelta(minutes=1), ("gone",), who=who, group_id=group.pk)],
        community=group.community,
        source="tests",
    )
    assert (watch(), watch()) == (1, 0)
    assert dict(Traveller.objects.values_list("member", "state")) == {xiaomei.pk: "left", aqiang.pk: "under_way"}
