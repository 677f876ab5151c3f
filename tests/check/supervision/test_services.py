"""Setting how much deviation a unit is allowed: inherited downwards, written down, checked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qunying.check.supervision.models import Tolerance
from qunying.check.supervision.queries import Limit, limits_of
from qunying.check.supervision.services import set_tolerance
from qunying.ground.audit.models import Act
from qunying.ground.units.services import remove_unit
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def limits(units: Units) -> list[Limit]:
    chosen = [units.headquarters, units.east, units.shop, units.south]
    found = limits_of(chosen)
    return [found[unit.pk] for unit in chosen]


def test_eight_per_cent_hold_where_nobody_said_otherwise(units: Units) -> None:
    assert limits(units) == [Limit(Decimal(8), None)] * 4


def test_what_is_set_holds_for_all_below_until_another_is_set(units: Units) -> None:
    set_tolerance(units.headquarters, percent=Decimal(10), by=TESTS)
    set_tolerance(units.east, percent=Decimal("5.5"), by=TESTS)
    top, east = Limit(Decimal(10), units.headquarters.pk), Limit(Decimal("5.5"), units.east.pk)
    assert limits(units) == [top, east, east, top]
    set_tolerance(units.east, percent=None, by=TESTS)
    assert limits(units) == [top] * 4


def test_each_setting_is_written_down_and_the_same_again_is_not(units: Units) -> None:
    for percent in (Decimal(10), Decimal("10.0"), Decimal(6), None, None):
        set_tolerance(units.east, percent=percent, by=TESTS)
    acts = Act.objects.filter(verb="supervision.tolerance").order_by("pk")
    assert list(acts.values_list("subject_id", "details")) == [
        (str(units.east.pk), {"from": None, "to": "10.0"}),
        (str(units.east.pk), {"from": "10.0", "to": "6.0"}),
        (str(units.east.pk), {"from": "6.0", "to": None}),
    ]


@pytest.mark.parametrize("text", ["0", "-1", "100.1", "NaN", "Infinity"])
def test_it_refuses_what_is_no_share(units: Units, text: str) -> None:
    with pytest.raises(QunyingError, match=r"lies between 0\.1 and 100 per cent"):
        set_tolerance(units.east, percent=Decimal(text), by=TESTS)
    assert not Tolerance.objects.exists()


def test_it_refuses_more_than_one_decimal(units: Units) -> None:
    with pytest.raises(QunyingError, match="one decimal at most"):
        set_tolerance(units.east, percent=Decimal("7.55"), by=TESTS)


def test_a_unit_that_is_removed_takes_its_tolerance_along(units: Units) -> None:
    set_tolerance(units.south, percent=Decimal(5), by=TESTS)
    remove_unit(units.south, by=TESTS)
    assert not Tolerance.objects.exists()
