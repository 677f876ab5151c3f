"""How long what was declined is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from qunying.ground.subjects.retention import RetentionClass, register_class
from qunying.plan.content.holdings import remove_pictures
from qunying.plan.content.models import Submission, SubmissionPicture

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from qunying.ground.audit.actors import Actor


def _declined(units: list[int] | None, before: datetime) -> QuerySet[Submission]:
    found = Submission.objects.filter(state=Submission.State.DECLINED, decided_at__lt=before)
    return found if units is None else found.filter(community__unit__in=units)


def _count(units: list[int] | None, before: datetime) -> dict[date, int]:
    months = _declined(units, before).annotate(month=TruncMonth("decided_at")).order_by()
    return {month.date(): number for month, number in months.values_list("month").annotate(Count("pk")) if month}


def _purge(units: list[int] | None, before: datetime, most: int, by: Actor) -> int:
    ids = list(_declined(units, before).order_by("pk").values_list("pk", flat=True)[:most])
    remove_pictures(SubmissionPicture.objects.filter(submission__in=ids), by=by)
    Submission.objects.filter(pk__in=ids).delete()
    return len(ids)


def register() -> None:
    """Make the class known."""
    words = _("What members sent in and the team declined, with its pictures, counted from the answer.")
    register_class(RetentionClass("submissions", _("Declined submissions"), words, _count, _purge))
