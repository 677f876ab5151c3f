"""The logo of a unit: shown on its page, uploaded, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.check.reports.logos import MOST_BYTES, logo_of, picture_address
from qunying.check.reports.services_logos import remove_logo, set_logo
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit


def logo_context(unit: Unit) -> dict[str, object]:
    """What the page of the unit shows: the picture it bears, whether it is its own, and of which unit it is else."""
    found = logo_of(unit.pk)
    return {
        "logo": picture_address(bytes(found.png)) if found else "",
        "own_logo": found is not None and found.unit_id == unit.pk,
        "logo_from": found.unit.name if found else "",
    }


@require_POST
@login_required
def put(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the unit this picture."""
    staff, unit = _editable(request, pk)
    given = request.FILES.get("logo")
    raw = given.read(MOST_BYTES + 1) if given else b""
    return act_and_return(
        request,
        lambda: set_logo(unit, raw=raw, by=staff),
        done=_("The logo stands on the reports of this unit from now on."),
        back=reverse("unit", args=[pk]),
    )


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the unit's own picture away."""
    staff, unit = _editable(request, pk)
    return act_and_return(
        request,
        lambda: remove_logo(unit, by=staff),
        done=_("The logo is taken away."),
        back=reverse("unit", args=[pk]),
    )


def _editable(request: HttpRequest, pk: int) -> tuple[Staff, Unit]:
    staff = staff_of(request)
    unit = get_unit_for(staff, pk)
    refusal = _("Your role may not change the tree of units. Ask a director.")
    check_may(staff, Permission.EDIT_UNITS, unit, refusal=refusal)
    return staff, unit
