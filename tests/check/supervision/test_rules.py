"""Nobody sets the yardstick they are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.check.supervision.rules import check_may_set_tolerance, may_set_tolerance
from qunying.ground.access.services import create_staff, grant_role
from qunying.kit.errors import NotAllowedError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_who_directs_the_unit_above_sets_the_tolerance(director: Staff, lead: Staff, units: Units) -> None:
    assert [may_set_tolerance(director, unit) for unit in (units.headquarters, units.east, units.shop)] == [True] * 3
    assert may_set_tolerance(lead, units.shop) is False


def test_whoever_may_not_is_told_whom_to_ask(director: Staff, lead: Staff, units: Units) -> None:
    check_may_set_tolerance(director, units.shop)
    with pytest.raises(NotAllowedError, match="who directs the unit above"):
        check_may_set_tolerance(lead, units.shop)


def test_the_director_of_a_region_sets_that_of_its_stores_and_not_their_own(units: Units) -> None:
    regional = create_staff("east", name="区域总监", password=PASSWORD, by=TESTS)
    grant_role(regional, role="director", unit=units.east, by=TESTS)
    may = [may_set_tolerance(regional, unit) for unit in (units.headquarters, units.east, units.shop, units.south)]
    assert may == [False, False, True, False]
