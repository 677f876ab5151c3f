"""Asking a server whose address people typed: looked up once, not led inside unless the operator named the host."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from qunying.kit.outward import check_address, reach

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONNECT = 5.0
_ANSWER = 15.0
_WHOLE = 60.0


@dataclass(frozen=True, slots=True)
class Door:
    """Where to connect: an address that is safe to use, and what to say there."""

    base: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def door_to(base: str) -> Door:
    """The door of an address; raises QunyingError or ValueError for one that leads inside or nowhere."""
    host = urlsplit(base).hostname or ""
    if host and host in settings.INSIDE_HOSTS:
        return Door(base)
    parts = check_address(base)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    ip = reach(host, port)
    shown = f"[{ip}]" if ":" in ip else ip
    return Door(f"{parts.scheme}://{shown}:{port}{parts.path}", {"Host": parts.netloc}, {"sni_hostname": host})


def exchange(  # noqa: PLR0913 - a request is made of these
    method: str,
    url: str,
    door: Door,
    *,
    headers: Mapping[str, str],
    content: bytes | None,
    most_bytes: int,
    params: Mapping[str, str | int] | None = None,
) -> tuple[int, bytes, httpx.Headers]:
    """Status, body and headers; no redirects, no proxies of the environment, no endless bodies."""
    timeout = httpx.Timeout(_ANSWER, connect=_CONNECT)
    with (
        httpx.Client(verify=_tls(), timeout=timeout, trust_env=False, follow_redirects=False) as line,
        line.stream(
            method, url, headers=dict(headers), content=content, params=params, extensions=dict(door.extensions)
        ) as answer,
    ):
        until, body = time.monotonic() + _WHOLE, bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most_bytes or time.monotonic() > until:
                raise httpx.ReadTimeout("the answer has no end")
        return answer.status_code, bytes(body), answer.headers
