"""Verbs on people themselves: names, marks and notes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.models import Member, Note
from qunying.ground.members.services import note_dimension_change
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor

RENAME = declare_verb("members.rename", gettext_lazy("A member was given another name."))
MARK = declare_verb("members.mark", gettext_lazy("Members were marked as staff or bots, or a mark was removed."))
NOTE = declare_verb("members.note", gettext_lazy("A note was written about a member."))

_LONGEST_NAME = 120
_LONGEST_NOTE = 4000
_LOOKUP = 500


class Mark(StrEnum):
    """What keeps a person out of every figure."""

    STAFF = "staff"
    BOT = "bot"


_FIELD = {Mark.STAFF: "is_staff", Mark.BOT: "is_bot"}


@transaction.atomic
def rename_member(member: Member, *, name: str, by: Actor) -> None:
    """Give the person another display name; the names of their accounts stay as the platforms say."""
    tidy = " ".join(name.split())
    if not tidy:
        raise QunyingError(_("The name is empty. Write the name by which you know this member."))
    if len(tidy) > _LONGEST_NAME:
        raise QunyingError(_("The name is longer than %(most)d characters. Shorten it.") % {"most": _LONGEST_NAME})
    member.display_name = tidy
    member.save(update_fields=["display_name"])
    write_act(RENAME, by=by, subject_type="member", subject_id=member.pk)


@transaction.atomic
def mark_members(members: Iterable[int], *, mark: Mark, on: bool, by: Actor) -> list[int]:
    """Set or remove a mark on members (ids); the ids of those it changed, who leave or enter figures at once."""
    field = _FIELD[mark]
    ids = sorted(set(members))
    changed: list[int] = []
    for start in range(0, len(ids), _LOOKUP):
        rows = Member.objects.filter(pk__in=ids[start : start + _LOOKUP], **{field: not on})
        changed.extend(rows.values_list("pk", flat=True))
        rows.update(**{field: on})
    if changed:
        details = {"mark": mark, "on": on, "members": len(changed)}
        subject = changed[0] if len(changed) == 1 else ""
        write_act(MARK, by=by, subject_type="member", subject_id=subject, details=details)
        note_dimension_change()
    return sorted(changed)


@transaction.atomic
def write_note(member: Member, *, text: str, by: Actor) -> Note:
    """Keep what a colleague has to say about the person; the audit row does not repeat it."""
    tidy = text.strip()
    if not tidy:
        raise QunyingError(_("The note is empty. Write something, or leave it."))
    if len(tidy) > _LONGEST_NOTE:
        raise QunyingError(_("The note is longer than %(most)d characters. Shorten it.") % {"most": _LONGEST_NOTE})
    note = Note.objects.create(member=member, text=tidy, by=by if isinstance(by, Staff) else None)
    write_act(NOTE, by=by, subject_type="member", subject_id=member.pk, details={"note": note.pk})
    return note
