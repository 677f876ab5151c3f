"""Verbs on staff and their roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.access.models import ApiKey, Grant, Staff
from qunying.ground.access.queries import directors_of, get_role
from qunying.ground.access.rules import may_grant, may_manage
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE = declare_verb("staff.create", _("A member of staff was added."))
RENAME = declare_verb("staff.rename", _("The name or e-mail address of a member of staff was changed."))
PASSWORD = declare_verb("staff.password", _("The password of a member of staff was changed."))
LANGUAGE = declare_verb("staff.language", _("A member of staff chose another language."))
DEACTIVATE = declare_verb("staff.deactivate", _("A member of staff may no longer sign in."))
ACTIVATE = declare_verb("staff.activate", _("A member of staff may sign in again."))
RESET_TWO_FACTOR = declare_verb("staff.reset_two_factor", _("The second step of a member of staff was taken off."))
GRANT = declare_verb("staff.grant", _("A role was given."))
REVOKE = declare_verb("staff.revoke", _("A role was taken back."))

_USERNAME = re.compile(r"[\w.-]{1,60}")


@transaction.atomic
def create_staff(  # noqa: PLR0913 - what a person on the staff begins with
    username: str, *, name: str, password: str, by: Actor, email: str = "", language: str = "zh-hans"
) -> Staff:
    """Add a person who can sign in; they hold no role yet."""
    username, email = username.strip(), email.strip()
    _check_username(username)
    _check_email(email)
    staff = Staff(username=username, name=_checked_name(name), email=email, language=_checked_language(language))
    _set_password(staff, password)
    staff.save()
    write_act(CREATE, by=by, subject_type="staff", subject_id=staff.pk)
    return staff


@transaction.atomic
def rename_staff(staff: Staff, *, name: str, email: str, by: Actor) -> Staff:
    """Change the name and the e-mail address; the sign-in name stays."""
    _check_manages(by, staff)
    email = email.strip()
    _check_email(email, of=staff)
    staff.name, staff.email = _checked_name(name), email
    staff.save(update_fields=["name", "email"])
    write_act(RENAME, by=by, subject_type="staff", subject_id=staff.pk)
    return staff


@transaction.atomic
def change_password(staff: Staff, *, password: str, by: Actor) -> None:
    """Set another password; every session the person had elsewhere ends with it."""
    _check_manages(by, staff)
    _set_password(staff, password)
    staff.save(update_fields=["password"])
    write_act(PASSWORD, by=by, subject_type="staff", subject_id=staff.pk)


@transaction.atomic
def choose_language(staff: Staff, *, language: str, by: Actor) -> None:
    """Have the console speak this language to the person; choosing it twice changes nothing."""
    language = _checked_language(language)
    if staff.language == language:
        return
    staff.language = language
    staff.save(update_fields=["language"])
    write_act(LANGUAGE, by=by, subject_type="staff", subject_id=staff.pk, details={"language": language})


@transaction.atomic
def deactivate_staff(staff: Staff, *, by: Actor) -> None:
    """Close the door: the person is signed out everywhere and holds nothing until activated again."""
    _check_manages(by, staff)
    if by == staff:
        raise QunyingError(_("You cannot deactivate yourself. Ask another director."))
    roots = _lock_root_directorates(staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    _check_director_left(roots)
    write_act(DEACTIVATE, by=by, subject_type="staff", subject_id=staff.pk)


@transaction.atomic
def activate_staff(staff: Staff, *, by: Actor) -> None:
    """Let a deactivated person in again, with the roles they had."""
    _check_manages(by, staff)
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    write_act(ACTIVATE, by=by, subject_type="staff", subject_id=staff.pk)


@transaction.atomic
def reset_two_factor(staff: Staff, *, by: Actor) -> None:
    """Take the second step off, for someone who lost their telephone; the password alone then opens."""
    _check_manages(by, staff)
    Authenticator.objects.filter(user=staff).delete()
    write_act(RESET_TWO_FACTOR, by=by, subject_type="staff", subject_id=staff.pk)


@transaction.atomic
def grant_role(staff: Staff, *, role: str, unit: Unit, by: Actor) -> Grant:
    """Give a role in a unit and everything below it; giving it twice changes nothing."""
    _check_grants(by, role, unit)
    grant, made = Grant.objects.get_or_create(staff=staff, unit=unit, role=role)
    if made:
        write_act(GRANT, by=by, subject_type="staff", subject_id=staff.pk, details={"role": role, "unit": unit.pk})
    return grant


@transaction.atomic
def revoke_role(staff: Staff, *, role: str, unit: Unit, by: Actor) -> None:
    """Take a role back; refused for the last director of a root. Taking back what is not held changes nothing."""
    _check_grants(by, role, unit)
    roots = _lock_root_directorates(staff) if role == "director" else []
    taken, _rows = Grant.objects.filter(staff=staff, unit=unit, role=role).delete()
    if not taken:
        return
    _check_director_left([root for root in roots if root.pk == unit.pk])
    write_act(REVOKE, by=by, subject_type="staff", subject_id=staff.pk, details={"role": role, "unit": unit.pk})


def _check_username(username: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise QunyingError(
            _("“%(name)s” cannot be a sign-in name. Use up to 60 letters, digits, dots, hyphens and underscores.")
            % {"name": username}
        )
    if Staff.objects.filter(username__iexact=username).exists():
        raise QunyingError(_("The sign-in name “%(name)s” is taken. Choose another.") % {"name": username})


def _check_email(email: str, *, of: Staff | None = None) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError:
        raise QunyingError(_("“%(email)s” is not an e-mail address.") % {"email": email}) from None
    if Staff.objects.filter(email__iexact=email).exclude(pk=of.pk if of else 0).exists():
        raise QunyingError(_("Someone else on the staff has the address %(email)s already.") % {"email": email})


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > Staff.NAME_LENGTH:
        raise QunyingError(_("A name has 1 to %(most)s characters.") % {"most": Staff.NAME_LENGTH})
    return name


def _checked_language(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise QunyingError(_("Qunying does not speak “%(language)s”.") % {"language": language})
    return language


def _set_password(staff: Staff, password: str) -> None:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise QunyingError(" ".join(error.messages)) from None
    staff.set_password(password)


def _check_manages(by: Actor, person: Staff) -> None:
    """The system may; a person may change themselves, and those they could have given every role to."""
    if isinstance(by, Staff | ApiKey) and by != person and not may_manage(by, person):
        raise NotAllowedError(
            _("%(name)s holds roles beyond yours. Ask someone who may give all of them.") % {"name": person.name}
        )


def _check_grants(by: Actor, role: str, unit: Unit) -> None:
    label = get_role(role).label
    if isinstance(by, Staff | ApiKey) and not may_grant(by, role, unit):
        raise NotAllowedError(
            _("You may not give or take the role “%(role)s” in “%(unit)s”: it may do more than you may there.")
            % {"role": label, "unit": unit.name}
        )


def _lock_root_directorates(staff: Staff) -> list[Unit]:
    """The roots this person directs; the directors' grants stay locked, so that two cannot leave at once."""
    grants = Grant.objects.select_for_update(of=("self",)).filter(role="director", unit__parent=None)
    return [grant.unit for grant in grants.select_related("unit").order_by("pk") if grant.staff_id == staff.pk]


def _check_director_left(roots: Iterable[Unit]) -> None:
    for root in roots:
        if not directors_of(root).exists():
            raise QunyingError(
                _("This is the last director of “%(unit)s”. Make someone else director there first.")
                % {"unit": root.name}
            )
