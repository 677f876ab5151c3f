"""Who may decide over a person: only where every community of theirs is one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.subjects.rules import check_may_decide, may_decide
from qunying.kit.errors import NotAllowedError
from tests.support.cast import JOINED, PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_a_privacy_officer_decides_in_the_own_units_only(
    xiaomei: Member, units: Units, other_community: Community, director: Staff, lead: Staff
) -> None:
    officer = create_staff("officer", name="专员乙", password=PASSWORD, by=TESTS)
    grant_role(officer, role="privacy_officer", unit=units.east, by=TESTS)
    assert [may_decide(person, xiaomei) for person in (director, officer, lead)] == [True, True, False]
    there = Fact("joined", JOINED, ("other",), who=Who("wechat", "xiaomei"))
    record([there], community=other_community, source="tests")
    assert [may_decide(person, xiaomei) for person in (director, officer)] == [True, False]
    with pytest.raises(NotAllowedError, match="unit above"):
        check_may_decide(officer, xiaomei)
