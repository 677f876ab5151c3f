"""The public door of short links: it counts people, not programs, and leads on."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunying.do.reach.links import SECONDS, count_click, find_link

if TYPE_CHECKING:
    from django.http import HttpRequest

_BOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|monitor|scan|curl|wget|python|java/|go-http|okhttp|headless|"
    r"facebookexternalhit|bytespider|baiduspider|sogou|360spider|yisou|synapse|whatsapp|telegram|slack|^$",
    re.IGNORECASE,
)
_MOST_A_MINUTE = 60


@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to where the link goes; who follows it with a browser is counted."""
    link = find_link(code)
    if _is_person(request) and _may_count(request, code):
        count_click(link, visitor=_visitor(request))
    # Only what was stored when the link was made goes into the answer; nothing that came with the request.
    headers = {"Location": link.url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(status=302, headers=headers | {"X-Robots-Tag": "noindex, nofollow"})


def _is_person(request: HttpRequest) -> bool:
    """Whether a browser asks because somebody tapped: not a preview, not a prefetch, not a program."""
    early = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return (
        request.method == "GET" and "prefetch" not in early and not _BOTS.search(request.headers.get("User-Agent", ""))
    )


def _may_count(request: HttpRequest, code: str) -> bool:
    """Whether to write at all: not for the same browser again, and only so often a minute for one address."""
    cache, address = caches["process"], get_adapter().get_client_ip(request)
    if not cache.add(f"click:{code}:{_visitor(request)}", 1, SECONDS):
        return False
    minute = f"clicks:{address}:{timezone.now():%H%M}"
    cache.add(minute, 0, 60)
    return int(cache.incr(minute)) <= _MOST_A_MINUTE


def _visitor(request: HttpRequest) -> str:
    told = f"{get_adapter().get_client_ip(request)} {request.headers.get('User-Agent', '')}"
    return sha256(told.encode()).hexdigest()
