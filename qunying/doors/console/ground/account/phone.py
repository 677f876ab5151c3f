"""Having one's tasks come to one's phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.platforms.models import Card, Phone
from qunying.ground.platforms.names import platform_label
from qunying.ground.platforms.services_phones import accounts_for_phones, drop_phone, want_phone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.platforms.models import Account


class PhoneForm(forms.Form):
    """Through which account, and as whom one is known there."""

    account = forms.TypedChoiceField(label=gettext_lazy("Account"), coerce=int)
    name = forms.CharField(label=gettext_lazy("My account name there"), max_length=Phone.NAME_LENGTH)

    def __init__(self, *args: Any, accounts: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {one.pk: one for one in accounts}
        self.choices = [(one.pk, f"{platform_label(one.platform)} · {one.name}") for one in accounts]
        self.fields["account"].choices = self.choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@login_required
def phone(request: HttpRequest) -> HttpResponse:
    """Whether tasks come to this person's phone, and how to have them come."""
    staff = staff_of(request)
    accounts = accounts_for_phones(staff)
    form = PhoneForm(request.POST or None, accounts=accounts)

    def want() -> None:
        typed = form.cleaned_data
        want_phone(staff, account=form.accounts[typed["account"]], name=typed["name"], by=staff)

    if form.is_valid() and went_well(form, want):
        messages.success(request, _("A card is on its way to your phone. Press its button, and your tasks come there."))
        return redirect("phone")
    own = Phone.objects.filter(staff=staff).select_related("account").first()
    trouble = Card.objects.filter(phone=own).exclude(trouble="").order_by("-pk").first() if own is not None else None
    context = {
        "form": form,
        "accounts": form.choices,
        "own": own,
        "platform": platform_label(own.account.platform) if own is not None else "",
        "trouble": trouble.trouble if trouble is not None else "",
        "zone": zone_of(staff),
    }
    return render(request, "console/account/phone.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def drop(request: HttpRequest) -> HttpResponse:
    """Have no more tasks come to the phone."""
    staff = staff_of(request)
    done = _("No more tasks come to your phone.")
    return act_and_return(request, lambda: drop_phone(staff, by=staff), done=done, back=reverse("phone"))
