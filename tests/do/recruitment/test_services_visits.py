"""Visits: once a day each, and nobody knows afterwards who it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.do.recruitment.models import VisitCount, Visitor, VisitSalt
from qunying.do.recruitment.services_visits import count_visit
from tests.support.recruitment import link_of, make_channel

if TYPE_CHECKING:
    from qunying.do.recruitment.models import JoinLink
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 7, tzinfo=UTC)
"""Seven past noon in Shanghai."""
PHONE, OTHER = ("203.0.113.7", "Phone"), ("203.0.113.8", "Phone")


@pytest.fixture
def link(community: Community) -> JoinLink:
    return link_of(make_channel(community))


def _counts() -> list[tuple[str, str, int]]:
    rows = VisitCount.objects.order_by("at", "group").values_list("at", "group__name", "count")
    return [(f"{at:%d %H:%M}", name, count) for at, name, count in rows]


def test_a_visitor_counts_once_a_day_and_again_the_next(link: JoinLink, group: Group) -> None:
    told = [
        count_visit(link, group=group, visitor=PHONE, now=NOON),
        count_visit(link, group=group, visitor=PHONE, now=NOON + timedelta(hours=1)),
        count_visit(link, group=group, visitor=OTHER, now=NOON),
        count_visit(link, group=group, visitor=PHONE, now=NOON + timedelta(hours=12)),
    ]
    assert told == [True, False, True, True]
    assert _counts() == [("02 04:00", "花友一群", 2), ("02 16:00", "花友一群", 1)]


def test_the_day_is_the_community_s_own(link: JoinLink, group: Group) -> None:
    before, after = datetime(2026, 3, 2, 15, 59, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert [count_visit(link, group=group, visitor=PHONE, now=now) for now in (before, after)] == [True, True]


def test_the_same_visitor_of_another_link_counts_there_too(community: Community, link: JoinLink, group: Group) -> None:
    other = link_of(make_channel(community, "公众号"))
    assert [count_visit(one, group=group, visitor=PHONE, now=NOON) for one in (link, other)] == [True, True]


def test_who_finds_no_group_is_counted_apart(link: JoinLink, group: Group) -> None:
    count_visit(link, group=None, visitor=PHONE, now=NOON)
    count_visit(link, group=None, visitor=OTHER, now=NOON)
    assert [(count.group, count.count) for count in VisitCount.objects.all()] == [(None, 2)]


def test_what_told_visitors_apart_is_gone_two_days_later(link: JoinLink, group: Group) -> None:
    for days in (0, 1, 2):
        count_visit(link, group=group, visitor=PHONE, now=NOON + timedelta(days=days))
    assert [str(salt.day) for salt in VisitSalt.objects.order_by("day")] == ["2026-03-03", "2026-03-04"]
    assert Visitor.objects.count() == 2
    assert sum(count.count for count in VisitCount.objects.all()) == 3


def test_the_same_visitor_has_another_digest_each_day(link: JoinLink, group: Group) -> None:
    for days in (0, 1):
        count_visit(link, group=group, visitor=PHONE, now=NOON + timedelta(days=days))
    assert len({bytes(one.digest) for one in Visitor.objects.all()}) == 2
