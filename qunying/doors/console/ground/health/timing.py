"""Every request gets a number, is timed, and leaves one line in the log."""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

from prometheus_client import Histogram

from qunying.kit.logs import request_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

_log = logging.getLogger("qunying.request")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LATENCY = Histogram(
    "qunying_request_seconds", "Seconds until a request was answered", ("route", "status"), buckets=BUCKETS
)
_QUIET = {"healthz", "readyz", "metrics"}


class TimingMiddleware:
    """Stands before all others. The line names the route, never the address: addresses hold what people typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with its number in X-Request-ID."""
        number = secrets.token_hex(8)
        token = request_id.set(number)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - begun)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = number
        return response

    def _tell(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        match = request.resolver_match
        route = match.view_name if match else "none"
        LATENCY.labels(route, f"{response.status_code // 100}xx").observe(seconds)
        if route in _QUIET:
            return
        user = getattr(request, "user", None)
        fields = {
            "route": route,
            "method": request.method,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "staff": user.pk if user is not None and user.is_authenticated else None,
            "address": address_of(request),
        }
        _log.info("request", extra={"fields": fields})


def address_of(request: HttpRequest) -> str:
    """Where the request came from, as the proxies before it say (QUNYING_PROXIES)."""
    from django.conf import settings  # noqa: PLC0415 - read late, so that tests may change it

    hops = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return told[-hops] if 0 < hops <= len(told) else str(request.META.get("REMOTE_ADDR", ""))
