"""How much may be sent in each unit and when nothing leaves: what is in force, where it comes from, and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.do.reach.measures import in_force
from qunying.do.reach.models import Measure
from qunying.do.reach.rules import may_measure
from qunying.do.reach.services import drop_measure, set_measure
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may_anywhere, staff_of, went_well
from qunying.ground.access.queries import get_unit_for, units_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_PAGE = 50
_MOST = 1000


_LABELS = {
    "person_day": gettext_lazy("To one person in a day"),
    "person_week": gettext_lazy("To one person in seven days"),
    "group_day": gettext_lazy("To one group in a day"),
    "group_week": gettext_lazy("To one group in seven days"),
    "quiet_from": gettext_lazy("Quiet from (hour)"),
    "quiet_until": gettext_lazy("Quiet until (hour)"),
}


class MeasureForm(forms.Form):
    """How much a unit may send, as people write it; hours are those of the community's clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in _LABELS.items():
            most = 23 if name.startswith("quiet") else _MOST
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=most)


@require_GET
@login_required
def measures(request: HttpRequest) -> HttpResponse:
    """What is in force in every unit this person plans in."""
    staff = staff_of(request)
    refusal = _("Your roles do not include seeing what is planned and sent. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEE_PLAN, refusal=refusal)
    page = Paginator(units_for(staff, Permission.SEE_PLAN).order_by("path"), _PAGE).get_page(request.GET.get("page"))
    editable = set(units_for(staff, Permission.EDIT_RULES).values_list("pk", flat=True))
    rows = [{"now": one, "may_edit": one.unit.pk in editable} for one in in_force(page)]
    return render(request, "console/reach/measures.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@login_required
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is in force in one unit."""
    staff = staff_of(request)
    unit = get_unit_for(staff, pk, Permission.SEE_PLAN)
    if not may_measure(staff, unit):
        raise NotAllowedError(_("Your roles do not include the rules of “%(unit)s”.") % {"unit": unit.name})
    [now] = in_force([unit])
    form = MeasureForm(request.POST or None, initial={name: getattr(now.measure, name) for name in _LABELS})

    def change() -> None:
        set_measure(unit, Measure(**{name: form.cleaned_data[name] for name in _LABELS}), by=staff)

    if form.is_valid() and went_well(form, change):
        messages.success(request, _("Kept. It holds from now on, for what is on its way, too."))
        return redirect("measures")
    context = {"form": form, "unit": unit, "now": now}
    return render(request, "console/reach/measure.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Do as the unit above does."""
    staff = staff_of(request)
    unit = get_unit_for(staff, pk, Permission.SEE_PLAN)
    done = _("“%(unit)s” does as the unit above it now.") % {"unit": unit.name}
    return act_and_return(request, lambda: drop_measure(unit, by=staff), done=done, back=reverse("measures"))
