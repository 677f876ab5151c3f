"""Who may do what, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.models import Staff
from qunying.ground.access.queries import holds_everywhere, permissions_anywhere, permissions_in
from qunying.ground.access.roles import ROLES, SCOPES, Permission

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.access.models import Holder
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
    return Permission.EDIT_STAFF in held and ROLES[role][1] <= held


def grantable_roles(staff: Staff, unit: Unit) -> list[str]:
    """Names of the roles this person may give in this unit, most first."""
    held = permissions_in(staff, unit)
    return [name for name, (_label, may_do) in ROLES.items() if Permission.EDIT_STAFF in held and may_do <= held]


def may_manage(staff: Holder, person: Staff) -> bool:
    """Whether this person may change another's name, password or standing.

    They must be able to give every role the other holds, else a new password would open the
    units of somebody above them. Someone without roles is managed by those who hold
    `staff.edit` everywhere.
    """
    grants = list(person.grants.select_related("unit"))
    if not grants:
        return may_everywhere(staff, Permission.EDIT_STAFF)
    return all(grant.role in ROLES and may_grant(staff, grant.role, grant.unit) for grant in grants)


def offered_scopes(staff: Staff, unit: Unit) -> list[Permission]:
    """What this person may let a key do in this unit: what they may do there themselves, less handing out."""
    held = permissions_in(staff, unit)
    return [scope for scope in SCOPES if scope in held] if Permission.EDIT_KEYS in held else []


def may_make_key(staff: Holder, scopes: Collection[str], unit: Unit) -> bool:
    """Whether this person may make a key with these scopes in this unit. Keys make no keys."""
    return isinstance(staff, Staff) and set(scopes) <= set(offered_scopes(staff, unit))
