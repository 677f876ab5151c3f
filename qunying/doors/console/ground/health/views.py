"""The page: what stands wrong, the last round, backups, speed, and what went wrong before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.health.speed import speeds
from qunying.doors.console.ground.system.parked import keeper_of_system
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_everywhere
from qunying.ground.backups.models import Backup
from qunying.ground.backups.nightly import ask_backup
from qunying.ground.backups.recovery import recovery_public
from qunying.ground.patrol.checks import STATES, Result, State, result_from
from qunying.ground.patrol.queries import import_rates, last_patrol, open_faults, past_faults
from qunying.ground.patrol.services import make_round
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.patrol.models import Fault

_PAGE = 20
_BACKUPS = 10
_ROUTES = 10
LOOKS = {
    State.WELL: ("circle-check", ""),
    State.WARNING: ("alert-triangle", "level-attention"),
    State.BAD: ("alert-circle", "level-emergency"),
}
BACKUP_WORDS = {
    Backup.State.WAITING: gettext_lazy("Waiting"),
    Backup.State.RUNNING: gettext_lazy("Running"),
    Backup.State.DONE: gettext_lazy("Done"),
    Backup.State.FAILED: gettext_lazy("Failed"),
    Backup.State.REMOVED: gettext_lazy("Removed in turn"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One check of a round, or one fault, with its picture."""

    result: Result
    picture: str
    level: str
    fault: Fault | None = None


ROUND: Listing[Row] = Listing(
    "patrol",
    gettext_lazy("Patrol"),
    (
        Column("check", gettext_lazy("Item"), lambda row: row.result.label),
        Column("state", gettext_lazy("State"), lambda row: row.result.state_word),
        Column("seen", gettext_lazy("What was seen"), lambda row: row.result.words),
        Column("remedy", gettext_lazy("What to do"), lambda row: row.result.remedy),
    ),
    default="",
)


def _row(result: Result, fault: Fault | None = None) -> Row:
    return Row(result, *LOOKS[result.state], fault)


def _of_fault(fault: Fault) -> Row:
    plain = {"check": fault.check_name, "state": fault.state, "values": fault.values}
    return _row(result_from(plain), fault)


def _keeper(request: HttpRequest) -> Staff:
    """Whoever looks after the system; raises NotAllowedError for others."""
    return keeper_of_system(request)


@require_GET
@login_required
def health(request: HttpRequest) -> HttpResponse:
    """How the installation is; what stands wrong is told once, above the round that found it."""
    staff = _keeper(request)
    patrol = last_patrol()
    standing = open_faults()
    wrong = {fault.check_name for fault in standing}
    results = [result_from(plain) for plain in patrol.results] if patrol else []
    page = Paginator(past_faults(), _PAGE).get_page(request.GET.get("page"))
    context = {
        "standing": sorted(map(_of_fault, standing), key=lambda row: row.result.state is not State.BAD),
        "patrol": patrol,
        "rows": [_row(result) for result in results if result.check not in wrong],
        "backup_is_wrong": "backup" in wrong,
        "backups": [(backup, BACKUP_WORDS[Backup.State(backup.state)]) for backup in Backup.objects.all()[:_BACKUPS]],
        "backup_directory": settings.BACKUP_DIRECTORY,
        "backup_keep": settings.BACKUP_KEEP,
        "has_key": recovery_public() is not None,
        "may_act": may_everywhere(staff, Permission.RUN_SYSTEM),
        "speeds": speeds()[: _ROUTES + 1],
        "rates": import_rates(),
        "page": page,
        "past": [_of_fault(fault) for fault in page],
        "states": STATES,
        "zone": zone_of(staff),
    }
    return render(request, "console/health/page.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The last round as a file."""
    staff = _keeper(request)
    patrol = last_patrol()
    rows = [_row(result_from(plain)) for plain in patrol.results] if patrol else []
    return ROUND.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


@require_POST
@login_required
def look(request: HttpRequest) -> HttpResponse:
    """Make a round now."""
    _whole(_keeper(request))
    return act_and_return(request, make_round, done=_("Everything was looked at."), back="health")


@require_POST
@login_required
def back_up(request: HttpRequest) -> HttpResponse:
    """Ask for a backup now."""
    staff = _whole(_keeper(request))
    done = _("A backup begins within a few seconds.")
    return act_and_return(request, lambda: ask_backup(by=staff), done=done, back="health")


def _whole(staff: Staff) -> Staff:
    if not may_everywhere(staff, Permission.RUN_SYSTEM):
        raise NotAllowedError(_("This concerns every unit. Only those who look after the whole may do it."))
    return staff
