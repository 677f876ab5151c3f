"""The weekly report: a frame with the week at once, the report as soon as it is counted, and files to take away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunying.check.reports.queries import local_span, weekly_report
from qunying.check.reports.services import FORMATS, export_weekly
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.weeks import chosen_week, counted_part, read_week, week_name
from qunying.check.reports.wording import days
from qunying.doors.console.people import staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.kit.errors import NotFoundError
from qunying.kit.periods import week_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

_TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_A_PAGE = 50
_WEEK = timedelta(days=7)


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """The communities a report can be made of."""
    rows = Paginator(communities_for(staff_of(request)), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "console/reports/choose.html", {"page": rows})


@require_safe
@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The frame of the report of one week: `period` (2020-W40), any `day` of it, or the latest."""
    community = get_community_for(staff_of(request), slug)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    week = _week(request, community)
    counted_part(week, today=today)
    following = week_of(week.start + _WEEK)
    context = {
        "community": community,
        "week": week,
        "name": week_name(week),
        "days": days(week),
        "previous": week_name(week_of(week.start - _WEEK)),
        "following": week_name(following) if following.start <= today else "",
        "today": today,
    }
    return render(request, "console/reports/preview.html", context)


@require_safe
@login_required
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The report itself, a part of the page; names only for who may see members."""
    community = get_community_for(staff_of(request), slug)
    report = weekly_report(community, week=_week(request, community), names=_sees_names(request, community))
    return render(request, "reports/weekly.html", {"sheet": make_sheet(report)})


@require_safe
@login_required
def download(request: HttpRequest, slug: str, name: str, form: str) -> HttpResponse:
    """The report of a week as a file, html or pdf; written down in the audit trail."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    if form not in FORMATS:
        raise NotFoundError(_("A weekly report comes as html or pdf."))
    week = read_week(name)
    raw = export_weekly(community, week=week, form=form, by=staff, names=_sees_names(request, community))
    filename = f"{community.name} {week_name(week)}.{form}"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename) or "attachment"}
    return HttpResponse(raw, content_type=_TYPES[form], headers=headers)


def _week(request: HttpRequest, community: Community) -> Period:
    span = local_span(community)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    return chosen_week(request.GET.dict(), last_day=span[1] if span else None, today=today)


def _sees_names(request: HttpRequest, community: Community) -> bool:
    return may(staff_of(request), Permission.SEE_MEMBERS, community.unit)
