"""Jobs as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.jobs.models import Job
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder


def jobs_for(staff: Holder, permission: Permission = Permission.IMPORT) -> QuerySet[Job]:
    """The jobs of units in which this person holds the permission, the newest first."""
    return Job.objects.filter(unit__in=units_for(staff, permission))


def get_job_for(staff: Holder, pk: int, permission: Permission = Permission.IMPORT) -> Job:
    """The job, or NotFoundError where there is none or it is not this person's."""
    job = jobs_for(staff, permission).filter(pk=pk).first()
    if job is None:
        raise NotFoundError(_("There is no such job that you may open."))
    return job
