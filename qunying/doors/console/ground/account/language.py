"""The language of the console: what the person chose, else the cookie, else what the browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from qunying.ground.access.models import Staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class LanguageMiddleware:
    """Speaks to a person who is signed in in the language kept with them, whatever the browser says.

    Stands behind authentication; requests without a session cookie cost no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request in the right language."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Staff):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)
