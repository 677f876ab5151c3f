"""Good times, against the numbers of the literature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.do.reach.best_times import HOURS, best_times, offers, shares, shrink
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

BATTING = [
    *(0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244),
    *(0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.200, 0.178, 0.156),
]
"""Eighteen players after 45 times at bat (Efron and Morris 1977)."""
NOW = datetime(2026, 3, 2, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday."""


def test_it_draws_the_batting_averages_as_efron_and_morris_did() -> None:
    mean = sum(BATTING) / len(BATTING)
    drawn = shrink(BATTING, variance=mean * (1 - mean) / 45)
    assert round(mean, 3) == 0.265
    assert round((drawn[0] - mean) / (BATTING[0] - mean), 2) == 0.21
    assert [round(drawn[place], 3) for place in (0, 1, -1)] == [0.294, 0.289, 0.242]


def test_too_few_values_are_left_as_they_are() -> None:
    assert shrink([0.1, 0.5, 0.9], variance=0.01) == [0.1, 0.5, 0.9]
    assert shrink([], variance=0.01) == []


def test_a_community_without_facts_is_like_the_organisation() -> None:
    assert shares({}, {(1, 20): 3, (2, 8): 1})[1, 20] == 0.75


def test_few_facts_are_drawn_further_than_many() -> None:
    organisation = dict.fromkeys(HOURS, 100)
    few, many = (shares({(1, 20): count, (2, 9): count}, organisation)[1, 20] for count in (1, 1000))
    assert 1 / 168 < few < many
    assert round(many, 3) == 0.5
    assert sum(shares({(1, 20): 7}, organisation).values()) == pytest.approx(1)


def test_offers_keep_to_open_hours_and_one_a_day() -> None:
    found = dict.fromkeys(HOURS, 0.001) | {(1, 20): 0.3, (1, 21): 0.2, (3, 12): 0.1, (5, 23): 0.9, (7, 9): 0.05}
    offered = offers(found, now=NOW, open_hours=range(8, 22), chance=Random(1))
    assert [(one.at.isoweekday(), one.at.hour, one.tries) for one in offered] == [
        (1, 20, False),
        (3, 12, False),
        (7, 9, False),
    ]


def test_about_one_offer_in_ten_is_a_try() -> None:
    chance = Random(7)
    found = dict.fromkeys(HOURS, 0.0) | {(2, 20): 0.3, (3, 12): 0.1, (5, 9): 0.05}
    many = [one for _time in range(400) for one in offers(found, now=NOW, open_hours=range(8, 22), chance=chance)]
    assert 0.07 < sum(one.tries for one in many) / len(many) < 0.13


@pytest.mark.django_db(transaction=True)
def test_it_is_the_audience_that_says_when(community: Community) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert best_times(community, among=[], zone=zone, open_hours=range(24)) == []
    day = timezone.localdate(timezone=zone) - timedelta(days=7)
    at = datetime(day.year, day.month, day.day, 19, 30, tzinfo=zone).astimezone(UTC)
    facts = [Fact("spoke", at, (number,), who=Who("wechat", f"p{number}")) for number in range(40)]
    record(facts, community=community, source="tests")
    offered = best_times(community, among=[], zone=zone, open_hours=range(24), chance=Random(1))
    best = max(offered, key=lambda one: one.share)
    assert (best.at.hour, best.at.weekday()) == (19, day.weekday())
