"""What a person sees when something goes wrong: one clear sentence with the right status."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

_RETRY_SECONDS = 5
_LOCK_SIGNS = ("database is locked", "lock timeout", "could not obtain lock")
_COOKIE_AGE = 180 * 24 * 3600


def show_error(request: HttpRequest, *, status: int, message: str) -> HttpResponse:
    """A whole page, or a small part of one where htmx asked."""
    part = request.headers.get("HX-Request") == "true"
    template = "console/parts/error.html" if part else "console/error.html"
    return render(request, template, {"status": status, "message": message}, status=status)


class ConsoleMiddleware:
    """Turns errors meant for people into answers, and remembers the community last opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; a part of a page whose reader is signed out sends the whole page to sign-in."""
        response = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and _leads_to_sign_in(response):
            moved = HttpResponse(status=204)
            moved["HX-Redirect"] = resolve_url(settings.LOGIN_URL)
            return moved
        _remember_community(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """400, 403 or 404 for what a person can put right; 503 where the store is busy."""
        if isinstance(error, NotFoundError):
            return show_error(request, status=404, message=str(error))
        if isinstance(error, NotAllowedError):
            return show_error(request, status=403, message=str(error))
        if isinstance(error, QunyingError):
            return show_error(request, status=400, message=str(error))
        if isinstance(error, OperationalError) and any(sign in str(error) for sign in _LOCK_SIGNS):
            return _busy(request)
        return None


def _busy(request: HttpRequest) -> HttpResponse:
    message = _("The store is busy with a large write. Nothing was lost; try again in a few seconds.")
    response = show_error(request, status=503, message=message)
    response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _leads_to_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == HTTPStatus.FOUND and response["Location"].split("?")[0] == resolve_url(
        settings.LOGIN_URL
    )


def _remember_community(request: HttpRequest, response: HttpResponseBase) -> None:
    match = request.resolver_match
    if match is None or not match.route.startswith("communities/") or "slug" not in match.kwargs:
        return
    slug = match.kwargs["slug"]
    kept = request.COOKIES.get("community")
    if response.status_code == HTTPStatus.OK and kept != slug:
        response.set_cookie(
            "community", slug, max_age=_COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    elif response.status_code == HTTPStatus.NOT_FOUND and kept == slug:
        response.delete_cookie("community")
