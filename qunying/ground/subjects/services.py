"""Verbs on requests: take one in, put something right, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.models import PrivateField
from qunying.ground.members.sealing import keys_now, open_field
from qunying.ground.members.services_people import rename_member
from qunying.ground.members.services_private import clear_private_field, set_private_field
from qunying.ground.privacy.queries import erasure_of
from qunying.ground.privacy.sealed import SealedTable, register_sealed
from qunying.ground.subjects.models import Correction, SubjectRequest
from qunying.kit.crypto import decrypt, encrypt
from qunying.kit.errors import QunyingError
from qunying.kit.holidays import after_workdays

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Member

OPEN = declare_verb("subjects.request", gettext_lazy("A member's request about their data was taken in."))
CLOSE = declare_verb("subjects.close", gettext_lazy("A member's request was answered."))
CORRECT = declare_verb("subjects.correct", gettext_lazy("Something about a member was put right on request."))

TERM = 15
"""Working days until the answer is due (App违法违规收集使用个人信息行为认定方法, part 6)."""
NAME = "name"
State = SubjectRequest.State


@transaction.atomic
def take_request(
    member: Member, *, kind: str, by: Actor, received: date | None = None, note: str = ""
) -> SubjectRequest:
    """Put a request on the register; due after fifteen working days from the day it came (today if not told)."""
    if kind not in SubjectRequest.Kind.values:
        raise QunyingError(_("Choose what the person asks for."))
    if erasure_of(member) is not None:
        raise QunyingError(_("This person was erased; nothing is left to ask for."))
    today = timezone.localdate()
    received = received or today
    if received > today:
        raise QunyingError(_("The day is still to come. Write when the request came."))
    request = SubjectRequest.objects.create(
        member=member,
        kind=kind,
        received=received,
        due=after_workdays(received, TERM),
        note=_tidy(note),
        made_by=by.actor_key,
    )
    details = {"kind": kind, "member": member.pk}
    write_act(OPEN, by=by, subject_type="subject_request", subject_id=request.pk, details=details)
    return request


@transaction.atomic
def close_request(request: SubjectRequest, *, by: Actor, answer: str = "", refused: bool = False) -> None:
    """Write down that the person was answered; a refusal says why. Raises QunyingError for a closed one."""
    tidy = _tidy(answer)
    if refused and not tidy:
        raise QunyingError(_("Say why the request is refused: the person has a right to the reason."))
    if request.kind == SubjectRequest.Kind.ERASURE and not refused and erasure_of(request.member) is None:
        raise QunyingError(_("The person is not erased yet. Erase them, or refuse the request with a reason."))
    changes = {
        "state": State.REFUSED if refused else State.DONE,
        "answer": tidy,
        "closed_at": timezone.now(),
        "closed_by": by.actor_key,
    }
    if not SubjectRequest.objects.filter(pk=request.pk, state=State.OPEN).update(**changes):
        raise QunyingError(_("This request is closed already."))
    request.refresh_from_db()
    details = {"state": request.state}
    write_act(CLOSE, by=by, subject_type="subject_request", subject_id=request.pk, details=details)


@transaction.atomic
def correct_member(
    member: Member, *, field: str, value: str, by: Actor, request: SubjectRequest | None = None
) -> Correction:
    """Put the name or a private field right, keeping what stood there, encrypted; an empty value clears a field."""
    if erasure_of(member) is not None:
        raise QunyingError(_("This person was erased; nothing more may be written about them."))
    before = _value_of(member, field)
    if field == NAME:
        rename_member(member, name=value, by=by)
    elif value.strip():
        set_private_field(member, name=field, value=value, by=by)
    else:
        clear_private_field(member, name=field, by=by)
    sealed = encrypt(keys_now(), before, bound_to=f"correction:{member.pk}:{field}")
    made = Correction.objects.create(
        member=member, request=request, field=field, sealed=sealed, corrected_by=by.actor_key
    )
    details = {"field": field, "correction": made.pk}
    write_act(CORRECT, by=by, subject_type="member", subject_id=member.pk, details=details)
    return made


def _value_of(member: Member, field: str) -> str:
    if field == NAME:
        return member.display_name
    row = PrivateField.objects.filter(member=member, name=field).first()
    return open_field(row) if row else ""


def _tidy(text: str) -> str:
    tidy = " ".join(text.split())
    if len(tidy) > SubjectRequest.NOTE_LENGTH:
        raise QunyingError(
            _("The text is longer than %(most)d characters. Shorten it.") % {"most": SubjectRequest.NOTE_LENGTH}
        )
    return tidy


def _renew(row: Correction) -> dict[str, bytes]:
    bound = f"correction:{row.member_id}:{row.field}"
    return {"sealed": encrypt(keys_now(), decrypt(keys_now(), bytes(row.sealed), bound_to=bound), bound_to=bound)}


register_sealed(SealedTable("corrections", Correction, _renew))
