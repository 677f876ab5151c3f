"""The headers that guard every page: nothing inline, nothing from elsewhere, nothing kept by a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

POLICY = "; ".join(  # noqa: FLY002 - read line by line
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler draws its check marks and arrows as data: pictures
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_DEVICES = "accelerometer camera display-capture geolocation gyroscope microphone payment usb"
_NO_DEVICES = ", ".join(f"{device}=()" for device in _DEVICES.split())
GUARDS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": _NO_DEVICES,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class PolicyMiddleware:
    """Adds the guards to every answer, redirects and errors too; a page may bring a stricter one of its own.

    Stands first of all. Static files bring their own Cache-Control.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request under the policy."""
        response = self.get_response(request)
        for name, value in GUARDS.items():
            response.headers.setdefault(name, value)
        return response
