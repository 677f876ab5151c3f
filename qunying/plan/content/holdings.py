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

    from django.db.models import QuerySet

    from qunying.ground.audit.actors import Actor
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
    """Words, name, contact, answer and pictures go; that something was sent in stays.

    What became content stays content, without the name it was sent in under.
    """
    theirs = Submission.objects.filter(member=member)
    remove_pictures(SubmissionPicture.objects.filter(submission__in=theirs), by=System("erasure"))
    return theirs.update(words="", name="", sealed=b"", answer="", member=None)


def remove_pictures(pictures: QuerySet[SubmissionPicture], *, by: Actor) -> None:
    """Let go of what was sent in, with its files where no content shows them."""
    files = [one.file for one in pictures.select_related("file")]
    pictures.delete()
    shown = set(Picture.objects.filter(file__in=files).values_list("file", flat=True))
    remove_contents([one for one in files if one.pk not in shown], by=by)


def _called(member: Member) -> Iterable[str]:
    return Submission.objects.filter(member=member).exclude(name="").values_list("name", flat=True)


def _reached(member: Member) -> Iterable[str]:
    return filter(None, map(contact_of, Submission.objects.filter(member=member)))


def register() -> None:
    """Say what is held, what an erasure does with it, and what is encrypted."""
    register_holding(
        Holding(
            "submissions",
            _("What the person sent in"),
            ("content.Submission",),
            _tell,
            erase=_erase,
            called=_called,
            reached=_reached,
        )
    )
    register_sealed(SealedTable("ways to reach senders", Submission, renewed))
