"""How long the steps that people met are kept once their journey is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from qunying.do.journeys.models import Passage
from qunying.ground.subjects.retention import RetentionClass, register_class

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qunying.ground.audit.actors import Actor

_CLOSED = (Passage.State.DONE, Passage.State.SKIPPED)


def _over(units: list[int] | None, before: datetime) -> QuerySet[Passage]:
    """Steps of people whose journey ended before a moment. That they went it stays, so that none begins anew."""
    found = Passage.objects.filter(state__in=_CLOSED, traveller__ended_at__lt=before)
    return found if units is None else found.filter(traveller__journey__community__unit__in=units)


def _count(units: list[int] | None, before: datetime) -> dict[date, int]:
    months = _over(units, before).annotate(month=TruncMonth("traveller__ended_at")).order_by()
    return {month.date(): number for month, number in months.values_list("month").annotate(Count("pk")) if month}


def _purge(units: list[int] | None, before: datetime, most: int, _by: Actor) -> int:
    ids = list(_over(units, before).order_by("pk").values_list("pk", flat=True)[:most])
    Passage.objects.filter(pk__among=ids).delete()
    return len(ids)


def register() -> None:
    """Make the class known."""
    words = _("What each person met on a journey that is over. That they went it stays; figures of its steps go along.")
    register_class(RetentionClass("journeys", _("Steps of journeys"), words, _count, _purge))
