"""Which stage a community is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Q, Subquery

from qunying.check.stages.models import Stage, StageMark, StageProposal

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community


def stage_of(community: Community) -> Stage | None:
    """The stage a person said the community is in; None while nobody has."""
    mark = marks_of(community).first()
    return Stage(mark.stage) if mark else None


def stages_of(communities: Collection[int]) -> dict[int, Stage]:
    """The stages people said these communities (ids) are in; those of whom nobody said one are missing."""
    latest = StageMark.objects.filter(community=OuterRef("community")).order_by("-at", "-pk").values("pk")[:1]
    rows = StageMark.objects.filter(community__in=communities, pk=Subquery(latest))
    return {community: Stage(stage) for community, stage in rows.order_by().values_list("community", "stage")}


def marks_of(community: Community) -> QuerySet[StageMark]:
    """What people said, the latest first."""
    return StageMark.objects.filter(community=community).select_related("staff")


def unsaid_proposals(communities: QuerySet[Community]) -> QuerySet[StageProposal]:
    """What the figures of these communities look like where it is another stage than holds, and nobody has answered it.

    Whoever saw a proposal and said something else has answered it.
    """
    latest = StageMark.objects.filter(community=OuterRef("community")).order_by("-at", "-pk")
    rows = StageProposal.objects.filter(community__in=communities).annotate(
        held=Subquery(latest.values("stage")[:1]), answered=Subquery(latest.values("proposed")[:1])
    )
    settled = Q(held=F("stage")) | Q(answered=F("stage"))
    return rows.filter(Q(held__isnull=True) | ~settled).select_related("community").order_by("community__name")


def proposal_of(community: Community) -> StageProposal | None:
    """What the figures looked like last."""
    return StageProposal.objects.filter(community=community).first()
