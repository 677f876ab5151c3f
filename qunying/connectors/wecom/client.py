"""Asking WeCom: one call of the table, its answer as a dict, and every way it can fail as one of the port's errors."""

from __future__ import annotations

import json
import ssl
import time
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from qunying.connectors.wecom.endpoints import ENDPOINTS, GET, HOST, IN_ADDRESS, Retry
from qunying.connectors.wecom.refusals import BUSY, TOKEN_OLD, error_of
from qunying.connectors.wecom.tokens import forget_token, keep_token, kept_token
from qunying.ground.platforms.port import BusyError, UnknownError
from qunying.ground.platforms.sealing import open_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.connectors.wecom.endpoints import Endpoint
    from qunying.ground.platforms.models import Account

_CONNECT = 5.0
_ANSWER = 15.0
_WHOLE = 60.0
_MOST_BYTES = 32 * 1024 * 1024
_TRIES = 3
_BREATH = 0.2
_MOST_PAGES = 10_000


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _host() -> str:
    """WeCom's own address, which nobody can change by a setting or an environment; only tests name another."""
    return str(getattr(settings, "WECOM_HOST_OF_TESTS", HOST))


class Client:
    """Asks WeCom for one account, over one line that is kept open; use it with `with`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.corp = str(account.settings.get("corp", ""))
        self.secret = open_secrets(account).get("secret", "")
        self._line: httpx.Client | None = None
        self._held = ""

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def ask(self, name: str, **given: Any) -> dict[str, Any]:
        """The answer to a call of the table. Raises WeComRefusalError, BusyError, UnknownError as the port says.

        A token that is not taken any more is fetched again once; where WeCom is busy it is asked up to three times.
        """
        endpoint, renewed = ENDPOINTS[name], False
        for left in reversed(range(_TRIES)):
            token = self.token() if endpoint.keyed else ""
            told = self._exchange(endpoint, given, token)
            code = _code(told)
            if code == 0:
                return told
            if code in TOKEN_OLD and endpoint.keyed and not renewed:
                forget_token(self.account, self.secret, token)
                self._held = ""
                renewed = True
            elif code != BUSY or not left:
                break
            else:
                time.sleep(_BREATH)
        raise error_of(code, str(told.get("errmsg", "")))

    def pages(self, name: str, field: str, **given: Any) -> Iterator[Any]:
        """Every object of a list that comes in pages: `field` holds one page, `next_cursor` names the next."""
        cursor = ""
        for _page in range(_MOST_PAGES):
            told = self.ask(name, **given, **({"cursor": cursor} if cursor else {}))
            yield from listed(told.get(field))
            after = told.get("next_cursor")
            if not isinstance(after, str) or not after or after == cursor:
                return
            cursor = after

    def token(self) -> str:
        """The token, looked up once for each client, so that threads that share it need no database."""
        self._held = self._held or kept_token(self.account, self.secret)
        if not self._held:
            told = self.ask("gettoken", corpid=self.corp, corpsecret=self.secret)
            self._held = str(told["access_token"])
            keep_token(self.account, self.secret, self._held, seconds=told["expires_in"])
        return self._held

    def _exchange(self, endpoint: Endpoint, given: Mapping[str, Any], token: str) -> dict[str, Any]:
        """One request and its answer, whatever number the answer carries."""
        faults = endpoint.asks.faults(given, strict=True)
        if faults:
            raise ValueError(f"{endpoint.name}: {', '.join(faults)}")  # a fault of ours, not of the platform's
        try:
            status, body = self._send(endpoint, given, token)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise BusyError(_("WeCom cannot be reached at the moment. Nothing was sent.")) from None
        except httpx.HTTPError:
            raise _silence(endpoint) from None
        told = _as_dict(body) if status == HTTPStatus.OK else None
        if told is None or (_code(told) == 0 and endpoint.answers.faults(told, strict=False)):
            raise _silence(endpoint)
        return told

    def _send(self, endpoint: Endpoint, given: Mapping[str, Any], token: str) -> tuple[int, bytes]:
        """Status and body; no redirects, no proxies of the environment, no endless bodies."""
        aside = set(given) if endpoint.method == GET else IN_ADDRESS.get(endpoint.name, frozenset())
        address = {name: value for name, value in given.items() if name in aside} | (
            {"access_token": token} if token else {}
        )
        content = json.dumps({name: value for name, value in given.items() if name not in aside}, ensure_ascii=False)
        with self._open().stream(
            endpoint.method,
            f"{_host()}{endpoint.path}",
            params=address,
            content=None if endpoint.method == GET else content.encode(),
            headers={} if endpoint.method == GET else {"Content-Type": "application/json"},
        ) as answer:
            until, body = time.monotonic() + _WHOLE, bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST_BYTES or time.monotonic() > until:
                    raise httpx.ReadTimeout("the answer has no end")
            return answer.status_code, bytes(body)

    def _open(self) -> httpx.Client:
        if self._line is None:
            timeout = httpx.Timeout(_ANSWER, connect=_CONNECT)
            self._line = httpx.Client(verify=_tls(), timeout=timeout, trust_env=False, follow_redirects=False)
        return self._line


def _silence(endpoint: Endpoint) -> BusyError | UnknownError:
    """No answer that can be read: a mystery only where asking again would do it twice."""
    if endpoint.retry is Retry.ONCE:
        return UnknownError(_("The line to WeCom was cut before it answered. Look in WeCom whether it arrived."))
    return BusyError(_("WeCom did not answer in time. It is tried again."))


def _code(told: Mapping[str, Any]) -> int:
    """The number of an answer; 0 is well, also where it stands nowhere."""
    code = told.get("errcode", 0)
    return code if isinstance(code, int) else BUSY


def _as_dict(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def listed(value: Any) -> list[Any]:
    """A list of an answer; an empty one where there is none."""
    return value if isinstance(value, list) else []


def part(value: Any, name: str) -> Mapping[str, Any]:
    """An object within an object of an answer; an empty one where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def text(value: Any, most: int) -> str:
    """A text that a database can keep, no longer than `most`; '' for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:most]
