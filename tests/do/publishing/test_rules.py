"""Who publishes and who types figures in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.publishing.rules import may_note, may_publish

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_who_sends_in_the_unit_publishes_and_notes(
    community: Community, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    people = (lead, specialist, reviewer, outsider)
    assert [may_publish(one, community) for one in people] == [True, True, False, False]
    assert [may_note(one, community) for one in people] == [True, True, False, False]
