"""Who opens a page: told apart for a day, and people from programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qunying.doors.console.ground.health.timing import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest

_PROGRAMS = re.compile(
    r"(?<!cu)bot\b|bot/|spider|crawl|slurp|preview|scan|monitor|headless|lighthouse|phantom|facebookexternalhit|whatsapp/"
    r"|curl|wget|python|httpx|aiohttp|okhttp|java/|go-http|libwww|perl|ruby|node-fetch|axios|undici|dart:io"
    r"|postman|insomnia|dingtalkbot|feishu-docs|bytespider|yisou|sogou|360spider|synapse|slack-imgproxy|monitor",
    re.IGNORECASE,
)
_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def visitor_of(request: HttpRequest) -> tuple[str, ...]:
    """What tells one visitor from another within a day: the address and the program; handed to the digest alone."""
    return address_of(request), request.headers.get("User-Agent", ""), request.headers.get("Accept-Language", "")


def is_person(request: HttpRequest) -> bool:
    """Whether somebody looks at the page: no program, and no browser that fetches it ahead of its reader."""
    agent = request.headers.get("User-Agent", "")
    if request.method != "GET" or not agent or _PROGRAMS.search(agent):
        return False
    if any(re.search("prefetch|preview|prerender", request.headers.get(name, "")) for name in _AHEAD):
        return False
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"
