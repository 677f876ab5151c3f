"""Verbs on roles: what each may do, roles of one's own, and back to what is shipped."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.access.models import ApiKey, Grant, Role, RoleChange, Staff
from qunying.ground.access.queries import get_role, roles_now
from qunying.ground.access.roles import ROLES, UNCHANGING, Permission
from qunying.ground.access.rules import may_change_role, may_edit_roles
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.access.roles import RoleNow
    from qunying.ground.audit.actors import Actor

EDIT_ROLE = declare_verb("roles.edit", _("A role was given other permissions."))
COPY_ROLE = declare_verb("roles.copy", _("A role was made as a copy of another."))
RENAME_ROLE = declare_verb("roles.rename", _("A role was given another name."))
RESET_ROLE = declare_verb("roles.reset", _("A role was put back to what is shipped."))
REMOVE_ROLE = declare_verb("roles.remove", _("A role of one's own was removed."))
NEED_SECOND_STEP = declare_verb("roles.second_step", _("A role was made to need two-factor sign-in, or no longer."))


@transaction.atomic
def edit_role(name: str, *, permissions: Collection[str], by: Actor) -> RoleNow:
    """Have the role hold exactly these permissions, for everyone who holds it, everywhere; one act tells both sides."""
    role = _locked(name)
    wanted = {scope for scope in Permission if scope in permissions}
    if len(wanted) != len(set(permissions)):
        raise QunyingError(_("There is a permission among these that Qunying does not know."))
    added, taken = sorted(wanted - role.permissions), sorted(role.permissions - wanted)
    _check_may_change(by, role, [*added, *taken])
    if not added and not taken:
        return role
    shipped = ROLES[name][1] if name in ROLES else frozenset()
    kept = Role.objects.get(pk=name)
    kept.changes.all().delete()
    RoleChange.objects.bulk_create(
        RoleChange(role=kept, permission=scope, held=scope in wanted)
        for scope in Permission
        if (scope in wanted) != (scope in shipped)
    )
    write_act(EDIT_ROLE, by=by, subject_type="role", subject_id=name, details={"added": added, "taken": taken})
    return get_role(name)


@transaction.atomic
def copy_role(name: str, *, label: str, by: Actor) -> Role:
    """A role of one's own that begins with the permissions of this one."""
    source = get_role(name)
    _check_may_change(by, None, source.permissions)
    made = Role.objects.create(name=f"own-{secrets.token_hex(6)}", label=_checked_label(label))
    RoleChange.objects.bulk_create(RoleChange(role=made, permission=one, held=True) for one in source.permissions)
    write_act(COPY_ROLE, by=by, subject_type="role", subject_id=made.name, details={"of": name})
    return made


@transaction.atomic
def rename_role(name: str, *, label: str, by: Actor) -> Role:
    """Give a role of one's own another name; the shipped ones keep theirs."""
    _check_may_change(by, None, [])
    _own(name)
    label = _checked_label(label, of=name)
    row = Role.objects.get(pk=name)
    if row.label != label:
        row.label = label
        row.save(update_fields=["label"])
        write_act(RENAME_ROLE, by=by, subject_type="role", subject_id=name)
    return row


@transaction.atomic
def require_second_step(name: str, *, needed: bool, by: Actor) -> None:
    """Have those who hold the role set up two-factor sign-in before they do anything else, or no longer."""
    role = _locked(name)
    if isinstance(by, Staff | ApiKey) and not may_edit_roles(by):
        raise NotAllowedError(_no_roles())
    if role.needs_second_step == needed:
        return
    Role.objects.filter(pk=name).update(needs_second_step=needed)
    write_act(NEED_SECOND_STEP, by=by, subject_type="role", subject_id=name, details={"needed": needed})


@transaction.atomic
def reset_role(name: str, *, by: Actor) -> None:
    """Put a shipped role back to the permissions it came with; on one that is as shipped this changes nothing."""
    role = _locked(name)
    if role.own:
        raise QunyingError(
            _("“%(role)s” is a role of your own; there is nothing shipped to go back to.") % _named(role)
        )
    difference = sorted(role.permissions ^ ROLES[name][1])
    _check_may_change(by, role, difference)
    if difference:
        RoleChange.objects.filter(role=name).delete()
        write_act(RESET_ROLE, by=by, subject_type="role", subject_id=name, details={"changed": difference})


@transaction.atomic
def remove_role(name: str, *, by: Actor) -> None:
    """Remove a role of one's own that nobody holds."""
    _check_may_change(by, None, [])
    role = _own(name)
    _check_may_change(by, role, role.permissions)
    if Grant.objects.filter(role=name).exists():
        raise QunyingError(_("Somebody still holds “%(role)s”. Take it back from everyone first.") % _named(role))
    Role.objects.filter(pk=name).delete()
    write_act(REMOVE_ROLE, by=by, subject_type="role", subject_id=name)


def _locked(name: str) -> RoleNow:
    """The role as it stands, its row locked, so that two who change it take turns."""
    role = get_role(name)
    if not role.own:
        Role.objects.get_or_create(pk=name)
    Role.objects.select_for_update().get(pk=name)
    return get_role(name)


def _own(name: str) -> RoleNow:
    role = _locked(name)
    if not role.own:
        raise QunyingError(_("“%(role)s” is shipped: it is neither renamed nor removed. Copy it.") % _named(role))
    return role


def _named(role: RoleNow) -> dict[str, object]:
    return {"role": role.label}


def _check_may_change(by: Actor, role: RoleNow | None, difference: Collection[str]) -> None:
    if role is not None and role.name == UNCHANGING and difference:
        raise QunyingError(_("“%(role)s” always holds everything. Copy it, and change the copy.") % _named(role))
    if not isinstance(by, Staff | ApiKey):
        return
    if not may_edit_roles(by):
        raise NotAllowedError(_no_roles())
    if not may_change_role(by, role.name if role else "", difference) and difference:
        raise NotAllowedError(_("You can add or take only permissions that you hold in every unit yourself."))


def _no_roles() -> str:
    return str(_("Roles hold in every unit. Only those who look after staff everywhere may change them."))


def _checked_label(label: str, *, of: str = "") -> str:
    label = label.strip()
    if not label or len(label) > Role.LABEL_LENGTH:
        raise QunyingError(_("A role's name has 1 to %(most)s characters.") % {"most": Role.LABEL_LENGTH})
    taken = {str(role.label).casefold() for role in roles_now().values() if role.name != of}
    if label.casefold() in taken:
        raise QunyingError(_("There is a role “%(role)s” already. Choose another name.") % {"role": label})
    return label
