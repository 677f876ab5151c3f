"""The steps after the trial: import with live progress, cancel, report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.ground.imports.drafts import token_of
from qunying.doors.console.ground.imports.results import format_label, is_tabular, told
from qunying.doors.console.people import staff_of
from qunying.ground.imports.doubles import doubles_of
from qunying.ground.imports.queries import get_run_for, rejected_rows
from qunying.ground.imports.reading import files_of
from qunying.ground.imports.report import Report
from qunying.ground.imports.services import go_for_good
from qunying.ground.jobs.services import cancel_job
from qunying.ground.jobs.turns import OPEN
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.imports.models import ImportRun
    from qunying.ground.jobs.models import Job

PAGE = 50
_SURE_AFTER = timedelta(seconds=3)


@require_GET
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is, or what came of it and which rows were not taken."""
    run = get_run_for(staff_of(request), pk)
    return render(request, "console/imports/run.html", _run_page(request, run))


@require_GET
@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the job runs; asks to be asked again until it has ended."""
    run = get_run_for(staff_of(request), pk)
    response = render(request, "console/imports/run_state.html", _run_page(request, run))
    if run.job.state not in OPEN:
        response["HX-Refresh"] = "true"
    return response


def _run_page(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    job = run.job
    tally = job.result or job.checkpoint.get("tally")
    counts = told(tally, community=run.community) if tally else None
    rejections = job.result.get("rejected", 0) if job.result else 0
    page = Paginator(range(rejections), PAGE).get_page(request.GET.get("page"))
    return {
        "run": run,
        "job": job,
        "community": run.community,
        "open": job.state in OPEN,
        "counts": counts,
        "files": files_of(run),
        "doubles": doubles_of(run) if run.dry_run and counts and counts.stored else [],
        "format_label": format_label(run.format),
        "tabular": is_tabular(run.format),
        "step": 4 if run.dry_run else 6 if job.state not in OPEN else 5,
        "token": token_of(request, run.pk) if run.dry_run else "",
        "remaining": _remaining(job),
        "page": page,
        "rejected": rejected_rows(run, start=page.start_index() - 1, most=PAGE) if rejections else [],
    }


def _remaining(job: Job) -> str:
    """How much longer it will take at the pace so far; nothing until there is a pace."""
    if job.started_at is None or not job.done or not job.total:
        return ""
    elapsed = timezone.now() - job.started_at
    if elapsed < _SURE_AFTER:
        return ""
    seconds = round(elapsed.total_seconds() / job.done * max(job.total - job.done, 0))
    if seconds < 60:  # noqa: PLR2004 - a minute
        return _("about %(seconds)d seconds left") % {"seconds": max(seconds, 1)}
    return _("about %(minutes)d minutes left") % {"minutes": round(seconds / 60)}


@require_POST
@login_required
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """After the trial: the same again, this time for good."""
    staff = staff_of(request)
    tried = get_run_for(staff, pk)
    try:
        run = go_for_good(tried, by=staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
        return redirect("import_run", pk=pk)
    return redirect("import_run", pk=run.pk)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the job to stop at its next checkpoint."""
    staff = staff_of(request)
    run = get_run_for(staff, pk)
    try:
        cancel_job(run.job, by=staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
    else:
        messages.info(request, _("The import stops at the next checkpoint; what is stored until then stays."))
    return redirect("import_run", pk=pk)


@require_GET
@login_required
def rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that were not taken, with reasons in both languages, as CSV."""
    run = get_run_for(staff_of(request), pk)
    report = Report(pk)
    if not run.job.result.get("rejected") or not report.path.exists():
        raise NotFoundError(_("No report on rejected rows is kept: there were none, or it was removed for its age."))
    headers = {"Content-Disposition": f'attachment; filename="import-{pk}-rejected.csv"'}
    return StreamingHttpResponse(report.csv(), content_type="text/csv; charset=utf-8", headers=headers)
