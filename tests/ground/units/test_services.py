"""The tree of units: made, renamed, moved with everything below, and never cut while something hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qunying.ground.audit.models import Act
from qunying.ground.units.models import MAX_LEVELS, Unit
from qunying.ground.units.queries import ancestors, in_tree_order, subtree
from qunying.ground.units.services import create_unit, move_unit, remove_unit, rename_unit
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def paths_follow_parents() -> bool:
    by_id = {unit.pk: unit for unit in Unit.objects.all()}
    return all(
        unit.path == f"{by_id[unit.parent_id].path if unit.parent_id else ''}{unit.pk}/" for unit in by_id.values()
    )


def verbs(unit_id: int) -> list[str]:
    acts = Act.objects.filter(subject_type="unit", subject_id=str(unit_id)).order_by("id")
    return list(acts.values_list("verb", flat=True))


def test_a_new_unit_hangs_below_its_parent(units: Units) -> None:
    assert units.shop.path == f"{units.headquarters.pk}/{units.east.pk}/{units.shop.pk}/"
    assert units.shop.depth == 2
    assert verbs(units.shop.pk) == ["units.create"]


@pytest.mark.parametrize("name", ["", "   ", "长" * 81])
def test_a_name_must_be_there_and_fit(units: Units, name: str) -> None:
    with pytest.raises(QunyingError):
        create_unit(name, parent=units.headquarters, by=TESTS)


def test_two_neighbours_may_not_have_one_name(units: Units) -> None:
    with pytest.raises(QunyingError, match="“华东区” in this place already"):
        create_unit(" 华东区 ", parent=units.headquarters, by=TESTS)
    with pytest.raises(QunyingError, match="“总部” in this place already"):
        create_unit("总部", by=TESTS)


def test_cousins_may_have_one_name(units: Units) -> None:
    assert create_unit("花店一店", parent=units.south, by=TESTS).name == "花店一店"


def test_the_tree_stops_where_its_paths_would_not_fit(db: None) -> None:
    unit = create_unit("1", by=TESTS)
    for level in range(2, MAX_LEVELS + 1):
        unit = create_unit(str(level), parent=unit, by=TESTS)
    with pytest.raises(QunyingError, match="more than 20 levels"):
        create_unit("too deep", parent=unit, by=TESTS)


def test_rename_keeps_the_place(units: Units) -> None:
    before = units.east.path
    rename_unit(units.east, name="华东大区", by=TESTS)
    units.east.refresh_from_db()
    assert (units.east.name, units.east.path) == ("华东大区", before)
    assert verbs(units.east.pk) == ["units.create", "units.rename"]


def test_rename_to_the_same_name_writes_nothing(units: Units) -> None:
    rename_unit(units.east, name="华东区", by=TESTS)
    assert verbs(units.east.pk) == ["units.create"]


def test_move_takes_everything_below_along(units: Units) -> None:
    move_unit(units.east, parent=units.south, by=TESTS)
    units.shop.refresh_from_db()
    assert units.shop.path == (f"{units.headquarters.pk}/{units.south.pk}/{units.east.pk}/{units.shop.pk}/")
    assert paths_follow_parents()
    act = Act.objects.get(verb="units.move")
    assert act.details == {"from": units.headquarters.pk, "to": units.south.pk}


def test_move_to_where_it_is_changes_nothing(units: Units) -> None:
    move_unit(units.shop, parent=units.east, by=TESTS)
    assert verbs(units.shop.pk) == ["units.create"]


@pytest.mark.parametrize("target", ["headquarters", "east", "shop"])
def test_a_unit_cannot_hang_below_itself(units: Units, target: str) -> None:
    with pytest.raises(QunyingError, match="cannot hang below itself"):
        move_unit(units.headquarters, parent=getattr(units, target), by=TESTS)
    assert paths_follow_parents()


def test_move_is_refused_where_the_name_is_taken(units: Units) -> None:
    create_unit("花店一店", parent=units.south, by=TESTS)
    with pytest.raises(QunyingError, match="“花店一店” in this place already"):
        move_unit(units.shop, parent=units.south, by=TESTS)


def test_an_empty_unit_can_be_removed(units: Units) -> None:
    number = units.shop.pk
    remove_unit(units.shop, by=TESTS)
    assert not Unit.objects.filter(pk=number).exists()
    assert verbs(number) == ["units.create", "units.remove"]


def test_a_unit_with_units_below_stays(units: Units) -> None:
    with pytest.raises(QunyingError, match="“华东区” still has units below it"):
        remove_unit(units.east, by=TESTS)


def test_a_unit_with_a_community_stays(units: Units, community: Community) -> None:
    with pytest.raises(QunyingError, match="“花店一店” still has communities or roles"):
        remove_unit(community.unit, by=TESTS)
    assert Unit.objects.filter(pk=units.shop.pk).exists()


def test_a_unit_in_which_somebody_holds_a_role_stays(units: Units, lead: Staff) -> None:
    with pytest.raises(QunyingError, match="“花店一店” still has communities or roles"):
        remove_unit(units.shop, by=lead)


def test_subtree_and_ancestors(units: Units) -> None:
    assert set(subtree(units.east)) == {units.east, units.shop}
    assert list(ancestors(units.shop)) == [units.headquarters, units.east]
    assert list(ancestors(units.headquarters)) == []


def test_tree_order_puts_parents_first_and_neighbours_by_name(units: Units) -> None:
    assert in_tree_order(Unit.objects.all()) == [units.headquarters, units.east, units.shop, units.south]
    assert in_tree_order([units.south, units.shop]) == [units.south, units.shop]


class TreeProperties(TestCase):
    """Whatever is made and moved, the tree stays a tree."""

    @given(
        parents=st.lists(st.integers(0, 9), min_size=3, max_size=10),
        moves=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12),
    )
    def test_paths_always_follow_parents(self, parents: list[int], moves: list[tuple[int, int]]) -> None:
        """Every path is its parent's path and its own id, and no circle closes."""
        Unit.objects.all().delete()
        made = [create_unit("root", by=TESTS)]
        for number, parent in enumerate(parents):
            made.append(create_unit(str(number), parent=made[parent % len(made)], by=TESTS))
        for moved, parent in moves:
            unit = Unit.objects.get(pk=made[moved % len(made)].pk)
            target = Unit.objects.get(pk=made[parent % len(made)].pk)
            try:
                move_unit(unit, parent=target, by=TESTS)
            except QunyingError:
                assert target.path.startswith(unit.path)
        assert paths_follow_parents()
        assert set(subtree(Unit.objects.get(pk=made[0].pk))) == set(Unit.objects.all())
