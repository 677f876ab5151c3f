"""Communities and groups as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Community
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Staff


def communities_for(staff: Staff, permission: Permission = Permission.SEE_FIGURES) -> QuerySet[Community]:
    """The communities in whose unit this person holds the permission."""
    return Community.objects.filter(unit__in=units_for(staff, permission)).select_related("unit")


def get_community_for(staff: Staff, slug: str, permission: Permission = Permission.SEE_FIGURES) -> Community:
    """The community of this slug; raises NotFoundError where there is none or it is not this person's."""
    community = communities_for(staff, permission).filter(slug=slug).first()
    if community is None:
        raise NotFoundError(_("There is no community “%(slug)s” that you may open.") % {"slug": slug})
    return community


def get_community(slug: str) -> Community:
    """The community of this slug, for the command line; raises NotFoundError naming those there are."""
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        known = ", ".join(Community.objects.order_by("slug").values_list("slug", flat=True)) or "—"
        raise NotFoundError(
            _("There is no community “%(slug)s”. Those there are: %(known)s.") % {"slug": slug, "known": known}
        )
    return community
