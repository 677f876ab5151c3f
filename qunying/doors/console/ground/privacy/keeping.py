"""How long what is kept, what goes tonight, and the keys that encrypt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.ground.access.queries import get_unit_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_everywhere
from qunying.ground.privacy.services_keys import key_status, rotate_keys
from qunying.ground.subjects.retention import all_classes
from qunying.ground.subjects.services_retention import retention_report, set_retention
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff

_MONTHS = 9


def _officer(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    check_may_anywhere(
        staff,
        Permission.PRIVACY,
        refusal=_("Your roles do not include setting how long data is kept. Ask the privacy officer."),
    )
    return staff


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Every class with its period, what of it would go tonight by month, and how the keys stand."""
    staff = _officer(request)
    everywhere = may_everywhere(staff, Permission.PRIVACY)
    units = list(units_for(staff, Permission.PRIVACY).order_by("path"))
    inside = {unit.pk for unit in units}
    found = retention_report(units=None if everywhere else sorted(inside))
    due = [one for one in found if one.unit is None or everywhere or one.unit.pk in inside]
    months = sorted({month for one in due for month in one.months})
    context = {
        "classes": [(kind, kind.fixed() if kind.fixed else None) for kind in all_classes()],
        "due": [(one, _cells(one.months, months)) for one in due],
        "months": months[-_MONTHS:],
        "older": len(months) > _MONTHS,
        "total": sum(one.total for one in due),
        "units": units,
        "everywhere": everywhere,
        "settable": [kind for kind in all_classes() if kind.fixed is None and (everywhere or kind.by_unit)],
        "keys": key_status() if everywhere else None,
    }
    return render(request, "console/privacy/keeping.html", context)


def _cells(counts: dict[date, int], months: list[date]) -> list[int]:
    """A number for each month shown; the first cell gathers everything before them where there are more."""
    shown = months[-_MONTHS:]
    older = [sum(counts.get(month, 0) for month in months[:-_MONTHS])] if len(months) > _MONTHS else []
    return [*older, *(counts.get(month, 0) for month in shown)]


@require_POST
@login_required
def set_period(request: HttpRequest) -> HttpResponse:
    """Set one period, everywhere or in a unit; an empty number takes the rule away."""
    staff = _officer(request)
    name, unit, days = (request.POST.get(field, "").strip() for field in ("class", "unit", "days"))
    pk, number = to_id(unit), to_id(days)
    place = None if pk is None else get_unit_for(staff, pk, Permission.PRIVACY)
    if place is None and not may_everywhere(staff, Permission.PRIVACY):
        raise NotAllowedError(_("What holds everywhere is set by somebody who answers for every unit."))

    def keep() -> None:
        if days and number is None:
            raise QunyingError(_("Write a number of days between 1 and 36500, or 0 to keep for good."))
        set_retention(name, days=number, by=staff, unit=place)

    return act_and_return(request, keep, done=_("The period is set; tonight follows it."), back=reverse("keeping"))


@require_POST
@login_required
def rotate(request: HttpRequest) -> HttpResponse:
    """Take a new key into use; a job brings every value under it."""
    staff = _officer(request)
    if not may_everywhere(staff, Permission.PRIVACY):
        raise NotAllowedError(_("Keys belong to the whole installation: ask somebody who answers for every unit."))
    return act_and_return(
        request,
        lambda: rotate_keys(by=staff),
        done=_("A new key is in use; a job encrypts everything with it while work goes on."),
        back=reverse("keeping"),
    )
