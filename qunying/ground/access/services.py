"""Verbs on staff and their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.roles import ROLES
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE = declare_verb("staff.create", _("A member of staff was added."))
GRANT = declare_verb("staff.grant", _("A role was given."))


@transaction.atomic
def create_staff(username: str, *, name: str, password: str, by: Actor, email: str = "") -> Staff:
    """Add a person who can sign in; they hold no role yet."""
    if Staff.objects.filter(username__iexact=username).exists():
        raise QunyingError(_("The sign-in name “%(name)s” is taken. Choose another.") % {"name": username})
    staff = Staff(username=username, name=name, email=email)
    staff.set_password(password)
    staff.save()
    write_act(CREATE, by=by, subject_type="staff", subject_id=staff.pk)
    return staff


@transaction.atomic
def grant_role(staff: Staff, *, role: str, unit: Unit, by: Actor) -> Grant:
    """Give a role in a unit and everything below it; giving it twice changes nothing."""
    if role not in ROLES:
        raise QunyingError(_("There is no role “%(role)s”.") % {"role": role})
    grant, made = Grant.objects.get_or_create(staff=staff, unit=unit, role=role)
    if made:
        write_act(GRANT, by=by, subject_type="staff", subject_id=staff.pk, details={"role": role, "unit": unit.pk})
    return grant
