"""Which units a person may do what in."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from qunying.ground.access.roles import Permission, roles_with
from qunying.ground.units.models import Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Staff


def units_for(staff: Staff, permission: Permission) -> QuerySet[Unit]:
    """The units in which this person holds the permission: those of the grants, and all below."""
    grants = staff.grants.filter(role__in=roles_with(permission)).select_related("unit")
    prefixes = [Q(path__startswith=grant.unit.path) for grant in grants]
    return Unit.objects.filter(reduce(or_, prefixes)) if prefixes else Unit.objects.none()
