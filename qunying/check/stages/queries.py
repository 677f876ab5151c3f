"""Which stage a community is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.check.stages.models import Stage, StageMark, StageProposal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community


def stage_of(community: Community) -> Stage | None:
    """The stage a person said the community is in; None while nobody has."""
    mark = marks_of(community).first()
    return Stage(mark.stage) if mark else None


def marks_of(community: Community) -> QuerySet[StageMark]:
    """What people said, the latest first."""
    return StageMark.objects.filter(community=community).select_related("staff")


def proposal_of(community: Community) -> StageProposal | None:
    """What the figures looked like last."""
    return StageProposal.objects.filter(community=community).first()
