"""The own profile, and the switch of languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qunying.doors.console.ground.account.forms import ProfileForm
from qunying.doors.console.people import staff_of, went_well
from qunying.ground.access.models import Staff
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.access.services import choose_language, rename_staff

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_YEAR = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The person's own page: name, e-mail address, language; password and second step by their links."""
    staff = staff_of(request)
    now = {"name": staff.name, "email": staff.email, "language": staff.language}
    form = ProfileForm(request.POST or None, initial=now)
    if form.is_valid() and went_well(form, lambda: _keep(staff, form)):
        with translation.override(staff.language):
            messages.success(request, _("Your profile is saved."))
        return _with_language(redirect("profile"), staff.language)
    staff.refresh_from_db()
    grants = staff.grants.select_related("unit").order_by("unit__path", "role")
    context = {
        "form": form,
        "grants": grants,
        "second_step": is_mfa_enabled(staff),
        "may_send": may_anywhere(staff, Permission.SEND),
    }
    return render(request, "console/account/profile.html", context)


@transaction.atomic
def _keep(staff: Staff, form: ProfileForm) -> None:
    wanted = form.cleaned_data
    if (wanted["name"], wanted["email"]) != (staff.name, staff.email):
        rename_staff(staff, name=wanted["name"], email=wanted["email"], by=staff)
    choose_language(staff, language=wanted["language"], by=staff)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on; kept with the person, and in a cookie for the sign-in page."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    if wanted not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Staff):
        choose_language(request.user, language=wanted, by=request.user)
    return _with_language(response, wanted)


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
