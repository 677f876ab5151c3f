"""Who may do what, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.models import Staff
from qunying.ground.access.queries import get_role, holds_everywhere, permissions_anywhere, permissions_in, roles_now
from qunying.ground.access.roles import SCOPES, UNCHANGING, Permission

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.access.models import Holder
    from qunying.ground.access.roles import RoleNow
    from qunying.ground.units.models import Unit


def may(staff: Holder, permission: Permission, unit: Unit) -> bool:
    """Whether this person holds the permission in this unit."""
    return permission in permissions_in(staff, unit)


def may_anywhere(staff: Holder, permission: Permission) -> bool:
    """Whether this person holds the permission in any unit at all."""
    return permission in permissions_anywhere(staff)


def may_everywhere(staff: Holder, permission: Permission) -> bool:
    """Whether this person holds the permission in every unit: what belongs to no unit asks for this."""
    return holds_everywhere(staff, permission)


def may_rearrange(staff: Holder, unit: Unit) -> bool:
    """Whether this person may move or remove the unit: that changes the unit above it."""
    return unit.parent is not None and may(staff, Permission.EDIT_UNITS, unit.parent)


def may_grant(staff: Holder, role: str, unit: Unit) -> bool:
    """Whether this person may give or take this role in this unit.

    They hold `staff.edit` there, and everything the role may do: nobody hands out more than they have.
    """
    held = permissions_in(staff, unit)
    return Permission.EDIT_STAFF in held and get_role(role).permissions <= held


def grantable_roles(staff: Staff, unit: Unit) -> list[str]:
    """Names of the roles this person may give in this unit, most first."""
    held = permissions_in(staff, unit)
    return [role.name for role in roles_now().values() if Permission.EDIT_STAFF in held and role.permissions <= held]


def may_manage(staff: Holder, person: Staff) -> bool:
    """Whether this person may change another's name, password or standing.

    They must be able to give every role the other holds, else a new password would open the
    units of somebody above them. Someone without roles is managed by those who hold
    `staff.edit` everywhere.
    """
    grants = list(person.grants.select_related("unit"))
    if not grants:
        return may_everywhere(staff, Permission.EDIT_STAFF)
    roles = roles_now()
    return all(_may_hand_out(staff, roles.get(grant.role), grant.unit) for grant in grants)


def _may_hand_out(staff: Holder, role: RoleNow | None, unit: Unit) -> bool:
    held = permissions_in(staff, unit)
    return role is not None and Permission.EDIT_STAFF in held and role.permissions <= held


def may_edit_roles(staff: Holder) -> bool:
    """Whether this person may change what roles mean: they look after staff in every unit. Keys never do."""
    return isinstance(staff, Staff) and may_everywhere(staff, Permission.EDIT_STAFF)


def may_change_role(staff: Holder, role: str, difference: Collection[str]) -> bool:
    """Whether this person may add or take these permissions of a role: those they hold everywhere themselves.

    What a role means holds in every unit. The role of director is never changed.
    """
    if role == UNCHANGING or not may_edit_roles(staff):
        return False
    return all(may_everywhere(staff, Permission(name)) for name in difference)


def offered_scopes(staff: Staff, unit: Unit) -> list[Permission]:
    """What this person may let a key do in this unit: what they may do there themselves, less handing out."""
    held = permissions_in(staff, unit)
    return [scope for scope in SCOPES if scope in held] if Permission.EDIT_KEYS in held else []


def may_make_key(staff: Holder, scopes: Collection[str], unit: Unit) -> bool:
    """Whether this person may make a key with these scopes in this unit. Keys make no keys."""
    return isinstance(staff, Staff) and set(scopes) <= set(offered_scopes(staff, unit))
