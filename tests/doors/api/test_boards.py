"""Supervision, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.check.supervision.conftest import ago, work

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_board_says_what_stands_below(
    program: Program, units: Units, community: Community, other_community: Community
) -> None:
    work(community, due=3, done=None)
    days = f"{ago(community, 7)}..{ago(community, 1)}"
    told = program.get(f"supervision?period={days}")
    assert (told["unit"], told["start"], told["by"]) == (units.headquarters.pk, str(ago(community, 7)), "next")
    assert told["whole"]["now"]["work"]["undone"] == sum(line["now"]["work"]["undone"] for line in told["lines"]) == 1
    below = program.get(f"supervision?period={days}&unit={units.shop.pk}&by=communities")
    assert [(line["community"], line["limit"], line["flagged"]) for line in below["lines"]] == [("flowers", "8", False)]
    assert below["whole"]["now"]["members"] == 0


def test_the_work_behind_is_told_piece_by_piece(program: Program, units: Units, community: Community) -> None:
    late = work(community, due=3, done=None)
    days = f"{ago(community, 7)}..{ago(community, 1)}"
    for place in ("community=flowers", f"unit={units.shop.pk}", ""):
        [told] = program.get(f"supervision/work?period={days}&{place}")
        assert (told["work"], told["kind"], told["community"]) == (late.pk, "undone", "flowers")


def test_work_costs_the_same_however_much(
    program: Program, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    days = f"{ago(community, 7)}..{ago(community, 1)}"
    for more in (1, 2):
        for _number in range(more):
            work(community, due=3, done=None)
        program.get("me")
        with django_assert_num_queries(6):
            found = program.get(f"supervision/work?period={days}")
    assert len(found) == 3


def test_units_that_are_not_the_keys_are_not_there(
    stranger: Program, director: Staff, units: Units, community: Community, make_program: Callable[..., Program]
) -> None:
    for path in (f"supervision?unit={units.shop.pk}", "supervision/work?community=flowers"):
        assert stranger.send("GET", path).status_code == 404
    reader = make_program(director, units.shop, ["figures.see"])
    assert reader.get("supervision")["lines"] == []
    assert reader.send("GET", f"supervision?unit={units.shop.pk}").status_code == 404
