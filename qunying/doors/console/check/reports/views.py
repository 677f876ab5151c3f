"""The report: a frame with the period at once, the report as soon as it is counted, and files to take away."""

from __future__ import annotations

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

from qunying.check.reports.grains import GRAINS, TITLES
from qunying.check.reports.queries import build_report, local_span
from qunying.check.reports.rules import may_schedule
from qunying.check.reports.services import FORMATS, export_report
from qunying.check.reports.services_schedules import FORM_NAMES, TYPES
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.spans import chosen_span, counted_part, read_span
from qunying.check.reports.wording import days
from qunying.doors.console.people import staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.check.reports.spans import Span
    from qunying.ground.groups.models import Community

_A_PAGE = 50


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """The communities a report can be made of."""
    rows = Paginator(communities_for(staff_of(request)), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "console/reports/choose.html", {"page": rows})


@require_safe
@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The frame of one report: `period` (2020-W40, 2020-10, 2020-Q4), the `grain` that holds `day`, or the latest."""
    community = get_community_for(staff_of(request), slug)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    span = _span(request, community)
    counted_part(span, today=today)
    context = {
        "community": community,
        "span": span,
        "title": TITLES[span.grain],
        "grains": [(grain.value, name, grain == span.grain) for grain, name in GRAINS.items()],
        "forms": list(FORM_NAMES.items()),
        "may_schedule": may_schedule(staff_of(request), community),
        "days": days(span.days),
        "previous": span.previous.name,
        "following": span.following.name if span.following.days.start <= today else "",
        "today": today,
    }
    return render(request, "console/reports/preview.html", context)


@require_safe
@login_required
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The report itself, a part of the page; names only for who may see members."""
    community = get_community_for(staff_of(request), slug)
    report = build_report(community, span=_span(request, community), names=_sees_names(request, community))
    return render(request, "reports/report.html", {"sheet": make_sheet(report)})


@require_safe
@login_required
def download(request: HttpRequest, slug: str, name: str, form: str) -> HttpResponse:
    """The report as a file; written down in the audit trail."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    if form not in FORMATS:
        raise NotFoundError(_("A report comes as html, pdf, docx or xlsx."))
    span = read_span(name)
    raw = export_report(community, span=span, form=form, by=staff, names=_sees_names(request, community))
    filename = f"{community.name} {span.name}.{form}"
    content_type = f"{TYPES[form]}; charset=utf-8" if form == "html" else TYPES[form]
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename) or "attachment"}
    return HttpResponse(raw, content_type=content_type, headers=headers)


def _span(request: HttpRequest, community: Community) -> Span:
    known = local_span(community)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    return chosen_span(request.GET.dict(), last_day=known[1] if known else None, today=today)


def _sees_names(request: HttpRequest, community: Community) -> bool:
    return may(staff_of(request), Permission.SEE_MEMBERS, community.unit)
