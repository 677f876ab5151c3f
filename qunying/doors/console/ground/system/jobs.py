"""Long work: the list, one job with its progress, and the wish that it stop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_everywhere
from qunying.ground.jobs.kinds import kind_label
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import cancel_job
from qunying.ground.jobs.turns import OPEN
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff

_PAGE = 50
STATES = {
    Job.State.WAITING: (gettext_lazy("Waiting"), "clock", ""),
    Job.State.RUNNING: (gettext_lazy("Running"), "refresh", "level-notice"),
    Job.State.DONE: (gettext_lazy("Done"), "circle-check", ""),
    Job.State.FAILED: (gettext_lazy("Failed"), "alert-circle", "level-emergency"),
    Job.State.CANCELLED: (gettext_lazy("Cancelled"), "circle-x", "level-attention"),
}
"""State → its word, its picture, its level."""


def visible_jobs(staff: Staff) -> QuerySet[Job]:
    """A person's own jobs, and those of units they import into or look after; jobs of no unit belong to the top."""
    kept = Q(actor=staff.actor_key)
    for permission in (Permission.IMPORT, Permission.RUN_SYSTEM):
        kept |= Q(unit__in=units_for(staff, permission))
    if may_everywhere(staff, Permission.RUN_SYSTEM):
        kept |= Q(unit=None)
    return Job.objects.filter(kept).select_related("unit")


def _job(staff: Staff, pk: int) -> Job:
    job = visible_jobs(staff).filter(pk=pk).first()
    if job is None:
        raise NotFoundError(_("There is no such job that you may open."))
    return job


@require_GET
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs, the newest first."""
    staff = staff_of(request)
    state = request.GET.get("state", "")
    found = visible_jobs(staff)
    if state in Job.State.values:
        found = found.filter(state=state)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    names = actor_names({job.actor for job in page})
    context = {
        "page": page,
        "rows": [_shown(job) | {"actor": names[job.actor]} for job in page],
        "states": [(value, STATES[value][0]) for value in STATES],
        "state": state,
        "zone": zone_of(staff),
    }
    return render(request, "console/system/jobs.html", context)


@require_GET
@login_required
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: how far it is, how it ended, what it was told."""
    staff = staff_of(request)
    found = _job(staff, pk)
    context = _shown(found) | {"actor": actor_names({found.actor})[found.actor], "zone": zone_of(staff)}
    return render(request, "console/system/job.html", context)


@require_GET
@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page; it asks again while the job is open."""
    return render(request, "console/system/job_progress.html", _shown(_job(staff_of(request), pk)))


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the job to stop; what it stored stays."""
    staff = staff_of(request)
    found = _job(staff, pk)
    return act_and_return(
        request,
        lambda: cancel_job(found, by=staff),
        done=_("The job was asked to stop. It ends at its next checkpoint; what it stored stays."),
        back=reverse("job", args=[pk]),
    )


def _shown(job: Job) -> dict[str, object]:
    word, picture, level = STATES[Job.State(job.state)]
    return {
        "job": job,
        "label": kind_label(job.kind),
        "word": word,
        "picture": picture,
        "level": level,
        "open": job.state in OPEN,
        "remaining": _remaining(job),
        "result": _plain_result(job),
    }


def _remaining(job: Job) -> str:
    """An honest guess from the pace so far; nothing where there is none to go by."""
    if job.state != Job.State.RUNNING or not (job.total and job.done and job.started_at):
        return ""
    left = (timezone.now() - job.started_at) / job.done * (job.total - job.done)
    if left < timedelta(minutes=1):
        return _("less than a minute left")
    return _("about %(minutes)s min left") % {"minutes": round(left.total_seconds() / 60)}


_RESULTS = {
    "rows": gettext_lazy("Rows read"),
    "stored": gettext_lazy("Facts stored"),
    "duplicates": gettext_lazy("Known already"),
    "rejected": gettext_lazy("Rows not taken"),
    "members_new": gettext_lazy("New members"),
}
"""What the counts of a job mean; others stay with the pages of their own area."""


def _plain_result(job: Job) -> list[tuple[str, int]]:
    return [(str(words), job.result[name]) for name, words in _RESULTS.items() if isinstance(job.result.get(name), int)]
