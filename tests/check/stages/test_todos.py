"""A stage that nobody has said anything about stands in the lists of those who plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.check.stages.models import StageProposal
from qunying.check.stages.services import set_stage
from qunying.check.stages.todos import stage_todos
from tests.support.cast import TESTS
from tests.support.goals import ago

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def test_it_asks_once_about_each_new_stage_whatever_is_answered(
    community: Community, lead: Staff, outsider: Staff
) -> None:
    day = ago(community, 1)
    proposal = StageProposal.objects.create(community=community, stage="growth", day=day, looked=day)

    def asked(staff: Staff = lead) -> list[tuple[str, dict[str, str]]]:
        return [(one.title, one.args) for one in stage_todos(staff, day)]

    said = "Say which stage of life it is in: the figures look like Growth"
    assert (asked(), asked(outsider)) == ([(said, {"slug": "flowers"})], [])
    set_stage(community, stage="maturity", by=TESTS)
    assert asked() == []
    proposal.stage = "decline"
    proposal.save()
    assert [title for title, _args in asked()] == [said.replace("Growth", "Decline")]
    set_stage(community, stage="decline", by=TESTS)
    assert asked() == []
