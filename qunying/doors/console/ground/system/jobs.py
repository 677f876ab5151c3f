"""Long work: the list, one job with its progress, and the wish that it stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return, back_to, ids_in
from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import permissions_anywhere, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_everywhere
from qunying.ground.jobs.kinds import kind_label, kind_names
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import cancel_job
from qunying.ground.jobs.turns import OPEN
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

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


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job for a file, with the name of who started it."""

    job: Job
    actor: str


JOBS: Listing[JobLine] = Listing(
    "jobs",
    gettext_lazy("Jobs"),
    (
        Column("number", gettext_lazy("Number"), lambda line: line.job.pk, shown=False),
        Column("job", gettext_lazy("Job"), lambda line: kind_label(line.job.kind), order="kind"),
        Column("state", gettext_lazy("State"), lambda line: STATES[Job.State(line.job.state)][0], order="state"),
        Column("done", gettext_lazy("Progress"), lambda line: line.job.done, order="done", css="number"),
        Column("total", gettext_lazy("Of"), lambda line: line.job.total, shown=False),
        Column("actor", gettext_lazy("Started by"), lambda line: line.actor, order="actor"),
        Column(
            "unit", gettext_lazy("Unit"), lambda line: line.job.unit.name if line.job.unit else "", order="unit__name"
        ),
        Column("begun", gettext_lazy("Begun"), lambda line: line.job.created_at, order="created_at"),
        Column("ended", gettext_lazy("Ended"), lambda line: line.job.ended_at, shown=False),
        Column("error", gettext_lazy("Error"), lambda line: line.job.error, shown=False),
    ),
    default="-begun",
)


def _found(staff: Staff, query: QueryDict) -> QuerySet[Job]:
    """Visible jobs in the state, of the kind, with the words in unit or error, or the number, that are asked for."""
    found = visible_jobs(staff)
    state, kind, words = query.get("state", ""), query.get("kind", ""), query.get("q", "").strip()
    if state in Job.State.values:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    if words:
        fits = Q(unit__name__icontains=words) | Q(error__icontains=words)
        number = to_id(words.removeprefix("#"))
        if number is not None:
            fits |= Q(pk=number)
        found = found.filter(fits)
    return JOBS.sort(found, query)


@require_GET
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs, the newest first unless another order is asked for."""
    staff = staff_of(request)
    page = Paginator(_found(staff, request.GET), _PAGE).get_page(request.GET.get("page"))
    names = actor_names({job.actor for job in page})
    rows = [_shown(job) | {"actor": names[job.actor]} for job in page]
    context = {
        "page": page,
        "rows": rows,
        "states": [(value, STATES[value][0]) for value in STATES],
        "kinds": sorted((kind, str(kind_label(kind))) for kind in kind_names()),
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "kind")),
        "some_open": any(row["open"] for row in rows),
        "may_export": _may_export(staff),
        "zone": zone_of(staff),
        **JOBS.table(request.GET),
    }
    return render(request, "console/system/jobs.html", context)


def _may_export(staff: Staff) -> bool:
    return not permissions_anywhere(staff).isdisjoint({Permission.EXPORT, Permission.RUN_SYSTEM})


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The jobs as they are filtered and sorted, as a file."""
    staff = staff_of(request)
    if not _may_export(staff):
        raise NotAllowedError(_("Your role may not take lists out. Ask the lead of the unit."))
    found = _found(staff, request.GET)
    return JOBS.export(request, in_chunks(found, _lines), count=found.count(), zone=zone_of(staff), by=staff)


def _lines(found: Sequence[Job]) -> list[JobLine]:
    names = actor_names({job.actor for job in found})
    return [JobLine(job, names[job.actor]) for job in found]


@require_POST
@login_required
def cancel_many(request: HttpRequest) -> HttpResponse:
    """Ask the chosen jobs to stop; those that have ended already are passed over and counted."""
    staff = staff_of(request)
    chosen = list(visible_jobs(staff).filter(pk__in=ids_in(request.POST)).order_by("pk"))
    if not chosen:
        messages.error(request, _("No job is chosen. Tick the boxes of those you mean."))
        return back_to("jobs", request)
    stopped = sum(_was_stopped(job, staff) for job in chosen)
    words = ngettext("%(count)d job was asked to stop.", "%(count)d jobs were asked to stop.", stopped)
    said = words % {"count": stopped}
    if stopped < len(chosen):
        said += " " + _("%(rest)d had ended already.") % {"rest": len(chosen) - stopped}
    messages.success(request, said)
    return back_to("jobs", request)


def _was_stopped(job: Job, staff: Staff) -> bool:
    try:
        cancel_job(job, by=staff)
    except QunyingError:
        return False
    return True


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
