"""The list of imports into a community: found, sorted, taken out as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qunying.doors.console.ground.imports.results import format_label
from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import check_may_export, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import get_community_for
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.queries import runs_for
from qunying.ground.jobs.models import Job

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

PAGE = 50
STATES = {
    Job.State.WAITING: gettext_lazy("Waiting"),
    Job.State.RUNNING: gettext_lazy("Running"),
    Job.State.DONE: gettext_lazy("Done"),
    Job.State.FAILED: gettext_lazy("Failed"),
    Job.State.CANCELLED: gettext_lazy("Stopped"),
}


def _count(name: str) -> Cast:
    return Cast(KeyTextTransform(name, "job__result"), BigIntegerField())


IMPORTS: Listing[ImportRun] = Listing(
    "imports",
    gettext_lazy("Imports"),
    (
        Column("when", gettext_lazy("When"), lambda run: run.created_at, order="created_at"),
        Column("trial", gettext_lazy("Trial"), lambda run: run.dry_run, shown=False),
        Column("files", gettext_lazy("Files"), lambda run: "; ".join(file.name for file in run.files.all())),
        Column("format", gettext_lazy("Format"), lambda run: format_label(run.format), order="format"),
        Column("group", gettext_lazy("Group"), lambda run: run.group.name if run.group else "", order="group__name"),
        Column("state", gettext_lazy("State"), lambda run: STATES[Job.State(run.job.state)], order="job__state"),
        Column("rows", gettext_lazy("Rows read"), lambda run: run.job.result.get("rows"), shown=False),
        Column(
            "stored",
            gettext_lazy("Stored"),
            lambda run: None if run.dry_run else run.job.result.get("stored", 0),
            order=_count("stored"),
            css="number",
        ),
        Column(
            "rejected",
            gettext_lazy("Not taken"),
            lambda run: run.job.result.get("rejected", 0),
            order=_count("rejected"),
            css="number",
        ),
    ),
    default="-when",
)


def _found(staff: Staff, community: Community, query: QueryDict) -> QuerySet[ImportRun]:
    """Imports with the words in a file's name, in the state asked for; trials only where they are wanted."""
    found = runs_for(staff).filter(community=community).prefetch_related("files")
    words, state = query.get("q", "").strip(), query.get("state", "")
    if query.get("trials") != "1":
        found = found.filter(dry_run=False)
    if state in Job.State.values:
        found = found.filter(job__state=state)
    if words:
        found = found.filter(
            Exists(ImportRun.files.through.objects.filter(importrun=OuterRef("pk"), storedfile__name__icontains=words))
        )
    return IMPORTS.sort(found, query)


@require_GET
@login_required
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """The imports into a community, the newest first unless another order is asked for."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.IMPORT)
    page = Paginator(_found(staff, community, request.GET), PAGE).get_page(request.GET.get("page"))
    zone = ZoneInfo(community.timezone)
    context = {
        "community": community,
        "page": page,
        "rows": [(run, run.created_at.astimezone(zone), format_label(run.format)) for run in page.object_list],
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "trials")),
        "states": STATES.items(),
        "may_export": may(staff, Permission.EXPORT, community.unit),
        **IMPORTS.table(request.GET),
    }
    return render(request, "console/imports/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The imports as they are filtered and sorted, as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.IMPORT)
    check_may_export(staff, community.unit)
    found = _found(staff, community, request.GET)
    rows, zone = in_chunks(found, list), ZoneInfo(community.timezone)
    return IMPORTS.export(request, rows, count=found.count(), zone=zone, by=staff, of=community.slug)
