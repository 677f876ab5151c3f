"""What is known of stays is asked in one statement, and says the same as looking at each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups.models import Membership
from qunying.ground.groups.stays import Interval, intervals_of, not_covered, replace_intervals
from qunying.ground.members.models import Identity

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

START = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def stay(joined: float, left: float | None = None) -> Interval:
    return Interval(at(joined), None if left is None else at(left), "joined", "member", "扫码", None)


@pytest.fixture
def identity(community: Community, xiaomei: Member) -> int:
    """An account that has never been anywhere."""
    account = Identity.objects.create(platform="wechat", external_id="fresh", member=xiaomei)
    return int(account.pk)


def put(community: Community, identity: int, groups: dict[int | None, list[Interval]]) -> bool:
    known = intervals_of(community, [identity])
    return replace_intervals(community, {identity: groups}, known=known)


def test_stored_stays_are_read_as_they_were_written(community: Community, group: Group, identity: int) -> None:
    stays = {group.pk: [stay(1, 2.5), stay(3)], None: [stay(0, 9)]}
    assert put(community, identity, stays)
    assert intervals_of(community, [identity]) == {identity: stays}


def test_the_same_stays_again_change_nothing(community: Community, group: Group, identity: int) -> None:
    put(community, identity, {group.pk: [stay(1)]})
    first = Membership.objects.get(identity=identity).pk
    assert not put(community, identity, {group.pk: [stay(1)]})
    assert Membership.objects.get(identity=identity).pk == first


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [(1, 2, True), (1, 1, True), (0.5, 2, False), (1.5, 2.5, False), (4, 90, True), (2, 4, False)],
)
def test_only_one_stay_from_first_to_last_accounts_for_someone_seen(
    community: Community, group: Group, identity: int, first: float, last: float, covered: bool
) -> None:
    put(community, identity, {group.pk: [stay(1, 2), stay(3)]})
    seen = {(identity, group.pk): (at(first), at(last))}
    assert not_covered(community, seen) == (set() if covered else {identity})


def test_a_stay_in_a_group_accounts_for_facts_without_one_but_not_the_reverse(
    community: Community, group: Group, identity: int
) -> None:
    without, inside = {(identity, None): (at(5), at(6))}, {(identity, group.pk): (at(5), at(6))}
    assert (not_covered(community, without), not_covered(community, inside)) == ({identity}, {identity})
    put(community, identity, {None: [stay(1)]})
    assert (not_covered(community, without), not_covered(community, inside)) == (set(), {identity})
    put(community, identity, {group.pk: [stay(8)]})
    assert (not_covered(community, without), not_covered(community, inside)) == (set(), {identity})


def test_a_stay_in_another_community_accounts_for_nothing(
    community: Community, other_community: Community, identity: int
) -> None:
    put(other_community, identity, {None: [stay(1)]})
    assert not_covered(community, {(identity, None): (at(2), at(3))}) == {identity}


def test_it_is_one_statement_however_many_were_seen(
    community: Community, identity: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = {(number, None): (at(1), at(2)) for number in range(identity, identity + 500)}
    with django_assert_num_queries(1):
        assert len(not_covered(community, seen)) == len(seen)
