"""The strip that says where in its life a community is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.check.stages.queries import marks_of, proposal_of
from qunying.check.stages.wording import FIRST, STAGES, evidence_words
from qunying.kit import formats

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.check.stages.models import StageMark, StageProposal
    from qunying.ground.groups.models import Community


@dataclass(frozen=True, slots=True)
class Life:
    """What a person said, what the figures look like, and the stages to choose from."""

    mark: StageMark | None
    proposal: StageProposal | None
    stages: dict[str, _StrPromise]

    @property
    def said(self) -> str:
        """The stage that holds, with who said so and when; empty while nobody has."""
        if self.mark is None:
            return ""
        who = self.mark.staff.name if self.mark.staff else self.mark.by
        return _("%(stage)s, since %(day)s (%(who)s)") % {
            "stage": STAGES[self.mark.stage],
            "day": formats.day(self.mark.since, weekday=False),
            "who": who,
        }

    @property
    def first(self) -> str | _StrPromise:
        """What this stage puts first."""
        return FIRST[self.mark.stage] if self.mark else ""

    @property
    def looks_like(self) -> str | _StrPromise:
        """The proposed stage, where it is not the one that holds."""
        if self.proposal is None or (self.mark is not None and self.mark.stage == self.proposal.stage):
            return ""
        return STAGES[self.proposal.stage]

    @property
    def evidence(self) -> str:
        """The figures behind the proposal."""
        return evidence_words(self.proposal.evidence) if self.proposal else ""


def life_of(community: Community) -> Life:
    """The strip of this community. Two queries."""
    return Life(marks_of(community).first(), proposal_of(community), STAGES)
