from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.plan.goals.rules import may_own, may_plan

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community


def test_who_leads_the_unit_plans_and_who_reads_there_does_not(
    community: Community, director: Staff, lead: Staff, reviewer: Staff, outsider: Staff
) -> None:
    assert [may_plan(one, community) for one in (director, lead, reviewer, outsider)] == [True, True, False, False]


def test_who_sees_the_plans_may_own_a_goal(community: Community, reviewer: Staff, outsider: Staff) -> None:
    assert [may_own(one, community) for one in (reviewer, outsider)] == [True, False]
