"""Verbs on private fields: encrypted at rest, found by a keyed digest, each look written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.models import PrivateField
from qunying.ground.members.private import private_kind
from qunying.ground.members.sealing import open_field, seal
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Member

SET = declare_verb("members.private.set", gettext_lazy("Private fields were filled in."))
CLEAR = declare_verb("members.private.clear", gettext_lazy("A private field was emptied."))
UNMASK = declare_verb("members.private.unmask", gettext_lazy("A private field was looked at unmasked."))


@transaction.atomic
def set_private_field(member: Member, *, name: str, value: str, by: Actor) -> None:
    """Keep one private value of a person, in place of an earlier one; raises QunyingError for a bad value."""
    _keep([seal(member.pk, name, value)])
    write_act(SET, by=by, subject_type="member", subject_id=member.pk, details={"field": name})


@transaction.atomic
def set_private_fields(values: Iterable[tuple[int, str, str]], *, by: Actor) -> int:
    """Keep many values, each (member id, field name, value), and say how many; the last of a field counts.

    One audit row for all of them. Raises QunyingError for the first bad value: importers ask
    `tidy_private` about each beforehand. Call it with about a thousand at a time.
    """
    fields = list({(pk, name): seal(pk, name, value) for pk, name, value in values}.values())
    if fields:
        _keep(fields)
        members = len({field.member_id for field in fields})
        write_act(SET, by=by, subject_type="member", details={"fields": len(fields), "members": members})
    return len(fields)


@transaction.atomic
def clear_private_field(member: Member, *, name: str, by: Actor) -> None:
    """Forget one private value; raises NotFoundError where there is none."""
    _get_field(member, name).delete()
    write_act(CLEAR, by=by, subject_type="member", subject_id=member.pk, details={"field": name})


@transaction.atomic
def unmask_private_field(member: Member, *, name: str, by: Actor) -> str:
    """The plain value, and one audit row that says who saw which field of whom."""
    plain = open_field(_get_field(member, name))
    write_act(UNMASK, by=by, subject_type="member", subject_id=member.pk, details={"field": name})
    return plain


def _keep(fields: list[PrivateField]) -> None:
    PrivateField.objects.bulk_create(
        fields,
        update_conflicts=True,
        unique_fields=["member", "name"],
        update_fields=["sealed", "digest"],
    )


def _get_field(member: Member, name: str) -> PrivateField:
    field = PrivateField.objects.filter(member=member, name=private_kind(name).name).first()
    if field is None:
        raise NotFoundError(_("This member has no “%(field)s”.") % {"field": private_kind(name).label})
    return field
