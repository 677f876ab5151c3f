"""What this app holds of people: what they sent in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.actors import System
from qunying.ground.files.services import remove_contents
from qunying.ground.privacy.sealed import SealedTable, register_sealed
from qunying.ground.subjects.holdings import Holding, register_holding
from qunying.plan.content.models import Picture, Submission, SubmissionPicture
from qunying.plan.content.services_submissions import contact_of, renewed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.members.models import Member


def _tell(member: Member) -> Iterable[dict[str, Any]]:
    rows = Submission.objects.filter(member=member).select_related("community").order_by("pk")
    for row in rows.iterator():
        yield {
            "community": row.community.name,
            "at": row.at,
            "name": row.name,
            "contact": contact_of(row),
            "text": row.words,
            "state": row.get_state_display(),
        }


def _erase(member: Member) -> int:
    """Words, name, contact and pictures go; that something was sent in stays. What became content stays content."""
    theirs = Submission.objects.filter(member=member)
    pictures = SubmissionPicture.objects.filter(submission__in=theirs).select_related("file")
    files = [one.file for one in pictures]
    used = set(Picture.objects.filter(file__in=files).values_list("file", flat=True))
    pictures.delete()
    remove_contents([one for one in files if one.pk not in used], by=System("erasure"))
    return theirs.update(words="", name="", sealed=b"", member=None)


def register() -> None:
    """Say what is held, what an erasure does with it, and what is encrypted."""
    register_holding(Holding("submissions", _("What the person sent in"), ("content.Submission",), _tell, erase=_erase))
    register_sealed(SealedTable("ways to reach senders", Submission, renewed))
