"""Verbs on invitations: a link for one person, once, with a role in a unit."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.ground.access.models import ApiKey, Invitation, Staff
from qunying.ground.access.queries import get_role
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_grant
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.actors import System
from qunying.ground.audit.chain import keyring
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

INVITE = declare_verb("staff.invite", _("Somebody was invited to join the staff."))
REVOKE_INVITATION = declare_verb("staff.revoke_invitation", _("An invitation was taken back."))
ACCEPT_INVITATION = declare_verb("staff.accept_invitation", _("Somebody joined the staff by an invitation."))

MOST_DAYS = 30
"""An invitation lives a month at most."""

_DOOR = System("invitation")


@transaction.atomic
def invite(  # noqa: PLR0913 - one argument for each thing an invitation says
    role: str, *, unit: Unit, by: Staff | System, inviter: Staff | None = None, email: str = "", days: int = 7
) -> tuple[Invitation, str]:
    """Invite somebody to a role in a unit; the row, and the secret of its link, which is kept nowhere.

    Whoever invites gives the role once the link is used. The system gives none: where it invites, it does so in
    the name of `inviter`.
    """
    inviter = by if isinstance(by, Staff) else inviter
    if inviter is None:
        message = "An invitation needs a person in whose name it is made."
        raise ValueError(message)
    _check_may_invite(inviter, role, unit, by=by)
    if not 1 <= days <= MOST_DAYS:
        raise QunyingError(_("An invitation lives 1 to %(most)s days.") % {"most": MOST_DAYS})
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        digest=_digest(secret),
        role=role,
        unit=unit,
        email=_checked_email(email),
        invited_by=inviter,
        expires_at=timezone.now() + timedelta(days=days),
    )
    details = {"role": role, "unit": unit.pk, "days": days} | ({} if inviter == by else {"inviter": inviter.pk})
    write_act(INVITE, by=by, subject_type="invitation", subject_id=made.pk, details=details)
    return made, secret


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Take an open invitation back; one that was used or taken back already stays as it is."""
    if isinstance(by, Staff | ApiKey) and not may(by, Permission.EDIT_STAFF, invitation.unit):
        raise NotAllowedError(
            _("Your roles do not include looking after staff in “%(unit)s”.") % {"unit": invitation.unit.name}
        )
    open_still = Invitation.objects.filter(pk=invitation.pk, revoked_at=None, accepted_at=None)
    if open_still.update(revoked_at=timezone.now()):
        write_act(REVOKE_INVITATION, by=by, subject_type="invitation", subject_id=invitation.pk)


def open_invitation(secret: str) -> Invitation:
    """The invitation whose link this is; raises NotFoundError, in one sentence, where it opens nothing (any more)."""
    rows = Invitation.objects.select_related("unit", "invited_by")
    found = rows.filter(digest=_digest(secret)).first()
    if found is None or found.state(timezone.now()) != "open" or not found.invited_by.is_active:
        raise NotFoundError(_("This invitation is not valid any more. Ask for a new one."))
    return found


@transaction.atomic
def accept_invitation(secret: str, *, username: str, name: str, password: str, language: str) -> Staff:
    """Join the staff: the person chooses their names and password, and holds the role; the link is used up.

    The role is given by whoever invited, who must still be able to give it.
    """
    found = open_invitation(secret)
    Invitation.objects.select_for_update().get(pk=found.pk)
    found = open_invitation(secret)
    staff = create_staff(
        username, name=name, password=password, email=_free_email(found.email), language=language, by=_DOOR
    )
    grant_role(staff, role=found.role, unit=found.unit, by=found.invited_by)
    Invitation.objects.filter(pk=found.pk).update(accepted_at=timezone.now(), accepted_by=staff)
    write_act(ACCEPT_INVITATION, by=staff, subject_type="invitation", subject_id=found.pk)
    return staff


def _digest(secret: str) -> bytes:
    return keyed_digest(keyring().digest, "invitation", secret)


def _check_may_invite(inviter: Staff, role: str, unit: Unit, *, by: Staff | System) -> None:
    if may_grant(inviter, role, unit):
        return
    names = {"role": get_role(role).label, "unit": unit.name, "name": inviter.name}
    if inviter == by:
        raise NotAllowedError(
            _("You may not give or take the role “%(role)s” in “%(unit)s”: it may do more than you may there.") % names
        )
    raise NotAllowedError(
        _("%(name)s may not give the role “%(role)s” in “%(unit)s”: it may do more than they may there.") % names
    )


def _checked_email(email: str) -> str:
    email = email.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise QunyingError(_("“%(email)s” is not an e-mail address.") % {"email": email}) from None
    return email


def _free_email(email: str) -> str:
    """The address, unless somebody took it since."""
    return "" if Staff.objects.filter(email__iexact=email).exists() else email
