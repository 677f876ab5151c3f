"""What this app holds of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.do.journeys.endings import end_all
from qunying.do.journeys.models import Passage, Standing, Traveller
from qunying.ground.members.belongings import Belonging, register_belonging
from qunying.ground.subjects.holdings import Holding, register_holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.members.models import Member


def _tell(member: Member) -> Iterable[dict[str, Any]]:
    rows = Traveller.objects.filter(member=member).select_related("journey__community").order_by("began_at", "pk")
    for row in rows.iterator():
        yield {
            "community": row.journey.community.name,
            "journey": row.journey.name,
            "at": row.began_at,
            "state": row.get_state_display(),
        }


def _erase(member: Member) -> int:
    """It is over for them; that somebody went there stays, for the figures of the journey."""
    theirs = Traveller.objects.filter(member=member)
    end_all(theirs, Traveller.State.STOPPED, why="", now=timezone.now())
    Passage.objects.filter(traveller__in=theirs).update(why="")
    Standing.objects.filter(member=member).delete()
    return theirs.update(why="")


def register() -> None:
    """Say what is held, what an erasure does with it, and what goes with a person who is merged."""
    models = ("journeys.Traveller", "journeys.Passage", "journeys.Standing")
    register_holding(Holding("journeys", _("Journeys the person went"), models, _tell, erase=_erase))
    register_belonging(Belonging(Traveller, once=("journey_id",)))
