"""Work as one person may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit


def unit_of(work: WorkItem) -> Unit:
    """The unit whose team the work belongs to: its own, or that of its community as of now."""
    if work.community is not None:
        return work.community.unit
    if work.unit is None:
        raise ValueError(f"the work {work.pk} stands nowhere")
    return work.unit


def work_for(staff: Staff, permission: Permission = Permission.SEE_FIGURES) -> QuerySet[WorkItem]:
    """Work in the units where this person holds the permission, and their own wherever it is."""
    units = units_for(staff, permission)
    here = Q(community__unit__in=units) | Q(unit__in=units) | Q(owner=staff)
    return WorkItem.objects.filter(here).select_related("community__unit", "unit", "owner", "done_by")


def get_work_for(staff: Staff, pk: int) -> WorkItem:
    """The work of this number; raises NotFoundError where there is none or it is not this person's to see."""
    work = work_for(staff).filter(pk=pk).first()
    if work is None:
        raise NotFoundError(_("There is no such work that you may open."))
    return work


def still_open(works: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Those still to be done, the earliest due first."""
    return works.filter(done_at__isnull=True, dropped_at__isnull=True).order_by("due", "priority", "pk")


def earlier_times(work: WorkItem) -> QuerySet[WorkItem]:
    """The other times of work that comes round again which were due before this one; none for work that is done once.

    They have the key, the place and the owner of this one.
    """
    if not work.key:
        return WorkItem.objects.none()
    same = WorkItem.objects.filter(key=work.key, community=work.community_id, unit=work.unit_id, owner=work.owner_id)
    return same.filter(due__lt=work.due).order_by("due", "pk")


def missed_times(work: WorkItem) -> QuerySet[WorkItem]:
    """Those of its earlier times that are still open: nobody did them when they were due."""
    return still_open(earlier_times(work))


def done_since(works: QuerySet[WorkItem], moment: datetime) -> QuerySet[WorkItem]:
    """Those ticked off since this moment (UTC), the latest first."""
    return works.filter(done_at__gte=moment).order_by("-done_at", "-pk")


def work_from(app: str, origin_ids: list[int]) -> dict[str, list[WorkItem]]:
    """The work that came from these rows of an app, by the row's id as text."""
    found: dict[str, list[WorkItem]] = {}
    rows = WorkItem.objects.filter(origin_app=app, origin_id__in=[str(pk) for pk in origin_ids])
    for work in rows.select_related("owner"):
        found.setdefault(work.origin_id, []).append(work)
    return found


def people_for(unit: Unit) -> QuerySet[Staff]:
    """The active people with a role in this unit or above it: those its work can be handed to."""
    above = [int(part) for part in unit.path.split("/") if part]
    holders = Grant.objects.filter(unit__in=above).values("staff")
    return Staff.objects.filter(is_active=True, pk__in=holders).order_by("name")


def sole_holder(role: str, unit: Unit) -> Staff | None:
    """The one active person with this role in the unit, or in the nearest unit above that has somebody; else None."""
    for number in reversed([int(part) for part in unit.path.split("/") if part]):
        holders = Staff.objects.filter(is_active=True, grants__role=role, grants__unit=number).distinct()[:2]
        if holders:
            return holders[0] if len(holders) == 1 else None
    return None


def work_in(community: Community) -> QuerySet[WorkItem]:
    """Every piece of work of a community."""
    return WorkItem.objects.filter(community=community).select_related("owner")
