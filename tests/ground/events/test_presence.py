"""Intervals are a function of the facts, whatever order the facts come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.events.facts import Fact
from qunying.ground.events.kinds import Presence
from qunying.ground.events.presence import Sign, presence_of, walk
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import MakeCommunity

START = datetime(2026, 3, 2, tzinfo=UTC)
J, S, L = Presence.OPENS, Presence.SHOWS, Presence.CLOSES


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def sign(hour: int, says: Presence, group: int | None = 1) -> Sign:
    return Sign(identity_id=1, group_id=group, at=at(hour), says=says)


def spans(signs: list[Sign]) -> list[tuple[int, int | None, str]]:
    hours = [(span.joined_at, span.left_at, span.opened_by) for span in walk(signs)]
    return [
        (int((begin - START).total_seconds() // 3600), end and int((end - START).total_seconds() // 3600), how)
        for begin, end, how in hours
    ]


def test_joining_opens_and_leaving_closes() -> None:
    assert spans([sign(1, J), sign(5, L)]) == [(1, 5, "joined")]


def test_the_first_sign_opens_where_nobody_recorded_a_joining() -> None:
    assert spans([sign(3, S), sign(7, S)]) == [(3, None, "seen")]


def test_joining_twice_keeps_the_earlier_joining() -> None:
    assert spans([sign(1, J), sign(4, J)]) == [(1, None, "joined")]


def test_leaving_without_having_come_leaves_an_interval_of_no_length() -> None:
    assert spans([sign(4, L)]) == [(4, 4, "seen")]


def test_a_word_after_leaving_means_they_came_back() -> None:
    assert spans([sign(1, J), sign(2, L), sign(6, S)]) == [(1, 2, "joined"), (6, None, "seen")]


def test_at_one_instant_coming_is_first_and_leaving_last() -> None:
    assert spans([sign(1, L), sign(1, S), sign(1, J)]) == [(1, 1, "joined")]


def test_an_order_shows_belonging_only_while_no_group_tells_more() -> None:
    assert list(presence_of([sign(2, S, None)])) == [None]
    assert list(presence_of([sign(2, S, None), sign(5, J, 1)])) == [1]


def test_leaving_the_group_ends_a_belonging_without_a_group() -> None:
    found = presence_of([sign(1, J, None), sign(3, J, 1), sign(9, L, 1)])
    assert found[None][0].left_at == at(9)


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from([J, S, L])), max_size=30))
def test_intervals_never_overlap_and_only_the_last_is_open(steps: list[tuple[int, Presence]]) -> None:
    found = walk([sign(hour, says) for hour, says in steps])
    for earlier, later in pairwise(found):
        assert earlier.left_at is not None
        assert earlier.left_at <= later.joined_at
    assert all(span.left_at is None or span.joined_at <= span.left_at for span in found)


KINDS = {J: "joined", S: "spoke", L: "left"}
STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([J, S, L]), st.sampled_from([0, 1, None]), st.sampled_from("ab")),
    min_size=1,
    max_size=14,
    unique_by=lambda step: (step[0], step[2], step[3]),
)


Step = tuple[int, Presence, int | None, str]
Stay = tuple[str, int, datetime, datetime | None, str]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, data=st.data())
def test_facts_in_any_order_and_any_portions_give_the_same_memberships(
    steps: list[Step], data: st.DataObject, make_community: MakeCommunity
) -> None:
    told = [_stays(make_community(), steps, [len(steps)])]
    shuffled = data.draw(st.permutations(steps))
    cut = data.draw(st.integers(0, len(steps)))
    told.append(_stays(make_community(), shuffled, [cut, len(steps)]))
    assert told[0] == told[1]


def _stays(place: tuple[Community, list[Group]], steps: Sequence[Step], cuts: list[int]) -> list[Stay]:
    community, groups = place
    facts = [
        Fact(
            KINDS[says],
            at(hour),
            ("k", hour, says.value, str(group), name),
            who=Who("irc", f"{community.slug}-{name}", name),
            group_id=None if group is None else groups[group].pk,
        )
        for hour, says, group, name in steps
    ]
    start = 0
    for cut in cuts:
        record(facts[start:cut], community=community, source="test")
        start = cut
    names = {group.pk: index for index, group in enumerate(groups)}
    return sorted(
        (row.identity.display_name, names.get(row.group_id or 0, -1), row.joined_at, row.left_at, row.opened_by)
        for row in Membership.objects.filter(community=community).select_related("identity")
    )
