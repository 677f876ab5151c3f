"""Scheduled reports: which are made when, those that were made, and new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.check.reports.grains import GRAINS
from qunying.check.reports.schedules import (
    get_made_for,
    get_schedule_for,
    made_for,
    next_morning,
    path_of,
    schedules_for,
)
from qunying.check.reports.services_schedules import (
    FORM_NAMES,
    TYPES,
    make_latest,
    pause_schedule,
    resume_schedule,
    schedule_report,
    send_made,
)
from qunying.check.reports.spans import Grain
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.check.reports.forms import ScheduleForm
from qunying.doors.console.people import check_may, staff_of, went_well
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.check.reports.models import MadeReport, ReportSchedule

_A_PAGE = 30


@require_safe
@login_required
def schedules(request: HttpRequest) -> HttpResponse:
    """Every schedule of this person's communities, and the reports they made, the newest first."""
    staff = staff_of(request)
    handing = set(units_for(staff, Permission.EXPORT).values_list("pk", flat=True))
    now = timezone.now()
    rows = [_schedule_row(one, now, may=one.community.unit_id in handing) for one in schedules_for(staff)]
    page = Paginator(made_for(staff), _A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows, "page": page, "made": [_made_row(one) for one in page.object_list]}
    return render(request, "console/reports/schedules.html", context)


def _schedule_row(one: ReportSchedule, now: datetime, *, may: bool) -> dict[str, object]:
    return {
        "schedule": one,
        "grain": GRAINS[Grain(one.grain)],
        "form": FORM_NAMES[one.form],
        "next": None if one.paused_at else next_morning(one, now=now),
        "may": may,
    }


def _made_row(one: MadeReport) -> dict[str, object]:
    return {
        "made": one,
        "grain": GRAINS[Grain(one.grain)],
        "form": FORM_NAMES[one.form],
        "mail": _mail_words(one),
        "at": _local(one),
    }


def _local(one: MadeReport) -> datetime:
    return one.made_at.astimezone(ZoneInfo(one.community.timezone))


def _mail_words(one: MadeReport) -> str:
    mail = one.Mail
    if one.mail == mail.FAILED:
        return one.mail_error
    words = {
        mail.NONE: _("kept here"),
        mail.WAITING: _("waits to be sent"),
        mail.UNKNOWN: _("it is not known whether it was sent: ask those it was meant for"),
        mail.SENT: _("taken by the mail server for %(number)s addresses") % {"number": len(one.mailed_to)},
    }
    return words[mail(one.mail)]


@require_http_methods(["GET", "POST"])
@login_required
def new_schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """Have reports of a community made again and again."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    refusal = _("Your role may not have reports sent. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    form = ScheduleForm(request.POST or None, initial={"language": get_language()})
    if form.is_valid() and went_well(form, lambda: schedule_report(community, **form.cleaned_data, by=staff)):
        messages.success(request, _("The report is scheduled."))
        return redirect("report_schedules")
    context = {"form": form, "community": community}
    return render(request, "console/reports/schedule_new.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def switch_schedule(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Pause a schedule, let it go on, or have its latest report made at once."""
    staff = staff_of(request)
    schedule = _handed(request, pk)
    acts = {
        "pause": (lambda: pause_schedule(schedule, by=staff), _("The schedule is paused.")),
        "resume": (lambda: resume_schedule(schedule, by=staff), _("The schedule goes on.")),
        "make": (lambda: make_latest(schedule, by=staff), _("The report is in the list below.")),
    }
    do, done = acts[act]
    return act_and_return(request, do, done=done, back=reverse("report_schedules"))


def _handed(request: HttpRequest, pk: int) -> ReportSchedule:
    schedule = get_schedule_for(staff_of(request), pk)
    refusal = _("Your role may not have reports sent. Ask the lead of the unit.")
    check_may(staff_of(request), Permission.EXPORT, schedule.community.unit, refusal=refusal)
    return schedule


@require_safe
@login_required
def made_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A report that a schedule made, to take away."""
    made = get_made_for(staff_of(request), pk)
    name = f"{made.community.name} {made.period}.{made.form}"
    return FileResponse(path_of(made).open("rb"), as_attachment=True, filename=name, content_type=TYPES[made.form])


@require_POST
@login_required
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a report whose mail failed to the server once more."""
    staff = staff_of(request)
    made = get_made_for(staff, pk)
    _handed(request, made.schedule_id)
    done = _("Tried again; what became of it stands in the list.")
    return act_and_return(request, lambda: send_made(made, by=staff), done=done, back=reverse("report_schedules"))
