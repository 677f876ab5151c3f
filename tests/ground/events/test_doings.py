"""The timeline and the sums of one member."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.events.doings import Doings, before, doings_by_member, sums_of, timeline_of
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def facts(*rows: tuple[str, float, dict[str, Any]], community: Community, name: str = "xiaomei") -> None:
    record(
        [
            Fact(kind, JOINED + timedelta(hours=hours), (kind, place, name), who=Who("wechat", name), **more)
            for place, (kind, hours, more) in enumerate(rows)
        ],
        community=community,
        source="tests",
    )


def test_doings_count_messages_and_the_last_act_of_ones_own(
    community: Community, xiaomei: Member, aqiang: Member
) -> None:
    facts(("spoke", 1, {}), ("spoke", 2, {}), ("read", 5, {}), ("left", 9, {}), community=community)
    assert doings_by_member([xiaomei.pk, aqiang.pk], community) == {xiaomei.pk: Doings(JOINED + timedelta(hours=5), 2)}


def test_sums_count_local_days_orders_and_spending(community: Community, xiaomei: Member) -> None:
    # JOINED is 10:00 in Shanghai: 13 hours on is 23:00 of the same day, 15 hours on is the next.
    facts(
        ("spoke", 1, {}),
        ("spoke", 13, {}),
        ("read", 15, {}),
        ("ordered", 30, {"amount": 9_900, "object_id": "A1"}),
        ("ordered", 30, {"amount": 1_000, "object_id": "A1"}),
        ("ordered", 31, {"amount": 5_000, "object_id": "A2"}),
        ("refunded", 50, {"amount": 1_000, "object_id": "A1"}),
        community=community,
    )
    sums = sums_of(xiaomei, [community])
    assert (sums.messages, sums.active_days, sums.orders, sums.spent) == (2, 3, 2, {"CNY": 14_900})
    assert (sums.first_at, sums.last_at) == (JOINED + timedelta(hours=1), JOINED + timedelta(hours=50))


def test_sums_of_someone_who_did_nothing_are_empty(community: Community, xiaomei: Member) -> None:
    sums = sums_of(xiaomei, [community])
    assert (sums.first_at, sums.last_at, sums.messages, sums.active_days, sums.orders, sums.spent) == (
        None,
        None,
        0,
        0,
        0,
        {},
    )


def test_the_timeline_shows_only_the_communities_asked_for(
    community: Community, other_community: Community, xiaomei: Member
) -> None:
    facts(("spoke", 1, {"text": "花到了"}), community=community)
    facts(("spoke", 2, {"text": "水果到了"}), community=other_community)
    seen = list(timeline_of(xiaomei, [community]))
    assert [(event.kind, event.occurred_at) for event in seen] == [
        ("spoke", JOINED + timedelta(hours=1)),
        ("joined", JOINED),
    ]
    assert seen[0].message.text == "花到了"


def test_the_timeline_goes_on_from_a_place_without_gap_or_repetition(community: Community, xiaomei: Member) -> None:
    facts(*(("spoke", 1, {}) for _ in range(7)), ("spoke", 2, {}), community=community)
    whole = list(timeline_of(xiaomei, [community]))
    walked, place = [], None
    while True:
        found = timeline_of(xiaomei, [community])
        step = list((before(found, *place) if place else found)[:3])
        if not step:
            break
        walked += step
        place = step[-1].occurred_at, step[-1].pk
    assert [event.pk for event in walked] == [event.pk for event in whole]
    assert len(walked) == 9
