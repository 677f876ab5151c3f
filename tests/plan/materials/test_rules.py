"""Who keeps the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import NotAllowedError
from qunying.plan.materials.rules import check_may_keep, may_keep
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_who_writes_content_in_the_unit_keeps_its_library(
    units: Units, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    told = [may_keep(staff, units.shop) for staff in (lead, specialist, reviewer, outsider)]
    assert told == [True, True, False, False]


def test_the_refusal_names_the_unit(units: Units, reviewer: Staff) -> None:
    check_may_keep(TESTS, units.shop)
    with pytest.raises(NotAllowedError, match=units.shop.name):
        check_may_keep(reviewer, units.shop)
