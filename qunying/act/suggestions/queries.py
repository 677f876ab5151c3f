"""Suggestions as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from qunying.act.suggestions.models import Night, Result, Suggestion
from qunying.act.suggestions.stages import urgency
from qunying.check.stages.queries import stages_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community

State = Suggestion.State


def suggestions_for(staff: Holder, permission: Permission = Permission.SEE_FIGURES) -> QuerySet[Suggestion]:
    """Suggestions about communities where this person holds the permission, with what their pages show."""
    rows = Suggestion.objects.filter(community__in=communities_for(staff, permission))
    return rows.select_related("community__unit", "decided_by", "work__owner", "work__done_by", "result")


def get_suggestion_for(staff: Holder, pk: int) -> Suggestion:
    """The suggestion of this number; raises NotFoundError where there is none or it is not this person's to see."""
    found = suggestions_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such suggestion that you may open."))
    return found


def suggestions_of(community: Community) -> QuerySet[Suggestion]:
    """Every suggestion about a community."""
    return Suggestion.objects.filter(community=community).select_related("community", "work__owner", "result")


def in_order(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """The most urgent first, by the stage of each community's life."""
    rows = list(suggestions)
    stages = stages_of({row.community_id for row in rows})

    def place(row: Suggestion) -> tuple[float, int]:
        stage = stages.get(row.community_id, "")
        return -urgency(detector=row.detector, stage=stage, q=row.q, effect=row.effect), -row.pk

    return sorted(rows, key=place)


def last_night(community: Community) -> Night | None:
    """The latest look at a community; None where there has been none."""
    return Night.objects.filter(community=community).order_by("-day").first()


def last_nights(communities: Iterable[Community]) -> list[tuple[Community, Night | None]]:
    """Each community with the latest look at it, in the order given. One query."""
    places = list(communities)
    newest = Night.objects.filter(community=OuterRef("community")).order_by("-day").values("pk")[:1]
    nights = Night.objects.filter(community__in=places, pk=Subquery(newest))
    known = {night.community_id: night for night in nights}
    return [(place, known.get(place.pk)) for place in places]


def is_stale(community: Community, today: date) -> bool:
    """Whether nobody has looked at the community on this local day yet."""
    return not Night.objects.filter(community=community, day=today).exists()


def past_results(communities: Iterable[int], detector: str) -> list[Result]:
    """What came of accepted suggestions of this detector in these communities (ids), the newest first."""
    rows = Result.objects.filter(suggestion__community__in=list(communities), suggestion__detector=detector)
    return list(rows.order_by("-measured_at")[:50])
