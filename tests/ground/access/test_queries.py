"""Which units a person reaches, and that nothing else exists for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.queries import (
    get_staff_for,
    get_unit_for,
    permissions_anywhere,
    permissions_in,
    staff_for,
    units_for,
)
from qunying.ground.access.roles import ROLES, Permission
from qunying.ground.access.services import create_staff, deactivate_staff, grant_role
from qunying.kit.errors import NotFoundError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_a_role_reaches_down_and_not_up(director: Staff, lead: Staff, units: Units) -> None:
    everything = {units.headquarters, units.east, units.shop, units.south}
    assert set(units_for(director, Permission.EDIT_UNITS)) == everything
    assert set(units_for(lead, Permission.SEE_FIGURES)) == {units.shop}
    assert set(units_for(lead, Permission.EDIT_UNITS)) == set()


def test_ids_that_begin_alike_are_not_one_subtree(lead: Staff, units: Units) -> None:
    twin = units.shop
    twin.pk, twin.path, twin.name = None, f"{units.shop.path[:-1]}1/", "像"
    twin.save()
    assert twin not in units_for(lead, Permission.SEE_FIGURES)


def test_permissions_of_several_roles_add_up(lead: Staff, units: Units) -> None:
    grant_role(lead, role="auditor", unit=units.headquarters, by=TESTS)
    assert permissions_in(lead, units.south) == ROLES["auditor"][1]
    assert permissions_in(lead, units.shop) == ROLES["auditor"][1] | ROLES["lead"][1]
    assert permissions_anywhere(lead) == ROLES["auditor"][1] | ROLES["lead"][1]


def test_a_deactivated_person_holds_nothing(director: Staff, lead: Staff, units: Units) -> None:
    deactivate_staff(lead, by=director)
    assert set(units_for(lead, Permission.SEE_FIGURES)) == set()
    assert permissions_in(lead, units.shop) == frozenset()
    assert permissions_anywhere(lead) == frozenset()


def test_a_unit_outside_does_not_exist(outsider: Staff, units: Units) -> None:
    assert get_unit_for(outsider, units.south.pk) == units.south
    for unit in (units.headquarters, units.east, units.shop):
        with pytest.raises(NotFoundError):
            get_unit_for(outsider, unit.pk)


def test_a_person_outside_does_not_exist(outsider: Staff, lead: Staff, director: Staff) -> None:
    assert get_staff_for(director, lead.pk) == lead
    assert set(staff_for(outsider)) == {outsider}
    for person in (lead, director):
        with pytest.raises(NotFoundError):
            get_staff_for(outsider, person.pk)


def test_a_person_without_roles_is_seen_from_the_top_only(director: Staff, outsider: Staff, lead: Staff) -> None:
    new = create_staff("new", name="新人", password=PASSWORD, by=director)
    assert get_staff_for(director, new.pk) == new
    for viewer in (outsider, lead):
        with pytest.raises(NotFoundError):
            get_staff_for(viewer, new.pk)


def test_a_specialist_sees_no_staff_pages(specialist: Staff, lead: Staff) -> None:
    assert set(staff_for(specialist)) == set()
    with pytest.raises(NotFoundError):
        get_staff_for(specialist, lead.pk)
