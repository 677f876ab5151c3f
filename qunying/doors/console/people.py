"""What views ask about the person at the screen, and how they show a refusal beside a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from qunying.ground.access.models import Staff
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_anywhere
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm
    from django.http import HttpRequest

    from qunying.ground.units.models import Unit


def staff_of(request: HttpRequest) -> Staff:
    """The colleague who is signed in; raises NotAllowedError for anyone else."""
    if not isinstance(request.user, Staff):
        raise NotAllowedError("")
    return request.user


def keeper_of(request: HttpRequest) -> Staff:
    """The person at the screen, who looks after staff somewhere; raises NotAllowedError for others."""
    staff = staff_of(request)
    if not may_anywhere(staff, Permission.EDIT_STAFF):
        raise NotAllowedError(_("Your roles do not include looking after staff. Ask a director."))
    return staff


def check_may(staff: Staff, permission: Permission, unit: Unit, *, refusal: str) -> None:
    """Raise NotAllowedError with this sentence unless the person holds the permission in the unit."""
    if not may(staff, permission, unit):
        raise NotAllowedError(refusal)


def check_may_anywhere(staff: Staff, permission: Permission, *, refusal: str) -> None:
    """Raise NotAllowedError with this sentence unless the person holds the permission in some unit."""
    if not may_anywhere(staff, permission):
        raise NotAllowedError(refusal)


def check_may_export(staff: Staff, unit: Unit | None = None) -> None:
    """Raise NotAllowedError unless the person may take lists out: in the unit, or without one, somewhere."""
    if not (may_anywhere(staff, Permission.EXPORT) if unit is None else may(staff, Permission.EXPORT, unit)):
        raise NotAllowedError(_("Your role may not take lists out. Ask the lead of the unit."))


_fresh = reauthentication_required(lambda _request: None)


def check_fresh(request: HttpRequest) -> None:
    """Ask for the password, a code or a passkey once more unless that was given within five minutes.

    For what a stranger at an unlocked screen must not do. allauth leads there and back.
    """
    _fresh(request)


def asked_again(request: HttpRequest, *, back: str) -> HttpResponse | None:
    """What leads to the question of `check_fresh`, and from there `back`; None where it was answered just now.

    For parts of pages, which a page full of questions must not be swapped into.
    """
    try:
        check_fresh(request)
    except ReauthenticationRequired:
        [way, *_others] = get_adapter().get_reauthentication_methods(request.user)
        address = f"{way['url']}?{urlencode({'next': back})}"
        part = request.headers.get("HX-Request") == "true"
        return HttpResponse(headers={"HX-Redirect": address}) if part else redirect(address)
    return None


def went_well(form: BaseForm, act: Callable[[], object]) -> bool:
    """Do what the form asks for; where a verb refuses, put its sentence above the form instead."""
    try:
        act()
    except QunyingError as refused:
        form.add_error(None, str(refused))
        return False
    return True
