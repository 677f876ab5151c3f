"""Calls to a platform's own address: one line kept open, answers bounded in size and time, nothing followed."""

from __future__ import annotations

import ssl
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT, ANSWER, WHOLE = 5.0, 15.0, 60.0
"""Seconds to connect, between two pieces of an answer, and for all of it."""
MOST_BYTES = 32 * 1024 * 1024
NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Nothing was sent."""
BROKEN_OFF = (httpx.HTTPError,)
"""Something may have been sent."""


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class Line:
    """Sends requests to one host; use it with `with`. Proxies of the environment are not used."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._open: httpx.Client | None = None

    def __enter__(self) -> Self:
        """The line itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self.close()

    def close(self) -> None:
        """Hang up; the next request opens the line again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> tuple[int, bytes]:
        """Status and body of the answer; raises one of `NOT_REACHED` or `BROKEN_OFF`."""
        if self._open is None:
            timeout = httpx.Timeout(ANSWER, connect=CONNECT)
            self._open = httpx.Client(verify=_tls(), timeout=timeout, trust_env=False, follow_redirects=False)
        with self._open.stream(
            method, f"{self._host}{path}", params=dict(query or {}), headers=dict(headers or {}), content=content
        ) as answer:
            until, body = time.monotonic() + WHOLE, bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES or time.monotonic() > until:
                    raise httpx.ReadTimeout("the answer has no end")
            return answer.status_code, bytes(body)
