"""Which units a person may do what in, and the entrances to units and staff."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import BooleanField, CharField, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.access.models import ApiKey, Device, Grant, Holder, Invitation, Role, RoleChange, SignInLock, Staff
from qunying.ground.access.roles import ROLES, Permission, RoleNow, roles_with
from qunying.ground.units.models import Unit
from qunying.ground.units.queries import roots
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

_KNOWN = frozenset(Permission)


def units_for(staff: Holder, permission: Permission) -> QuerySet[Unit]:
    """The units in which this person or key holds the permission: those of the grants, and all below.

    A deactivated person holds nothing. A key holds what is among its scopes where its owner holds it, within
    its unit.
    """
    if isinstance(staff, ApiKey):
        scoped = permission in staff.scopes and staff.opens(timezone.now())
        owners = units_for(staff.owner, permission).filter(path__startswith=staff.unit.path)
        return owners if scoped else Unit.objects.none()
    if not staff.is_active:
        return Unit.objects.none()
    grants = staff.grants.filter(_holding(permission)).select_related("unit")
    prefixes = [Q(path__startswith=grant.unit.path) for grant in grants]
    return Unit.objects.filter(reduce(or_, prefixes)) if prefixes else Unit.objects.none()


def get_unit_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_FIGURES) -> Unit:
    """The unit of this number; raises NotFoundError where there is none or it is not this person's."""
    unit = units_for(staff, permission).filter(pk=pk).select_related("parent").first()
    if unit is None:
        raise NotFoundError(_("There is no such unit that you may open."))
    return unit


def permissions_in(staff: Holder, unit: Unit) -> frozenset[Permission]:
    """Everything this person or key may do in this unit, by the roles held there or above."""
    if isinstance(staff, ApiKey):
        inside = unit.path.startswith(staff.unit.path) and staff.opens(timezone.now())
        return permissions_in(staff.owner, unit) & frozenset(staff.scopes) if inside else frozenset()
    if not staff.is_active:
        return frozenset()
    above = [int(part) for part in unit.path.split("/") if part]
    return permissions_of_grants(staff.grants.filter(unit__in=above))


def permissions_anywhere(staff: Holder) -> frozenset[Permission]:
    """Everything this person or key may do in one unit or another: what a menu has to offer."""
    if isinstance(staff, ApiKey):
        if not staff.opens(timezone.now()):
            return frozenset()
        above = [int(part) for part in staff.unit.path.split("/") if part]
        reach = Q(unit__in=above) | Q(unit__path__startswith=staff.unit.path)
        return permissions_of_grants(staff.owner.grants.filter(reach)) & frozenset(staff.scopes)
    return permissions_of_grants(staff.grants.all()) if staff.is_active else frozenset()


def permissions_of_grants(grants: QuerySet[Grant]) -> frozenset[Permission]:
    """What these roles may do together, as shipped and as changed here; one query."""
    words, marks = CharField(), BooleanField()
    named = grants.order_by().values_list("role", Value("", words), Value(True, marks))  # noqa: FBT003 - a column
    changed = RoleChange.objects.filter(role__in=grants.order_by().values("role"))
    rows = list(named.union(changed.values_list("role", "permission", "held")))
    names = {role for role, permission, _held in rows if not permission}
    found = {name: set(_shipped(name)) for name in names}
    for role, permission, held in rows:
        if permission:
            (found[role].add if held else found[role].discard)(permission)
    return frozenset(Permission(name) for name in set().union(*found.values()) if name in _KNOWN)


def _shipped(name: str) -> frozenset[Permission]:
    return ROLES[name][1] if name in ROLES else frozenset()


def _holding(permission: Permission) -> Q:
    """The grants whose role holds this permission here: as shipped unless it was taken off, or because it was added."""
    changed = RoleChange.objects.filter(permission=permission)
    kept = Q(role__in=roles_with(permission)) & ~Q(role__in=changed.filter(held=False).values("role"))
    return kept | Q(role__in=changed.filter(held=True).values("role"))


def roles_now() -> dict[str, RoleNow]:
    """Every role by name, as it stands here: the shipped ones in their order, then those of one's own. Two queries."""
    rows = {role.name: role for role in Role.objects.prefetch_related("changes")}
    names = [*ROLES, *(name for name in rows if name not in ROLES)]
    return {name: _as_it_stands(name, rows.get(name)) for name in names}


def _as_it_stands(name: str, row: Role | None) -> RoleNow:
    changes = {change.permission: change.held for change in row.changes.all()} if row else {}
    held = {scope for scope in Permission if changes.get(scope, scope in _shipped(name))}
    return RoleNow(
        name=name,
        label=ROLES[name][0] if name in ROLES else str(row),
        permissions=frozenset(held),
        own=name not in ROLES,
        changed=bool(changes),
        needs_second_step=bool(row and row.needs_second_step),
    )


def get_role(name: str) -> RoleNow:
    """The role of this name as it stands; raises NotFoundError where there is none."""
    row = Role.objects.prefetch_related("changes").filter(name=name).first()
    if row is None and name not in ROLES:
        raise NotFoundError(_("There is no role “%(role)s”.") % {"role": name})
    return _as_it_stands(name, row)


def role_label(grant: Grant) -> str | _StrPromise:
    """The role of a grant in words, without a query where the grant was read from the database."""
    return ROLES[grant.role][0] if grant.role in ROLES else getattr(grant, "own_label", None) or grant.role


def holds_everywhere(staff: Holder, permission: Permission) -> bool:
    """Whether this person or key holds the permission in every unit, from the roots down."""
    tops = set(roots().values_list("pk", flat=True))
    return bool(tops) and tops <= set(units_for(staff, permission).values_list("pk", flat=True))


def staff_for(viewer: Holder, permission: Permission = Permission.EDIT_STAFF) -> QuerySet[Staff]:
    """The people with a role in a unit where the viewer holds the permission.

    Who holds it everywhere also sees those without any role.
    """
    people = Staff.objects.prefetch_related("grants__unit")
    if holds_everywhere(viewer, permission):
        return people
    seen = Grant.objects.filter(unit__in=units_for(viewer, permission)).values("staff")
    return people.filter(pk__in=seen)


def get_staff_for(viewer: Holder, pk: int, permission: Permission = Permission.EDIT_STAFF) -> Staff:
    """The person of this number; raises NotFoundError where there is none, or outside the viewer's units."""
    person = staff_for(viewer, permission).filter(pk=pk).first()
    if person is None:
        raise NotFoundError(_("There is no such person on the staff that you may open."))
    return person


def directors_of(unit: Unit) -> QuerySet[Staff]:
    """The active people who hold the role of director in exactly this unit."""
    return Staff.objects.filter(is_active=True, grants__unit=unit, grants__role="director")


def keys_for(viewer: Holder) -> QuerySet[ApiKey]:
    """The keys of the units where the viewer looks after keys, revoked and expired ones, too."""
    return ApiKey.objects.filter(unit__in=units_for(viewer, Permission.EDIT_KEYS)).select_related("unit", "owner")


def get_key_for(viewer: Holder, pk: int) -> ApiKey:
    """The key of this number; raises NotFoundError where there is none, or outside the viewer's units."""
    key = keys_for(viewer).filter(pk=pk).first()
    if key is None:
        raise NotFoundError(_("There is no such key that you may open."))
    return key


def needs_second_step(staff: Staff) -> bool:
    """Whether this person must set up two-factor sign-in first: a role or the installation asks, and they have none."""
    asked = settings.SECOND_STEP_FOR_ALL or Role.objects.filter(
        needs_second_step=True, name__in=staff.grants.order_by().values("role")
    )
    return bool(asked) and not is_mfa_enabled(staff, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def locked_until(staff: Staff) -> datetime | None:
    """Until when failures keep this account closed to browsers it does not know; None where it is open."""
    locks = SignInLock.objects.filter(staff=staff, locked_until__gt=timezone.now()).order_by("-locked_until")
    return locks.values_list("locked_until", flat=True).first()


def devices_to_tell(staff: Staff, here: Device) -> QuerySet[Device]:
    """Browsers that signed in as this person after the one at hand was known, and of which nobody was told.

    One that is newer itself is told nothing: whoever broke in must not wipe the warning away.
    """
    return Device.objects.filter(staff=staff, told_at=None, first_seen_at__gt=here.first_seen_at).order_by("pk")


def invitations_for(viewer: Holder) -> QuerySet[Invitation]:
    """The invitations to units where the viewer looks after staff."""
    rows = Invitation.objects.filter(unit__in=units_for(viewer, Permission.EDIT_STAFF))
    return rows.select_related("unit", "invited_by", "accepted_by")


def get_invitation_for(viewer: Holder, pk: int) -> Invitation:
    """The invitation of this number; raises NotFoundError where there is none, or outside the viewer's units."""
    found = invitations_for(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such invitation that you may open."))
    return found
