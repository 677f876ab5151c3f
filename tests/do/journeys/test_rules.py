"""Who may write, run and release journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.journeys.rules import may_release, may_run
from qunying.do.journeys.services import make_journey
from tests.do.journeys.conftest import TIP

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_who_sends_runs_journeys_and_who_gives_second_reviews_releases_those_of_others(
    community: Community, director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    cast = [director, lead, specialist, reviewer, outsider]
    journey = make_journey(community, name="x", definition={"trigger": {"on": "manual"}, "steps": [TIP]}, by=lead)
    version = journey.versions.get()
    assert [may_run(one, community) for one in cast] == [True, True, True, False, False]
    assert [may_release(one, version) for one in cast] == [True, False, False, False, False]
