"""The list of goals, one goal, its chart, and the list to take away."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunying.check.alerts.queries import alerts_of
from qunying.check.tracking.queries import latest_standings
from qunying.doors.console.people import check_may_export, staff_of
from qunying.doors.console.plan.goals.life import life_of
from qunying.doors.console.plan.goals.one import portrait
from qunying.doors.console.plan.goals.picture import panel_of, picture_of
from qunying.doors.console.plan.goals.rows import (
    export_cells,
    export_columns,
    filters_from,
    goal_rows,
    owners_in,
    tallies,
)
from qunying.doors.console.plan.goals.words import DIMENSIONS, SHORT_TERMS
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError
from qunying.kit.sheets import csv_lines, write_xlsx
from qunying.plan.goals.queries import get_goal_for, goals_of
from qunying.plan.goals.rules import may_plan

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.doors.console.plan.goals.rows import Filters, GoalRow
    from qunying.ground.groups.models import Community

_IN_MEMORY = 1 << 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Listed:
    """The goals of a community, all of them and those that fit the filters."""

    community: Community
    every: list[GoalRow]
    rows: list[GoalRow]
    filters: Filters


def _listed(request: HttpRequest, slug: str) -> Listed:
    community = get_community_for(staff_of(request), slug, Permission.SEE_PLAN)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    every = goal_rows(goals_of(community), today=today)
    filters = filters_from(request.GET)
    return Listed(community, every, [row for row in every if filters.keep(row)], filters)


@require_safe
@login_required
def goals(request: HttpRequest, slug: str) -> HttpResponse:
    """The goals of a community as a tree, each with how it was last seen."""
    staff, found = staff_of(request), _listed(request, slug)
    context = {
        "community": found.community,
        "rows": found.rows,
        "filters": found.filters,
        "any": bool(found.every),
        "tallies": tallies(found.every, found.filters.status),
        "owners": owners_in(found.every),
        "dimensions": DIMENSIONS,
        "terms": SHORT_TERMS,
        "seen_at": max((row.standing.seen_at for row in found.every if row.standing), default=None),
        "may_plan": may_plan(staff, found.community),
        "life": life_of(found.community),
    }
    return render(request, "console/goals/list.html", context)


@require_safe
@login_required
def export(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The goals that fit the filters as CSV or XLSX."""
    found = _listed(request, slug)
    check_may_export(staff_of(request), found.community.unit)
    columns, cells, name = export_columns(), [export_cells(row) for row in found.rows], f"{slug}-goals.{form}"
    if form == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        lines = csv_lines(columns, cells)
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    if form != "xlsx":
        raise NotFoundError(_("Goals come as csv or xlsx."))
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_xlsx(file, columns, cells, sheet=_("Goals"))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_safe
@login_required
def goal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One goal: what it is and how it stands, its history, what can be done."""
    staff = staff_of(request)
    found = get_goal_for(staff, slug, pk)
    return render(request, "console/goals/one.html", portrait(found, may_plan=may_plan(staff, found.community)))


@require_safe
@login_required
def chart(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The chart of one goal, a part of its page."""
    found = get_goal_for(staff_of(request), slug, pk)
    standing = latest_standings([found.pk]).get(found.pk)
    panel = panel_of(picture_of(found, standing), alerts=list(alerts_of(found)))
    return render(request, "console/figures/panel_chart.html", {"panel": panel})
