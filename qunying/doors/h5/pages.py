"""How these pages are answered: without cookies or scripts, under a policy of their own, and not too often."""

from __future__ import annotations

import threading
import time
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunying.doors.console.ground.health.timing import address_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

POLICY = "; ".join(  # noqa: FLY002 - read line by line
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_GUARDS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class Pace:
    """So many requests a minute for each caller, counted by each web process; whoever asks more waits."""

    def __init__(self, *, per_minute: int, most_callers: int = 20_000) -> None:
        self._every = 60 / per_minute
        self._burst = 60.0
        self._most = most_callers
        self._lock = threading.Lock()
        self._due: dict[str, float] = {}

    def allows(self, caller: str) -> bool:
        """Take one of the caller's requests; False where none is left."""
        now = time.monotonic()
        with self._lock:
            if len(self._due) >= self._most:
                self._due = {name: due for name, due in self._due.items() if due > now + self._every}
            # The instant at which everything this caller has asked for is paid off (a leaky bucket in one number).
            due = max(self._due.get(caller, 0.0), now) + self._every
            if due - now > self._burst:
                return False
            self._due[caller] = due
            return True

    def charge(self, caller: str, *, requests: int) -> None:
        """Take so many more of the caller's requests, and some that are still to come: that makes them wait."""
        now = time.monotonic()
        with self._lock:
            due = max(self._due.get(caller, 0.0), now) + requests * self._every
            self._due[caller] = min(due, now + 2 * self._burst)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._due.clear()


PACE = Pace(per_minute=600)
"""Thousands of phones share an address of their carrier: a page for everybody has to let many in."""
WRONG = 40
"""What asking for something that is not there counts for: fifteen a minute, so that nobody tries codes."""


def paced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 429 with a kind word where an address asks too often; what is not there costs it more."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **named: str) -> HttpResponse:
        caller = address_of(request)
        if not PACE.allows(caller):
            return too_many()
        response = view(request, *args, **named)
        if response.status_code == HTTPStatus.NOT_FOUND:
            PACE.charge(caller, requests=WRONG)
        return response

    return answer


def page(template: str, context: dict[str, object], *, status: int = 200, asks: bool = False) -> HttpResponse:
    """A page of this door, in the reader's language; nobody keeps it, for it changes from one visit to the next.

    With `asks` it holds a form, which goes to this door alone.
    """
    response = HttpResponse(render_to_string(template, {"language": get_language(), **context}), status=status)
    response.headers["Cache-Control"] = "no-store"
    response = _guarded(response)
    if asks:
        response.headers["Content-Security-Policy"] = POLICY.replace("form-action 'none'", "form-action 'self'")
    return response


def image(content: bytes, media_type: str, *, seconds: int) -> HttpResponse:
    """A picture that the reader's own browser may keep so long, and nobody between."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Cache-Control"] = f"private, max-age={seconds}, immutable"
    return _guarded(response)


def _guarded(response: HttpResponse) -> HttpResponse:
    for name, value in _GUARDS.items():
        response.headers[name] = value
    return response


def gone() -> HttpResponse:
    """404 with a kind word, for a code that leads nowhere."""
    text = _("The link is no longer in use, or a letter of it got lost. Ask whoever gave it to you for a new one.")
    return page("h5/word.html", {"title": _("This link leads nowhere"), "text": text}, status=HTTPStatus.NOT_FOUND)


def too_many() -> HttpResponse:
    """429 with a kind word."""
    response = page(
        "h5/word.html",
        {"title": _("One moment, please"), "text": _("Many people are here at once. Open the page again in a minute.")},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    response.headers["Retry-After"] = "60"
    return response
