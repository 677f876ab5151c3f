"""Who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.roles import ROLES, Permission, roles_with
from qunying.ground.access.rules import (
    grantable_roles,
    may,
    may_anywhere,
    may_everywhere,
    may_manage,
    may_rearrange,
)
from qunying.ground.access.services import create_staff
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_may_holds_in_the_unit_and_below(lead: Staff, director: Staff, units: Units) -> None:
    assert may(lead, Permission.IMPORT, units.shop)
    assert not may(lead, Permission.IMPORT, units.east)
    assert may(director, Permission.IMPORT, units.shop)


def test_anywhere_and_everywhere_differ(director: Staff, outsider: Staff, reviewer: Staff) -> None:
    told = [
        (may_anywhere(person, Permission.SEE_AUDIT), may_everywhere(person, Permission.SEE_AUDIT))
        for person in (director, outsider, reviewer)
    ]
    assert told == [(True, True), (True, False), (False, False)]


def test_nobody_holds_anything_where_there_are_no_units(db: None) -> None:
    person = create_staff("first", name="第一", password=PASSWORD, by=TESTS)
    assert not may_everywhere(person, Permission.SEE_FIGURES)


def test_the_top_of_ones_own_branch_stays_where_it_is(outsider: Staff, director: Staff, units: Units) -> None:
    assert not may_rearrange(outsider, units.south)
    assert may_rearrange(director, units.south)
    assert not may_rearrange(director, units.headquarters)


def test_a_director_may_give_every_role(director: Staff, units: Units) -> None:
    assert grantable_roles(director, units.shop) == list(ROLES)


def test_a_lead_may_give_what_a_lead_may_do(lead: Staff, units: Units) -> None:
    assert grantable_roles(lead, units.shop) == [
        "lead",
        "specialist",
        "editor",
        "first_reviewer",
        "second_reviewer",
        "analyst",
        "risk_officer",
        "service",
        "finance",
    ]
    assert grantable_roles(lead, units.south) == []


def test_may_manage_asks_for_every_role_of_the_other(lead: Staff, specialist: Staff, director: Staff) -> None:
    assert may_manage(lead, specialist)
    assert may_manage(director, lead)
    assert not may_manage(lead, director)
    assert not may_manage(specialist, lead)


def test_someone_without_roles_is_managed_from_the_top(director: Staff, outsider: Staff) -> None:
    new = create_staff("new", name="新人", password=PASSWORD, by=TESTS)
    assert may_manage(director, new)
    assert not may_manage(outsider, new)


def test_only_these_roles_lead_to_the_sensitive_rooms(db: None) -> None:
    assert roles_with(Permission.UNMASK) == ["director", "lead", "privacy_officer", "service"]
    assert roles_with(Permission.EDIT_STAFF) == ["director", "lead"]
    assert roles_with(Permission.SEE_AUDIT) == ["director", "privacy_officer", "it", "auditor"]
    assert roles_with(Permission.EDIT_KEYS) == ["director", "lead", "it"]
    assert roles_with(Permission.RUN_SYSTEM) == ["director", "it"]
    assert roles_with(Permission.EXPORT) == ["director", "lead", "analyst"]
