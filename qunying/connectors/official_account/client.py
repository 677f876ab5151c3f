"""Asking WeChat for one official account: one call of the table, and every way it can fail as an error of the port."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from qunying.connectors.official_account.endpoints import ENDPOINTS, GET, HOST, TOKEN
from qunying.connectors.official_account.refusals import BUSY, TOKEN_OLD, error_of
from qunying.ground.platforms.port import BusyError, UnknownError
from qunying.ground.platforms.sealing import open_secrets
from qunying.ground.platforms.tokens import forget_token, keep_token, kept_token
from qunying.kit.calling import BROKEN_OFF, NOT_REACHED, Line
from qunying.kit.told import as_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.connectors.official_account.endpoints import Endpoint
    from qunying.ground.platforms.models import Account

_TRIES = 3
_BREATH = 0.2


def app_of(account: Account) -> str:
    """The AppID, which is also what the followers of the account are called as a group."""
    return str(account.settings.get("app", ""))


class Client:
    """Asks WeChat for one account; use it with `with`."""

    def __init__(self, account: Account) -> None:
        self.account, self.app = account, app_of(account)
        self.secret = open_secrets(account).get("secret", "")
        # WeChat's own address, which nobody can change by a setting or an environment; only tests name another.
        self._line = Line(str(getattr(settings, "OFFICIAL_HOST_OF_TESTS", HOST)))

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self._line.close()

    def ask(self, name: str, **given: Any) -> dict[str, Any]:
        """The answer to a call of the table. Raises OfficialRefusalError, BusyError, UnknownError as the port says.

        A token that is not taken any more is fetched again once; where WeChat is busy it is asked up to three times.
        """
        endpoint, renewed = ENDPOINTS[name], False
        for left in reversed(range(_TRIES)):
            token = self._token() if endpoint.keyed else ""
            told = self._exchange(endpoint, given, token)
            code = _code(told)
            if code == 0:
                return told
            if code in TOKEN_OLD and endpoint.keyed and not renewed:
                forget_token(self.account, token, got_by=self._got_by)
                renewed = True
            elif code != BUSY or not left:
                break
            else:
                time.sleep(_BREATH)
        raise error_of(code, str(told.get("errmsg", "")))

    @property
    def _got_by(self) -> str:
        return f"{self.app}\n{self.secret}"

    def _token(self) -> str:
        held = kept_token(self.account, got_by=self._got_by)
        if not held:
            told = self.ask(TOKEN, grant_type="client_credential", appid=self.app, secret=self.secret)
            held = str(told["access_token"])
            keep_token(self.account, held, got_by=self._got_by, seconds=told["expires_in"])
        return held

    def _exchange(self, endpoint: Endpoint, given: Mapping[str, Any], token: str) -> dict[str, Any]:
        faults = endpoint.asks.faults(given, strict=True)
        if faults:
            raise ValueError(f"{endpoint.name}: {', '.join(faults)}")  # a fault of ours, not of the platform's
        own = {"access_token": token} if token else {}
        asked = endpoint.method == GET
        try:
            status, body = self._line.send(
                endpoint.method,
                endpoint.path,
                query={name: str(value) for name, value in given.items()} | own if asked else own,
                # WeChat shows what is escaped as it stands.
                content=None if asked else json.dumps(given, ensure_ascii=False).encode(),
                headers={} if asked else {"Content-Type": "application/json"},
            )
        except NOT_REACHED:
            raise BusyError(_("WeChat cannot be reached at the moment. Nothing was sent.")) from None
        except BROKEN_OFF:
            raise _silence(endpoint) from None
        told = as_dict(body) if status == HTTPStatus.OK else None
        if told is None or (_code(told) == 0 and endpoint.answers.faults(told, strict=False)):
            raise _silence(endpoint)
        return told


def _silence(endpoint: Endpoint) -> BusyError | UnknownError:
    """What a lost answer means."""
    if endpoint.again:
        return BusyError(_("WeChat did not answer. It is asked again."))
    return UnknownError(_("WeChat did not answer. Look in the official account whether it was done."))


def _code(told: Mapping[str, Any]) -> int:
    """The number of an answer; 0 is well, also where it stands nowhere."""
    code = told.get("errcode", 0)
    return code if isinstance(code, int) else BUSY
