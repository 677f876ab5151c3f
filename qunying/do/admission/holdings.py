"""What this app holds of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.do.admission.models import Applicant
from qunying.ground.subjects.holdings import Holding, register_holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.members.models import Member


def _tell(member: Member) -> Iterable[dict[str, Any]]:
    rows = Applicant.objects.filter(identity__member=member).select_related("group").order_by("asked_at", "pk")
    for row in rows.iterator():
        yield {
            "group": row.group.name,
            "at": row.asked_at,
            "words": row.words,
            "state": row.get_state_display(),
            "why": row.why,
        }


def _erase(member: Member) -> int:
    return Applicant.objects.filter(identity__member=member).delete()[0]


def register() -> None:
    """Say what is held, and what an erasure does with it."""
    label = _("When the person asked to be let into groups")
    register_holding(Holding("applicants", label, ("admission.Applicant",), _tell, erase=_erase))
