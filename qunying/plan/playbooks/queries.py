"""Playbooks in communities, as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotFoundError
from qunying.plan.playbooks.models import Application

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community


def applications_of(community: Community) -> QuerySet[Application]:
    """What was drafted, applied and undone in a community, newest first; without the long parts."""
    return Application.objects.filter(community=community).defer("text")


def get_application_for(staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN) -> Application:
    """The application of this number in this community; NotFoundError where it is not this person's."""
    return _one(Application.objects.filter(community__slug=slug), staff, pk, permission)


def get_application_by_number(staff: Holder, pk: int) -> Application:
    """The application of this number, whatever community it is in; NotFoundError where it is not this person's."""
    return _one(Application.objects.all(), staff, pk, Permission.SEE_PLAN)


def _one(among: QuerySet[Application], staff: Holder, pk: int, permission: Permission) -> Application:
    found = (
        among.filter(community__in=communities_for(staff, permission), pk=pk).select_related("community__unit").first()
    )
    if found is None:
        raise NotFoundError(_("There is no such playbook in this community."))
    return found


def followed_by(pk: int | None) -> set[int]:
    """The ids of an application and of all it follows, back to the first: what they made passes on to the last."""
    found: set[int] = set()
    while pk is not None and pk not in found:
        found.add(pk)
        pk = Application.objects.filter(pk=pk).values_list("follows", flat=True).first()
    return found


def standing_application(community: Community) -> Application | None:
    """The playbook applied last that still stands, or None."""
    return (
        Application.objects.filter(community=community, state=Application.State.APPLIED).order_by("-applied_at").first()
    )


def applied_named(community: Community, playbook: str) -> Application | None:
    """The application of the playbook of this name that stands in the community, or None."""
    return Application.objects.filter(community=community, playbook=playbook, state=Application.State.APPLIED).first()
