"""Asking WeCom: one call of the table, its answer as a dict, and every way it can fail as one of the port's errors."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from qunying.connectors.wecom.endpoints import ENDPOINTS, GET, HOST, IN_ADDRESS, Retry
from qunying.connectors.wecom.refusals import BUSY, TOKEN_OLD, error_of
from qunying.connectors.wecom.tokens import forget_token, keep_token, kept_token
from qunying.ground.platforms.port import BusyError, UnknownError
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.calling import BROKEN_OFF, NOT_REACHED, Line
from qunying.kit.told import as_dict, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.connectors.wecom.endpoints import Endpoint
    from qunying.ground.platforms.models import Account

_TRIES = 3
_BREATH = 0.2
_MOST_PAGES = 10_000


def _host() -> str:
    """WeCom's own address, which nobody can change by a setting or an environment; only tests name another."""
    return str(getattr(settings, "WECOM_HOST_OF_TESTS", HOST))


class Client:
    """Asks WeCom for one account, over one line that is kept open; use it with `with`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.corp = str(account.settings.get("corp", ""))
        self.secret = open_secrets(account).get("secret", "")
        self._line = Line(_host())
        self._held = ""

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self._line.close()

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
        except NOT_REACHED:
            raise BusyError(_("WeCom cannot be reached at the moment. Nothing was sent.")) from None
        except BROKEN_OFF:
            raise _silence(endpoint) from None
        told = as_dict(body) if status == HTTPStatus.OK else None
        if told is None or (_code(told) == 0 and endpoint.answers.faults(told, strict=False)):
            raise _silence(endpoint)
        return told

    def _send(self, endpoint: Endpoint, given: Mapping[str, Any], token: str) -> tuple[int, bytes]:
        aside = set(given) if endpoint.method == GET else IN_ADDRESS.get(endpoint.name, frozenset())
        address = {name: value for name, value in given.items() if name in aside} | (
            {"access_token": token} if token else {}
        )
        if endpoint.method == GET:
            return self._line.send(GET, endpoint.path, query=address)
        content = json.dumps({name: value for name, value in given.items() if name not in aside}, ensure_ascii=False)
        headers = {"Content-Type": "application/json"}
        return self._line.send(endpoint.method, endpoint.path, query=address, headers=headers, content=content.encode())


def _silence(endpoint: Endpoint) -> BusyError | UnknownError:
    """No answer that can be read: a mystery only where asking again would do it twice."""
    if endpoint.retry is Retry.ONCE:
        return UnknownError(_("The line to WeCom was cut before it answered. Look in WeCom whether it arrived."))
    return BusyError(_("WeCom did not answer in time. It is tried again."))


def _code(told: Mapping[str, Any]) -> int:
    """The number of an answer; 0 is well, also where it stands nowhere."""
    code = told.get("errcode", 0)
    return code if isinstance(code, int) else BUSY
