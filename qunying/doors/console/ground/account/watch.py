"""What is watched while a person is signed in: when they were last seen, new browsers, and a second step due."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.doors.console.ground.account.agents import agent_words
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import needs_second_step
from qunying.ground.access.services_devices import note_device, take_news

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

_COOKIE = "device"
_YEAR = 365 * 24 * 3600
_WATCH = "watch"
_LOOK_EVERY = 300
_OPEN_ROUTES = frozenset({"account_logout", "account_reauthenticate", "set_language", "set_theme"})


def token_of(request: HttpRequest) -> str:
    """The cookie by which this browser is known again; '' where it has none."""
    return request.COOKIES.get(_COOKIE, "")[:64]


def begin_watch(request: HttpRequest, staff: Staff, *, address: str) -> None:
    """A person has just signed in: know the browser again, tell of newer ones, see whether a second step is due."""
    token = token_of(request) or secrets.token_urlsafe(24)
    request.META["qunying.device"] = token
    note_device(staff, token=token, agent=_agent(request), address=address)
    request.session[_WATCH] = {"at": time.time(), "due": needs_second_step(staff)}
    _tell(request, staff, token)


class WatchMiddleware:
    """Looks every five minutes, and at every page while a second step is due.

    Sessions that no sign-in opened (there are none outside tests) are left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; a browser that just signed in takes its cookie along."""
        response = self.get_response(request)
        token = request.META.get("qunying.device")
        if token:
            response.set_cookie(
                _COOKIE,
                token,
                max_age=_YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Lead to the second step where one is due and the page is not about signing in."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, Staff):
            return None
        watch = request.session.get(_WATCH)
        if watch is None or not (watch["due"] or time.time() - watch["at"] > _LOOK_EVERY):
            return None
        watch = _look(request, request.user)
        return _lead_away(request) if watch["due"] else None


def _look(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    sessions = UserSession.objects.filter(session_key=request.session.session_key)
    sessions.update(last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request))
    _tell(request, staff, token_of(request))
    watch = {"at": time.time(), "due": needs_second_step(staff)}
    request.session[_WATCH] = watch
    return watch


def _lead_away(request: HttpRequest) -> HttpResponseBase | None:
    name = request.resolver_match.url_name if request.resolver_match else None
    if name is None or name in _OPEN_ROUTES or name.startswith("mfa_"):
        return None
    messages.warning(request, _("Your role asks for two-factor sign-in. Set it up before you go on."))
    return redirect("mfa_index")


def _tell(request: HttpRequest, staff: Staff, token: str) -> None:
    for device in take_news(staff, token=token):
        seen = timezone.localtime(device.first_seen_at, zone_of(staff)).strftime("%Y-%m-%d %H:%M")
        facts = {"browser": agent_words(device.agent), "address": device.address or "–", "when": seen}
        sentence = _("A new browser signed in as you on %(when)s: %(browser)s, %(address)s.")
        advice = _("If it was not you, change your password and end the other sessions in your profile.")
        messages.warning(request, f"{sentence % facts} {advice}")


def _agent(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))
