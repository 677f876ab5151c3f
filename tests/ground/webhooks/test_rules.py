"""Who may have facts sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.webhooks.rules import may_listen, may_still_hear

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_it_takes_the_keys_and_the_members_of_the_unit(
    director: Staff, lead: Staff, specialist: Staff, outsider: Staff, units: Units
) -> None:
    cast = (director, lead, specialist, outsider)
    assert [may_listen(staff, units.shop) for staff in cast] == [True, True, False, False]
    assert [may_still_hear(staff, units.shop) for staff in cast] == [True, True, True, False]
