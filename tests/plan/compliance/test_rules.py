"""Who may do what with word lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.compliance.rules import may_keep_lists

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_lists_are_kept_where_rules_are_and_everyones_by_who_keeps_them_everywhere(
    director: Staff, lead: Staff, specialist: Staff, outsider: Staff, units: Units
) -> None:
    asked = [
        [may_keep_lists(who, unit) for unit in (units.shop, units.east, None)]
        for who in (director, lead, specialist, outsider)
    ]
    assert asked == [[True, True, True], [True, False, False], [False, False, False], [False, False, False]]
