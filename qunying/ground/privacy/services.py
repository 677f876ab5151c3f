"""Verbs on consents, minors and freezes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.privacy.models import Consent, Freeze, Minor
from qunying.ground.privacy.purposes import purpose_named
from qunying.ground.privacy.queries import erasure_of, freeze_of, minor_of, standing
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Member

GIVE = declare_verb("privacy.consent.give", gettext_lazy("A member's consent was written down."))
WITHDRAW = declare_verb("privacy.consent.withdraw", gettext_lazy("A member took a consent back."))
MINOR = declare_verb("privacy.minor", gettext_lazy("A member was marked as not of age, or the mark was removed."))
FREEZE = declare_verb("privacy.freeze", gettext_lazy("What is known of a member was frozen."))
THAW = declare_verb("privacy.thaw", gettext_lazy("A freeze on a member was lifted."))

_VERSION = 40
Source = Consent.Source


@transaction.atomic
def give_consent(  # noqa: PLR0913 - what a line of the ledger is made of
    member: Member,
    *,
    purpose: str,
    by: Actor,
    source: str = Source.HAND,
    at: datetime | None = None,
    text_version: str = "",
    by_guardian: bool = False,
) -> Consent:
    """Add to the ledger that the person agreed; `at` (aware) is when they said so, now if nothing is told.

    Raises QunyingError for an unknown purpose, a time to come, and where the purpose is closed to them.
    """
    wanted = purpose_named(purpose)
    _refuse_erased(member)
    _check_age(member, automated=wanted.automated, by_guardian=by_guardian)
    line = _line(member, purpose=purpose, given=True, source=source, at=at, by=by)
    line.text_version = (text_version.strip() or wanted.text_version)[:_VERSION]
    line.by_guardian = by_guardian
    line.save()
    details = {"purpose": purpose, "source": source, "text": line.text_version}
    write_act(GIVE, by=by, subject_type="member", subject_id=member.pk, details=details)
    return line


@transaction.atomic
def withdraw_consent(
    member: Member, *, purpose: str, by: Actor, source: str = Source.HAND, at: datetime | None = None
) -> Consent:
    """Add to the ledger that the person took it back; in force at once. Also where nothing was ever agreed."""
    purpose_named(purpose)
    _refuse_erased(member)
    last = standing(member).get(purpose)
    if last is not None and not last.given:
        raise QunyingError(_("This was taken back already; nothing is done on this purpose."))
    line = _line(member, purpose=purpose, given=False, source=source, at=at, by=by)
    line.text_version = last.text_version if last else ""
    line.save()
    details = {"purpose": purpose, "source": source}
    write_act(WITHDRAW, by=by, subject_type="member", subject_id=member.pk, details=details)
    return line


class Said(NamedTuple):
    """What a file says of one person and one purpose."""

    member_id: int
    purpose: str
    given: bool
    at: datetime


@transaction.atomic
def write_consents(said: Iterable[Said], *, by: Actor) -> int:
    """Add what a file says to the ledger where it is news to it, and say how many lines that were.

    The same file brought again adds nothing. One audit row for all.
    """
    wanted = list(dict.fromkeys(said))
    members = sorted({one.member_id for one in wanted})
    rows = Consent.objects.filter(member__in=members).values_list("member_id", "purpose", "given", "at")
    known = {Said(*row) for row in rows}
    lines = [
        Consent(
            member_id=one.member_id,
            purpose=purpose_named(one.purpose).name,
            given=one.given,
            at=one.at,
            source=Source.IMPORT,
            recorded_by=by.actor_key,
        )
        for one in wanted
        if one not in known
    ]
    Consent.objects.bulk_create(lines)
    if lines:
        write_act(GIVE, by=by, subject_type="member", details={"lines": len(lines), "source": Source.IMPORT})
    return len(lines)


@transaction.atomic
def mark_minor(member: Member, *, band: str, by: Actor) -> None:
    """Mark the person as under 14 or under 18, or, with an empty band, as of age."""
    if band and band not in Minor.Band.values:
        raise QunyingError(_("Choose “under 14”, “under 18” or “of age”."))
    _refuse_erased(member)
    if band:
        Minor.objects.update_or_create(member=member, defaults={"band": band, "marked_by": by.actor_key})
    else:
        Minor.objects.filter(member=member).delete()
    write_act(MINOR, by=by, subject_type="member", subject_id=member.pk, details={"band": band})


@transaction.atomic
def freeze_member(member: Member, *, reason: str, by: Actor) -> Freeze:
    """Stop doing anything with what is known of the person; figures stay as they are."""
    tidy = " ".join(reason.split())
    if not tidy or len(tidy) > Freeze.REASON_LENGTH:
        raise QunyingError(
            _("Say why in at most %(most)d characters, such as “disputes the telephone number”.")
            % {"most": Freeze.REASON_LENGTH}
        )
    _refuse_erased(member)
    if freeze_of(member) is not None:
        raise QunyingError(_("This member is frozen already."))
    freeze = Freeze.objects.create(member=member, reason=tidy, frozen_by=by.actor_key)
    write_act(FREEZE, by=by, subject_type="member", subject_id=member.pk, details={"freeze": freeze.pk})
    return freeze


@transaction.atomic
def thaw_member(member: Member, *, by: Actor) -> None:
    """Lift the freeze."""
    freeze = freeze_of(member)
    changes = {"lifted_at": timezone.now(), "lifted_by": by.actor_key}
    if freeze is None or not Freeze.objects.filter(pk=freeze.pk, lifted_at__isnull=True).update(**changes):
        raise QunyingError(_("This member is not frozen."))
    write_act(THAW, by=by, subject_type="member", subject_id=member.pk)


def _line(  # noqa: PLR0913 - what a line is made of
    member: Member, *, purpose: str, given: bool, source: str, at: datetime | None, by: Actor
) -> Consent:
    now = timezone.now()
    if at is not None and at > now:
        raise QunyingError(_("The day is still to come. Write when the member said so."))
    if source not in Source.values:
        raise QunyingError(_("There is no source “%(source)s” of consents.") % {"source": source})
    return Consent(member=member, purpose=purpose, given=given, source=source, at=at or now, recorded_by=by.actor_key)


def _check_age(member: Member, *, automated: bool, by_guardian: bool) -> None:
    young = minor_of(member)
    if young is None:
        return
    if automated:
        raise QunyingError(_("This member is not of age: the law closes this purpose to them, whoever agrees."))
    if young.band == Minor.Band.CHILD and not by_guardian:
        raise QunyingError(_("This member is under 14: a guardian must agree. Ask them, and tick “guardian”."))


def _refuse_erased(member: Member) -> None:
    if erasure_of(member) is not None:
        raise QunyingError(_("This person was erased; nothing more may be written about them."))
