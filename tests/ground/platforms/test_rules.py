"""Who may connect accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.platforms.rules import check_may_connect, may_connect

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_it_takes_the_permission_in_the_unit(
    director: Staff, lead: Staff, specialist: Staff, outsider: Staff, units: Units
) -> None:
    assert [may_connect(one, units.shop) for one in (director, lead, specialist, outsider)] == [
        True,
        True,
        False,
        False,
    ]
    check_may_connect(System("tests"), units.shop)
