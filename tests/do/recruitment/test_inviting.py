"""Who invited whom is known where a platform tells it, once for each person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.do.recruitment.inviting import inviting_in
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services import create_group
from qunying.ground.members.services import Who
from qunying.kit.periods import last_days
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db


def joins(name: str, group: Group, *, by: str = "", channel: str = "", hours: int = 1) -> Fact:
    at = timezone.now() - timedelta(hours=hours)
    target = Who("qq", by) if by else None
    key = ("joined", name, group.pk)
    return Fact("joined", at, key, who=Who("qq", name), target=target, group_id=group.pk, channel_key=channel)


def test_each_person_counts_once_for_who_let_them_in_first(
    community: Community, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = create_group(community, name="花友二群", platform="qq", by=TESTS)
    facts = [
        joins("a", group, hours=9),
        joins("b", group, by="a", hours=5),
        joins("c", group, by="a", channel="传单", hours=4),
        joins("d", group, by="b", hours=3),
        joins("b", other, by="d", hours=2),
        Fact("left", timezone.now(), ("left", "c"), who=Who("qq", "c"), group_id=group.pk),
    ]
    record(facts, community=community, source="tests")
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    with django_assert_num_queries(2):
        found = inviting_in(community, last_days(2, until=today))
    told = [(str(one.member), [str(each) for each in one.people], one.here) for one in found.inviters]
    assert [(len(people), here) for _name, people, here in told] == [(2, 1), (1, 1)]
    assert (found.told, found.joined) == (3, 4)
    by_flyer = inviting_in(community, last_days(2, until=today), channel_key="传单")
    assert (by_flyer.told, by_flyer.joined, by_flyer.inviters[0].here) == (1, 1, 0)
