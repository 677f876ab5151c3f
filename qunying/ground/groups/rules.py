"""Who may do what with a member, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.access.models import ApiKey
from qunying.ground.access.queries import permissions_of_grants
from qunying.ground.groups.models import Membership
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder, Staff
    from qunying.ground.access.roles import Permission
    from qunying.ground.members.models import Member


def may_with_member(staff: Holder, permission: Permission, member: Member) -> bool:
    """Whether this person holds the permission in the unit of a community the member is or was in."""
    return permission in permissions_with_member(staff, member)


def permissions_with_member(staff: Holder, member: Member) -> frozenset[Permission]:
    """Everything this person may do with the member, from the roles that reach one of their communities."""
    paths = (
        Membership.objects.filter(identity__member=member)
        .order_by()
        .values_list("community__unit__path", flat=True)
        .distinct()
    )
    if not isinstance(staff, ApiKey):
        return _reaching(staff, list(paths))
    if not staff.opens(timezone.now()):
        return frozenset()
    inside = paths.filter(community__unit__path__startswith=staff.unit.path)
    return _reaching(staff.owner, list(inside)) & frozenset(staff.scopes)


def _reaching(staff: Staff, paths: list[str]) -> frozenset[Permission]:
    """What the person's roles hold in one or another of these places."""
    if not staff.is_active:
        return frozenset()
    grants = staff.grants.select_related("unit")
    reaching = [grant.pk for grant in grants if any(path.startswith(grant.unit.path) for path in paths)]
    return permissions_of_grants(staff.grants.filter(pk__in=reaching)) if reaching else frozenset()


def check_may_with_member(staff: Holder, permission: Permission, member: Member) -> None:
    """Raise NotAllowedError unless `may_with_member`."""
    if not may_with_member(staff, permission, member):
        raise NotAllowedError(_("Your role does not allow this. Ask the lead of the unit."))
