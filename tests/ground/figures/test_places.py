"""Headline figures of many places at once are those of the catalogue, place by place."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from qunying.ground.figures.places import Rate, headlines
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.warehouse.services import catch_up
from tests.ground.figures.conftest import Stage, days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = days("2026-03-02", "2026-03-15")


def asked_one_by_one(communities: Sequence[int], period: Period) -> tuple[object, ...]:
    """The same figures from the catalogue."""
    scope = Scope(tuple(communities))
    found = {
        name: measure(name, scope=scope, period=period)
        for name in ("members_present", "churn_rate", "interactions", "messages", "revenue", "orders")
    }
    active = measure("active_rate", scope=scope, period=period, grade="interactive")
    return (
        found["members_present"].value,
        (active.numerator, active.denominator),
        (found["churn_rate"].numerator, found["churn_rate"].denominator),
        *(found[name].value for name in ("interactions", "messages", "revenue", "orders")),
    )


def at_once(places: dict[int, tuple[int, ...]], period: Period) -> dict[int, tuple[object, ...]]:
    return {
        place: (
            one.members,
            (one.active.numerator, one.active.denominator),
            (one.churn.numerator, one.churn.denominator),
            one.interactions,
            one.messages,
            one.revenue,
            one.orders,
        )
        for place, one in headlines(places, period).items()
    }


@pytest.fixture
def stores(make_community: MakeCommunity) -> list[Community]:
    """Two communities that share 小美, with comings, goings, talk and orders; and one of which nothing is known."""
    made = [make_community()[0] for _ in range(3)]
    for number, community in enumerate(made[:2]):
        stage = Stage(community)
        own = f"own{number}"
        stage.tell(
            *((f"{own}-{place}", "joined", f"2026-02-{10 + place:02d}") for place in range(8 + number)),
            ("xiaomei", "joined", "2026-02-20"),
            (f"{own}-0", "left", "2026-03-05T10:00"),
            (f"{own}-1", "left", "2026-03-06T10:00"),
            (f"{own}-1", "joined", "2026-03-08T10:00"),
            (f"{own}-late", "joined", "2026-03-12T10:00"),
            ("xiaomei", "liked", "2026-03-03T10:00", {"object_type": "article", "object_id": "1"}),
            (f"{own}-2", "checked_in", "2026-03-04T09:00"),
            (f"{own}-2", "checked_in", "2026-03-05T09:00"),
            (f"{own}-3", "spoke", "2026-03-05T11:00"),
            (f"{own}-3", "ordered", "2026-03-06T11:00", {"amount": 9900, "object_id": f"A{number}"}),
            (f"{own}-3", "ordered", "2026-03-06T11:01", {"amount": 100, "object_id": f"A{number}"}),
            (f"{own}-3", "refunded", "2026-03-07T11:00", {"amount": 400, "object_id": f"A{number}"}),
            (f"{own}-4", "spoke", "2026-02-26T11:00"),
        )
    return made


@pytest.mark.parametrize("period", [MARCH, days("2026-02-01", "2026-03-20"), days("2026-03-05", "2026-03-05")])
def test_each_place_has_the_figures_the_catalogue_gives_for_it(stores: list[Community], period: Period) -> None:
    first, second, empty = (one.pk for one in stores)
    places = {1: (first,), 2: (second,), 3: (first, second, empty), 4: (empty,)}
    assert at_once(places, period) == {place: asked_one_by_one(ids, period) for place, ids in places.items()}


def test_who_is_in_two_communities_counts_once_in_the_unit_above(stores: list[Community]) -> None:
    first, second, _empty = (one.pk for one in stores)
    found = headlines({1: (first,), 2: (second,), 3: (first, second)}, MARCH)
    assert (found[1].members, found[2].members, found[3].members) == (9, 10, 18)
    assert (found[1].active.numerator, found[2].active.numerator, found[3].active.numerator) == (2, 2, 3)


def test_where_nobody_records_leavings_there_is_no_churn(make_community: MakeCommunity) -> None:
    chat = make_community()[0]
    Stage(chat).tell(*((f"own-{place}", "spoke", f"2026-02-{10 + place:02d}") for place in range(8)))
    found = headlines({1: (chat.pk,)}, MARCH)[1]
    assert (found.members, found.churn.value, found.churn.small) == (8, None, True)


def test_facts_not_yet_in_the_lake_are_counted(stores: list[Community]) -> None:
    stage = Stage(stores[0], count(1000))
    before = headlines({1: (stores[0].pk,)}, MARCH)[1].interactions
    stage.tell(("own0-5", "checked_in", "2026-03-09T09:00"), move=False)
    assert headlines({1: (stores[0].pk,)}, MARCH)[1].interactions == before + 1
    catch_up()
    assert headlines({1: (stores[0].pk,)}, MARCH)[1].interactions == before + 1


def test_places_without_communities_are_left_out_and_none_ask_nothing() -> None:
    assert headlines({}, MARCH) == {}
    assert headlines({7: ()}, MARCH) == {}


def test_a_rate_of_nobody_has_no_value() -> None:
    assert (Rate(0, 0).value, Rate(0, 0).small, Rate(3, 40).value, Rate(3, 40).small) == (None, True, 0.075, False)
