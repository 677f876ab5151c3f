"""Who comes in: a key in the header, never a cookie; and how often."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

from django.conf import settings
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from qunying.ground.access.services_keys import authenticate_key
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from qunying.ground.access.models import ApiKey

BURST_SECONDS = 10
"""A key that was quiet may catch up so many seconds' worth of requests at once."""


class KeyAuth(HttpBearer):
    """`Authorization: Bearer qy_…`; the key is what acts."""

    openapi_name = "key"
    openapi_description = "A key made on the page “API keys”: `Authorization: Bearer qy_…`"

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """The key of this text; raises NoKeyError with the reason where it opens nothing."""
        return open_with(request, token)


class NoKeyError(NotAllowedError):
    """The request brings no key that opens."""


def open_with(request: HttpRequest, text: str, *, find: Callable[[str], ApiKey] = authenticate_key) -> ApiKey:
    """The key of this text, asked for once a request; raises NoKeyError."""
    known: ApiKey | None = getattr(request, "_api_key", None)
    if known is not None:
        return known
    try:
        key = find(text)
    except NotAllowedError as refused:
        raise NoKeyError(refused.message) from None
    request._api_key = key  # type: ignore[attr-defined]  # noqa: SLF001 - a place of our own on the request
    return key


def text_of(request: HttpRequest) -> str:
    """What stands behind Bearer, or ''."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


class KeyRate(BaseThrottle):
    """So many requests a minute for each key (QUNYING_API_RATE), counted by each web process; 0: as many as come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._full: dict[int, float] = {}
        self._refused = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Take one of the key's requests; False where none is left."""
        rate = settings.API_RATE / 60
        key: ApiKey | None = getattr(request, "auth", None)
        if not rate or key is None:
            return True
        now = time.monotonic()
        with self._lock:
            # The instant at which everything this key has asked for is paid off (a leaky bucket in one number).
            due = max(self._full.get(key.pk, 0.0), now) + 1 / rate
            if due - now > BURST_SECONDS:
                self._refused.wait = due - now - BURST_SECONDS
                return False
            self._full[key.pk] = due
        return True

    def wait(self) -> float:
        """Seconds after which another request is welcome."""
        # Asked by the thread that was just refused, and by no other.
        return float(math.ceil(max(getattr(self._refused, "wait", 1.0), 1.0)))
