"""What channels brought, and which picture is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.recruitment.bounds import State, choose, state_of
from qunying.do.recruitment.queries import (
    Tally,
    get_channel_for,
    nameless_keys,
    picture_now,
    standings,
    tallies,
    visits_in_vain,
)
from qunying.do.recruitment.services import book_cost
from qunying.do.recruitment.services_visits import count_visit
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import members_behind
from qunying.ground.groups.services import create_group
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.kit.errors import NotFoundError
from qunying.kit.periods import Period
from tests.support.cast import TESTS
from tests.support.recruitment import link_of, make_channel, put_up

if TYPE_CHECKING:
    from qunying.do.recruitment.models import JoinLink
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _come(group: Group, people: int, channel: str = "", at: datetime = NOON, start: int = 0) -> None:
    facts = [
        Fact("joined", at, ("come", group.pk, n), who=Who("wechat", f"{group.pk}-{n}"), group_id=group.pk,
             channel_key=channel)
        for n in range(start, start + people)
    ]  # fmt: skip
    record(facts, community=group.community, source="tests")


def _visit(link: JoinLink, group: Group | None, people: int, at: datetime, start: int = 0) -> None:
    for number in range(start, start + people):
        count_visit(link, group=group, visitor=(str(number),), now=at)


def test_visits_joins_and_costs_stand_apart_by_channel(community: Community, group: Group) -> None:
    channel = make_channel(community)
    _visit(link_of(channel), group, 5, NOON)
    _come(group, 2, "传单")
    _come(group, 1, "抖音", start=2)
    _come(group, 1, start=3)
    book_cost(channel, community=community, day=date(2026, 3, 31), amount=900, by=TESTS)
    book_cost(channel, community=community, day=date(2026, 4, 1), amount=70, by=TESTS)
    assert tallies(community, MARCH) == {"传单": Tally(visits=5, joins=2, cost=900), "抖音": Tally(joins=1)}
    assert nameless_keys(community) == ["抖音"]


def test_joins_are_the_people_that_figures_know_by_this_channel(community: Community, group: Group) -> None:
    _come(group, 4, "传单")
    second = create_group(community, name="花友二群", platform="wechat", by=TESTS)
    record(
        [Fact("joined", NOON, ("twice",), who=Who("wechat", f"{group.pk}-0"), group_id=second.pk, channel_key="传单")],
        community=community,
        source="tests",
    )
    scope = Scope((community.pk,), channels=("传单",))
    behind = members_behind("joins", scope=scope, period=MARCH)
    assert tallies(community, MARCH)["传单"].joins == len(set(behind)) == 4


def test_staff_and_programs_are_no_joins(community: Community, group: Group) -> None:
    _come(group, 2, "传单")
    Member.objects.filter(identities__external_id=f"{group.pk}-0").update(is_staff=True)
    assert tallies(community, MARCH)["传单"].joins == 1


def test_another_s_channel_does_not_exist(community: Community, outsider: Staff, other_community: Community) -> None:
    channel = make_channel(community)
    with pytest.raises(NotFoundError):
        get_channel_for(outsider, "flowers", channel.pk)
    with pytest.raises(NotFoundError, match="no such channel"):
        get_channel_for(outsider, "fruit", channel.pk)


def test_who_was_shown_a_picture_since_the_last_joining_may_have_joined(community: Community, group: Group) -> None:
    link = link_of(make_channel(community))
    put_up(group)
    _come(group, 10, at=NOON)
    _visit(link, group, 3, NOON - timedelta(hours=1))
    _visit(link, group, 4, NOON + timedelta(hours=1), start=10)
    [one] = standings([community])
    assert (one.known, one.shown, one.people, one.places) == (10, 4, 14, 150)


def test_what_a_colleague_counted_ends_the_guessing(community: Community, group: Group) -> None:
    link = link_of(make_channel(community))
    _visit(link, group, 40, timezone.now() - timedelta(hours=1))
    put_up(group, people=60)
    [one] = standings([community])
    assert (one.known, one.shown) == (60, 0)


def test_the_next_picture_comes_before_the_group_is_full(community: Community, group: Group) -> None:
    second = create_group(community, name="花友二群", platform="wechat", capacity=500, by=TESTS)
    put_up(group, people=146)
    put_up(second)
    now = timezone.now()
    chosen = picture_now(community)
    assert chosen is not None
    assert chosen.picture.group == group
    _visit(link_of(make_channel(community)), group, 1, now)
    chosen = picture_now(community)
    assert chosen is not None
    assert chosen.picture.group == second
    assert [state_of(one, chosen) for one in standings([community])] == [State.FULL, State.SHOWN]


def test_a_group_on_wechat_takes_in_no_more_than_two_hundred(community: Community) -> None:
    large = create_group(community, name="大群", platform="wechat", capacity=500, by=TESTS)
    put_up(large, people=195)
    [one] = standings([community])
    assert (one.places, one.moves_on_at, one.is_full, one.fills) == (200, 196, False, True)


def test_the_next_picture_comes_an_hour_before_the_first_expires(community: Community, group: Group) -> None:
    first = put_up(group)
    put_up(create_group(community, name="矩阵群", platform="matrix", by=TESTS))
    assert first.expires_at is not None
    shown = []
    for minutes in (61, 59):
        rows = standings([community], now=first.expires_at - timedelta(minutes=minutes))
        chosen = choose(rows)
        assert chosen is not None
        shown.append((chosen.picture.group.name, [state_of(one, chosen) for one in rows]))
    assert shown == [("花友一群", [State.SHOWN, State.WAITING]), ("矩阵群", [State.EXPIRED, State.SHOWN])]


def test_without_any_that_serves_there_is_none(community: Community, group: Group) -> None:
    assert picture_now(community) is None
    put_up(group, people=150)
    assert picture_now(community) is None


def test_visits_in_vain_are_counted_from_a_moment_on(community: Community, group: Group) -> None:
    link = link_of(make_channel(community))
    _visit(link, None, 2, NOON)
    _visit(link, group, 2, NOON, start=5)
    assert visits_in_vain([community.pk], since=NOON) == {community.pk: 2}
    assert visits_in_vain([community.pk], since=NOON + timedelta(days=1)) == {}
