"""What this app holds of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.do.reach.models import Delivery, HandTask
from qunying.ground.audit.actors import System
from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import remove_contents
from qunying.ground.subjects.holdings import Holding, register_holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.members.models import Member


def _tell(member: Member) -> Iterable[dict[str, Any]]:
    rows = Delivery.objects.filter(identity__member=member).select_related("community").order_by("due_at", "pk")
    for row in rows.iterator():
        yield {
            "community": row.community.name,
            "at": row.ended_at or row.due_at,
            "state": row.get_state_display(),
            "text": row.words,
        }


def _erase(member: Member) -> int:
    """What waits is called off, the words go; that something was sent to nobody stays."""
    theirs = Delivery.objects.filter(identity__member=member)
    tasks = HandTask.objects.filter(delivery__in=theirs)
    seen = StoredFile.objects.filter(pk__in=tasks.filter(proof_picture__isnull=False).values("proof_picture"))
    remove_contents(seen, by=System("erasure"))
    tasks.update(proof="", proof_picture=None)
    waiting = theirs.filter(state__in=(Delivery.State.WAITING, Delivery.State.HAND))
    HandTask.objects.filter(delivery__in=waiting).delete()
    waiting.update(state=Delivery.State.CANCELLED, ended_at=timezone.now())
    return theirs.update(words="", options={}, why="", external_id="", subject="")


def register() -> None:
    """Say what is held, and what an erasure does with it."""
    register_holding(Holding("deliveries", _("What was sent to the person"), ("reach.Delivery",), _tell, erase=_erase))
