"""What a person may do with a member follows from the units of the member's communities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.roles import ROLES, Permission
from qunying.ground.access.services import grant_role
from qunying.ground.audit.actors import System
from qunying.ground.groups.rules import check_may_with_member, may_with_member, permissions_with_member
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_only_some_may_unmask(lead: Staff, specialist: Staff, outsider: Staff, xiaomei: Member) -> None:
    answers = [may_with_member(staff, Permission.UNMASK, xiaomei) for staff in (lead, specialist, outsider)]
    assert answers == [True, False, False]


def test_check_refuses_with_a_sentence(specialist: Staff, xiaomei: Member) -> None:
    with pytest.raises(NotAllowedError, match="lead of the unit"):
        check_may_with_member(specialist, Permission.UNMASK, xiaomei)


def test_permissions_add_up_over_roles_that_reach_the_member(specialist: Staff, xiaomei: Member, units: Units) -> None:
    grant_role(specialist, role="service", unit=units.headquarters, by=System("tests"))
    grant_role(specialist, role="director", unit=units.south, by=System("tests"))
    assert permissions_with_member(specialist, xiaomei) == ROLES["specialist"][1] | ROLES["service"][1]


def test_nobody_may_anything_with_a_stranger(outsider: Staff, xiaomei: Member) -> None:
    assert permissions_with_member(outsider, xiaomei) == frozenset()
