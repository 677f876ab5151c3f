"""Who may send, release, carry and set the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.reach.models import Sending
from qunying.do.reach.rules import may_carry, may_measure, may_release, may_send

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_everybody_has_their_part(
    community: Community, director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    cast = (director, lead, specialist, reviewer, outsider)
    sending = Sending(community=community, author=lead)
    assert [may_send(one, community) for one in cast] == [True, True, True, False, False]
    assert [may_carry(one, community) for one in cast] == [True, True, True, False, False]
    assert [may_release(one, sending) for one in cast] == [True, False, False, False, False]
    assert [may_measure(one, community.unit) for one in cast] == [True, True, False, False, False]


def test_nobody_who_left_carries_anything(community: Community, specialist: Staff) -> None:
    specialist.is_active = False
    assert not may_carry(specialist, community)
