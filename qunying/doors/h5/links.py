"""The door of short links: it counts people, not programs, and leads on."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunying.do.reach.links import SECONDS, count_click, find_link
from qunying.doors.h5.pages import gone, paced
from qunying.doors.h5.visitors import is_person, visitor_of
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest

_MOST_A_MINUTE = 60


@require_safe
@paced
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to where the link goes; who follows it with a browser is counted."""
    try:
        link = find_link(code)
    except NotFoundError:
        return gone()
    if is_person(request) and _may_count(request, code):
        count_click(link, visitor=_visitor(request))
    # Only what was stored when the link was made goes into the answer; nothing that came with the request.
    headers = {"Location": link.url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(status=302, headers=headers | {"X-Robots-Tag": "noindex, nofollow"})


def _may_count(request: HttpRequest, code: str) -> bool:
    """Whether to write at all: not for the same browser again, and only so often a minute for one address."""
    cache, address = caches["process"], visitor_of(request)[0]
    if not cache.add(f"click:{code}:{_visitor(request)}", 1, SECONDS):
        return False
    minute = f"clicks:{address}:{timezone.now():%H%M}"
    cache.add(minute, 0, 60)
    return int(cache.incr(minute)) <= _MOST_A_MINUTE


def _visitor(request: HttpRequest) -> str:
    return sha256("\0".join(visitor_of(request)).encode()).hexdigest()
