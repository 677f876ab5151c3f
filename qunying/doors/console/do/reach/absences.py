"""A person's own page for saying when they are away, and who does their sending by hand meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qunying.do.reach.models import Absence
from qunying.do.reach.queries import absences_of, deputies_for
from qunying.do.reach.services_absences import come_back, go_away
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may_anywhere, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff


class AwayForm(forms.Form):
    """From which day to which day (both included, in the person's zone), and who stands in."""

    first = forms.DateField(
        label=pgettext_lazy("absence", "First day away"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=pgettext_lazy("absence", "Last day away"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    deputy = forms.TypedChoiceField(
        label=gettext_lazy("Who stands in"),
        coerce=int,
        help_text=gettext_lazy("Offered is who may send everywhere where you may."),
    )

    def __init__(self, *args: Any, deputies: list[Staff], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deputies, self.zone = {one.pk: one for one in deputies}, zone
        choices = [("", ""), *((one.pk, one.name) for one in deputies)]
        self.fields["deputy"].choices = choices  # type: ignore[attr-defined]

    def said(self) -> tuple[Staff, datetime, datetime]:
        """The deputy, and the times between which they are away."""
        given = self.cleaned_data
        begins = datetime(given["first"].year, given["first"].month, given["first"].day, tzinfo=self.zone)
        after = given["last"] + timedelta(days=1)
        return self.deputies[given["deputy"]], begins, datetime(after.year, after.month, after.day, tzinfo=self.zone)


@require_http_methods(["GET", "POST"])
@login_required
def away(request: HttpRequest) -> HttpResponse:
    """When one is away, and saying so."""
    staff = staff_of(request)
    refusal = _("Your roles do not include sending. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEND, refusal=refusal)
    zone, deputies = zone_of(staff), deputies_for(staff)
    today = timezone.localdate(timezone=zone)
    form = AwayForm(request.POST or None, initial={"first": today}, deputies=deputies, zone=zone)

    def say() -> None:
        deputy, begins, ends = form.said()
        go_away(staff, deputy=deputy, begins_at=begins, ends_at=ends, by=staff)

    if form.is_valid() and went_well(form, say):
        messages.success(request, _("Noted. What falls to you in these days goes to your deputy and comes back."))
        return redirect("away")
    rows = [{"one": one, "last": (one.ends_at - timedelta(seconds=1)).astimezone(zone)} for one in absences_of(staff)]
    context = {"form": form, "rows": rows, "zone": zone, "deputies": deputies, "now": timezone.now()}
    return render(request, "console/reach/away.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back earlier, or not going at all."""
    staff = staff_of(request)
    found = Absence.objects.filter(staff=staff, pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such absence of yours."))
    done = _("Noted. What is still open is yours again.")
    return act_and_return(request, lambda: come_back(found, by=staff), done=done, back=reverse("away"))
