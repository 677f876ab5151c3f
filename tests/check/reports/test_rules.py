from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.check.reports.rules import may_schedule
from qunying.ground.access.roles import ROLES, Permission

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_who_may_take_lists_out_may_have_reports_sent(
    director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, outsider: Staff, community: Community
) -> None:
    cast = (director, lead, specialist, reviewer, outsider)
    assert [may_schedule(one, community) for one in cast] == [True, True, False, False, False]


def test_whoever_reads_figures_may_read_the_plan_that_stands_in_reports() -> None:
    assert [
        name
        for name, (_label, held) in ROLES.items()
        if Permission.SEE_FIGURES in held and Permission.SEE_PLAN not in held
    ] == []
