"""The board: what hangs below a unit, with figures of the subtree and of nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qunying.check.supervision.attainment import Attainment, attainments
from qunying.check.supervision.board import Level, board_of, realm_of
from qunying.check.supervision.execution import Execution
from qunying.check.supervision.measures import DEVIATION, MEMBERS, in_order, scatter_of
from qunying.check.supervision.queries import get_supervised_unit, supervised_units, tops_of
from qunying.check.supervision.services import set_tolerance
from qunying.check.tracking.models import Standing, Status
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.groups.services import create_community
from qunying.ground.units.services import create_unit
from qunying.kit.errors import NotFoundError
from qunying.kit.periods import last_days
from tests.check.supervision.conftest import ago, work, works
from tests.support.cast import PASSWORD, TESTS
from tests.support.goals import make_goal, tell

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.check.supervision.board import Board
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit
    from qunying.kit.periods import Period
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


def week(community: Community) -> Period:
    return last_days(7, until=ago(community, 1))


def people(community: Community, many: int, *, prefix: str) -> None:
    tell(community, [(f"{prefix}{number}", "joined", ago(community, 20)) for number in range(many)])


def names(board: Board) -> list[str]:
    return [line.name for line in board.lines]


def members(board: Board) -> list[int | None]:
    return [line.now.headline.members if line.now.headline else None for line in board.lines]


def look(staff: Staff, community: Community, unit: Unit | None = None, level: Level | None = None) -> Board:
    return board_of(realm_of(staff, unit), week(community), level=level)


def test_headquarters_see_regions_then_stores_then_communities(
    director: Staff, units: Units, community: Community, other_community: Community
) -> None:
    people(community, 3, prefix="a")
    people(other_community, 2, prefix="b")
    top = look(director, community)
    assert (top.unit, names(top), members(top)) == (units.headquarters, ["华东区", "华南区"], [3, 2])
    assert top.levels == (Level.NEXT, Level.LOWEST, Level.COMMUNITIES)
    assert names(look(director, community, level=Level.LOWEST)) == ["华南区", "花店一店"]
    assert names(look(director, community, level=Level.COMMUNITIES)) == ["水果群", "花友会"]
    east = look(director, community, units.east)
    assert (names(east), members(east)) == (["花店一店"], [3])
    shop = look(director, community, units.shop)
    assert (names(shop), shop.lines[0].community, shop.levels) == (["花友会"], community, (Level.NEXT,))


def test_who_is_in_two_stores_counts_once_in_the_region(director: Staff, units: Units, community: Community) -> None:
    second = create_community(
        "second", name="花友二店", unit=create_unit("花店二店", parent=units.east, by=TESTS), by=TESTS
    )
    people(community, 3, prefix="p")
    people(second, 2, prefix="p")
    east = look(director, community, units.east)
    assert east.whole.now.headline is not None
    assert (members(east), east.whole.now.headline.members) == ([3, 2], 3)


def test_each_sees_their_subtree_and_not_a_name_or_number_beyond_it(
    lead: Staff, outsider: Staff, units: Units, community: Community, other_community: Community
) -> None:
    people(community, 3, prefix="a")
    people(other_community, 2, prefix="b")
    works(units.east, undone=2)
    works(units.headquarters, undone=2)
    own = look(lead, community)
    assert (own.unit, names(own), own.whole.name) == (units.shop, ["花友会"], "花店一店")
    assert (own.whole.now.execution, own.beside) == (Execution(), Execution())
    other = look(outsider, community)
    assert (other.unit, names(other), members(other)) == (units.south, ["水果群"], [2])
    for unit in (units.headquarters, units.east, units.south):
        with pytest.raises(NotFoundError):
            get_supervised_unit(lead, unit.pk)


def test_two_units_without_a_common_one_stand_side_by_side(units: Units, community: Community) -> None:
    both = create_staff("both", name="两地", password=PASSWORD, by=TESTS)
    for unit in (units.shop, units.south):
        grant_role(both, role="lead", unit=unit, by=TESTS)
    board = look(both, community)
    assert (board.unit, board.whole.name, names(board)) == (None, "", ["华南区", "花店一店"])
    assert tops_of(supervised_units(both)) == [units.south, units.shop]


def test_it_needs_a_role_that_sees_figures_and_plans(units: Units) -> None:
    machine = create_staff("it", name="信息", password=PASSWORD, by=TESTS)
    grant_role(machine, role="it", unit=units.headquarters, by=TESTS)
    assert list(supervised_units(machine)) == []


def test_execution_adds_up_from_communities_and_units_and_says_what_stands_in_no_line(
    director: Staff, units: Units, community: Community
) -> None:
    works(community, in_time=10, late=1, undone=2)
    works(units.shop, in_time=1)
    works(units.east, in_time=2, undone=1)
    works(units.headquarters, in_time=4)
    top = look(director, community)
    assert [line.now.execution for line in top.lines] == [Execution(13, 1, 3), Execution()]
    assert (top.whole.now.execution, top.beside) == (Execution(17, 1, 3), Execution(4))
    assert look(director, community, units.east).beside == Execution(2, 0, 1)


def test_a_store_is_flagged_by_the_tolerance_that_holds_for_it(
    director: Staff, units: Units, community: Community
) -> None:
    works(community, in_time=18, undone=2)
    assert [line.flagged for line in look(director, community).lines] == [True, False]
    set_tolerance(units.headquarters, percent=Decimal(10), by=TESTS)
    assert [line.flagged for line in look(director, community).lines] == [False, False]
    set_tolerance(units.shop, percent=Decimal(9), by=TESTS)
    assert [line.flagged for line in look(director, community).lines] == [False, False]
    assert [line.flagged for line in look(director, community, units.east).lines] == [True]


def test_goals_are_told_as_they_stood_when_the_period_ended(community: Community) -> None:
    goals = [make_goal(community, start=ago(community, 15), due=ago(community, -5)) for _ in range(4)]
    seen = ((0, 12, "off_course"), (0, 2, "on_course"), (1, 2, "missed"), (2, 2, "off_course"))
    for place, days, status in seen:
        Standing.objects.create(
            goal=goals[place],
            day=ago(community, days),
            due=goals[place].due,
            status=Status(status),
            seen_at=goals[place].made_at,
        )
    period = week(community)
    found = (
        attainments([community.pk], period)[community.pk],
        attainments([community.pk], period.previous)[community.pk],
    )
    assert found == (Attainment(good=1, risk=1, missed=1, open=1), Attainment(risk=1, open=3))
    assert (found[0].judged, found[0].share) == (3, 1 / 3)


def test_small_units_are_not_ranked_and_equals_share_a_place(
    director: Staff, units: Units, community: Community
) -> None:
    shops = [create_unit(f"店{number}", parent=units.south, by=TESTS) for number in range(4)]
    for shop, (good, bad) in zip(shops, ((13, 0), (20, 5), (13, 0), (2, 2)), strict=True):
        works(shop, in_time=good, undone=bad)
    lines = look(director, community, units.south).lines
    placed = [(place, line.name) for place, line in in_order(DEVIATION, lines, back=True)]
    assert placed == [(1, "店1"), (2, "店0"), (2, "店2"), (None, "店3")]
    scatter = scatter_of(DEVIATION, lines)
    assert scatter is not None
    assert (scatter.spread.count, scatter.spread.low, scatter.spread.high, scatter.apart) == (3, 0.0, 0.2, ())
    assert scatter_of(MEMBERS, lines) is None


def test_it_asks_as_often_for_one_store_as_for_three(
    director: Staff, units: Units, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people(community, 3, prefix="a")
    work(community, due=3, done=None)
    look(director, community)
    with django_assert_num_queries(15):
        look(director, community)
    for number in range(3):
        store = create_unit(f"新店{number}", parent=units.east, by=TESTS)
        people(create_community(f"n{number}", name=f"新{number}", unit=store, by=TESTS), 2, prefix=f"n{number}-")
        works(store, undone=2)
    look(director, community)
    with django_assert_num_queries(15):
        look(director, community)
