from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.check.stages.models import Stage, StageProposal
from qunying.check.stages.queries import marks_of, proposal_of, stage_of
from qunying.check.stages.services import recognise, recognise_some, set_stage
from qunying.check.stages.wording import FIRST, STAGES, evidence_words
from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from tests.support.goals import ago, speak

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community


def test_a_young_community_is_at_its_start(community: Community) -> None:
    speak(community, first=20, last=1)
    proposal = recognise(community)
    assert proposal is not None
    assert (proposal.stage, proposal.day) == (Stage.START, ago(community, 1))
    assert evidence_words(proposal.evidence).startswith(
        "20 days old; 3 members, 0 four weeks before; 3 active in 30 days"
    )


def test_one_that_lost_its_active_people_declines_and_comes_back(community: Community) -> None:
    speak(community, first=150, last=100, people=8)
    speak(community, first=99, last=41, people=3)
    proposal = recognise(community, day=ago(community, 45))
    assert proposal is not None
    assert proposal.stage == Stage.DECLINE
    speak(community, first=40, last=1, people=6)
    again = recognise(community, day=ago(community, 30))
    assert again is not None
    assert (again.stage, StageProposal.objects.count()) == (Stage.REVIVAL, 1)


def test_without_facts_nothing_is_proposed(community: Community) -> None:
    assert recognise(community) is None
    assert proposal_of(community) is None


def test_each_community_is_looked_at_once_a_week(community: Community) -> None:
    speak(community, first=20, last=1)
    assert (recognise_some(), recognise_some()) == (1, 0)


def test_a_person_says_which_stage_it_is_and_history_is_kept(community: Community, lead: Staff) -> None:
    speak(community, first=20, last=1)
    recognise(community)
    assert stage_of(community) is None
    set_stage(community, stage="start", by=lead)
    set_stage(community, stage="growth", by=lead, note="老群搬来的，早过了起步")
    assert stage_of(community) == Stage.GROWTH
    assert [(mark.stage, mark.proposed, mark.staff) for mark in marks_of(community)] == [
        ("growth", "start", lead),
        ("start", "start", lead),
    ]
    assert Act.objects.filter(verb="stages.set", actor=lead.actor_key).count() == 2


@pytest.mark.parametrize(
    ("stage", "sentence"), [("luck", "There is no stage “luck”."), ("start", "in this stage already")]
)
def test_what_is_no_stage_or_no_change_is_refused(community: Community, lead: Staff, stage: str, sentence: str) -> None:
    set_stage(community, stage="start", by=lead)
    with pytest.raises(QunyingError, match=sentence):
        set_stage(community, stage=stage, by=lead)


def test_every_stage_has_its_words() -> None:
    assert list(STAGES) == list(FIRST) == list(Stage)
