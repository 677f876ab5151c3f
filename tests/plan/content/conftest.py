"""What tests of content stand on: a second reviewer, and a draft that says something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.services import create_staff, grant_role
from qunying.plan.content.services import Draft, hand_in, propose_entry, write_version
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry
    from tests.support.cast import Units


@pytest.fixture
def second(units: Units) -> Staff:
    """Gives second reviews in 花店一店."""
    staff = create_staff("second", name="复审员", password=PASSWORD, by=TESTS)
    grant_role(staff, role="second_reviewer", unit=units.shop, by=TESTS)
    return staff


@pytest.fixture
def draft_entry(community: Community, specialist: Staff) -> Entry:
    """春天的第一束花, written by the specialist."""
    entry = propose_entry("春天的第一束花", community=community, by=specialist)
    write_version(entry, draft=Draft("春天的第一束花", words="郁金香到店了，一共五种颜色。"), by=specialist)
    entry.refresh_from_db()
    return entry


@pytest.fixture
def handed_in(draft_entry: Entry, specialist: Staff) -> Entry:
    """The same, waiting for its first review."""
    return hand_in(draft_entry, by=specialist)
