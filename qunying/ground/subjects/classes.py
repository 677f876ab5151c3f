"""What the ground keeps for a time: words, private fields and notes of leavers, uploads, proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, DateTimeField, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from qunying.ground.events.models import Message
from qunying.ground.files.models import StoredFile
from qunying.ground.groups.models import Membership
from qunying.ground.imports.services_collecting import collect_uploads
from qunying.ground.jobs.models import Job
from qunying.ground.members.models import Identity, Note, PrivateField
from qunying.ground.privacy.models import Consent
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.retention import RetentionClass, register_class

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.db.models import Model, QuerySet

    from qunying.ground.audit.actors import Actor

LOG_FLOOR = 180
PROOF_FLOOR = 3 * 365

_LOGS = _("Logs are kept for at least six months (网络安全法 Art 23).")
_PROOF = _("Proof of what was agreed and answered is kept for at least three years (个人信息保护法 Art 56).")


def _by_month(rows: QuerySet[Any], field: str) -> dict[date, int]:
    months = rows.annotate(_month=TruncMonth(field, output_field=DateTimeField())).order_by()
    counted = months.values_list("_month").annotate(n=Count("pk")).order_by("_month")
    return {month.date(): count for month, count in counted if month is not None}


def _delete(rows: QuerySet[Any], most: int) -> int:
    model: type[Model] = rows.model
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001 - Django's name
    return len(ids)


def _of_rows(
    rows: Callable[[list[int] | None, datetime], QuerySet[Any]], field: str
) -> tuple[
    Callable[[list[int] | None, datetime], dict[date, int]], Callable[[list[int] | None, datetime, int, Actor], int]
]:
    """Counting and letting go of what a queryset of rows holds, by this field of time."""

    def count(units: list[int] | None, before: datetime) -> dict[date, int]:
        return _by_month(rows(units, before), field)

    def purge(units: list[int] | None, before: datetime, most: int, _by: Actor) -> int:
        return _delete(rows(units, before), most)

    return count, purge


def _messages(units: list[int] | None, before: datetime) -> QuerySet[Message]:
    found = Message.objects.filter(event__occurred_at__lt=before)
    return found if units is None else found.filter(event__community__unit__in=units)


def _gone_members(units: list[int] | None, before: datetime) -> QuerySet[Identity]:
    """Members of whom every stay ended before, all of them in these units."""
    stays = Membership.objects.filter(identity__member=OuterRef("member"))
    late = Q(left_at__isnull=True) | Q(left_at__gte=before)
    gone = Identity.objects.filter(Exists(stays)).exclude(Exists(stays.filter(late)))
    return gone if units is None else gone.exclude(Exists(stays.exclude(community__unit__in=units)))


def _of_leavers(model: Any) -> Callable[[list[int] | None, datetime], QuerySet[Any]]:
    def rows(units: list[int] | None, before: datetime) -> QuerySet[Any]:
        found = model.objects.filter(member__in=_gone_members(units, before).values("member"))
        told: QuerySet[Any] = found.annotate(left=Max("member__identities__memberships__left_at"))
        return told

    return rows


def _count_leavers(model: Any) -> Callable[[list[int] | None, datetime], dict[date, int]]:
    def count(units: list[int] | None, before: datetime) -> dict[date, int]:
        found: dict[date, int] = {}
        for left in _of_leavers(model)(units, before).values_list("left", flat=True):
            month = left.date().replace(day=1)
            found[month] = found.get(month, 0) + 1
        return dict(sorted(found.items()))

    return count


def _purge_leavers(model: Any) -> Callable[[list[int] | None, datetime, int, Actor], int]:
    def purge(units: list[int] | None, before: datetime, most: int, _by: Actor) -> int:
        return _delete(model.objects.filter(pk__in=_of_leavers(model)(units, before).order_by().values("pk")), most)

    return purge


def _uploads(_units: list[int] | None, before: datetime) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(purpose="import", removed_at=None, created_at__lt=before)


def _proofs(_units: list[int] | None, before: datetime) -> QuerySet[Consent]:
    """Lines on which a later one of the same person and purpose has followed, that one older than `before`, too."""
    later = Consent.objects.filter(member=OuterRef("member"), purpose=OuterRef("purpose"), at__gt=OuterRef("at"))
    return Consent.objects.filter(Exists(later.filter(at__lt=before)))


def _requests(_units: list[int] | None, before: datetime) -> QuerySet[SubjectRequest]:
    return SubjectRequest.objects.filter(closed_at__lt=before)


def _jobs(_units: list[int] | None, before: datetime) -> QuerySet[Job]:
    """Ended jobs nothing refers to."""
    needed = Q(pk__in=SubjectRequest.objects.exclude(job=None).values("job"))
    return Job.objects.filter(ended_at__lt=before).exclude(needed).exclude(kind="import")


for _one in (
    RetentionClass(
        "messages",
        _("Words of messages"),
        _("What was said. The fact that something was said stays, and every figure with it."),
        *_of_rows(_messages, "event__occurred_at"),
    ),
    RetentionClass(
        "private",
        _("Private fields of leavers"),
        _("Telephone, real name and the like of people who have left every group, counted from their leaving."),
        _count_leavers(PrivateField),
        _purge_leavers(PrivateField),
    ),
    RetentionClass(
        "notes",
        _("Notes on leavers"),
        _("What colleagues wrote of people who have left every group, counted from their leaving."),
        _count_leavers(Note),
        _purge_leavers(Note),
    ),
    RetentionClass(
        "uploads",
        _("Uploaded files"),
        _("Files brought in, and the reports on their rejected rows. Set by QUNYING_UPLOAD_DAYS."),
        _of_rows(_uploads, "created_at")[0],
        lambda _units, _before, _most, _by: collect_uploads(),
        by_unit=False,
        fixed=lambda: int(settings.UPLOAD_DAYS),
    ),
    RetentionClass(
        "consents",
        _("Consents since replaced"),
        _("Lines of the ledger after which the person said something else. The last word on each purpose stays."),
        *_of_rows(_proofs, "at"),
        floor=PROOF_FLOOR,
        why=_PROOF,
        by_unit=False,
    ),
    RetentionClass(
        "requests",
        _("Answered requests"),
        _("What people asked about their data, and what came of it."),
        *_of_rows(_requests, "closed_at"),
        floor=PROOF_FLOOR,
        why=_PROOF,
        by_unit=False,
    ),
    RetentionClass(
        "jobs",
        _("Records of long work"),
        _("When jobs ran, for whom, and how they ended; imports keep theirs."),
        *_of_rows(_jobs, "ended_at"),
        floor=LOG_FLOOR,
        why=_LOGS,
        by_unit=False,
    ),
    RetentionClass(
        "acts",
        _("The audit"),
        _("What colleagues did, sealed into a chain. It holds numbers, no personal data, and is kept for good."),
        lambda _units, _before: {},
        lambda _units, _before, _most, _by: 0,
        floor=LOG_FLOOR,
        why=_LOGS,
        by_unit=False,
        fixed=lambda: 0,
    ),
):
    register_class(_one)
