"""Asking DingTalk for one account: one call of the table, and every way it can fail as an error of the port."""

from __future__ import annotations

import base64
import hmac
import json
import time
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from qunying.connectors.dingtalk.endpoints import ENDPOINTS, HOST, OLD_HOST, ROBOT, TOKEN
from qunying.connectors.dingtalk.refusals import TOKEN_OLD, error_of
from qunying.ground.platforms.port import BusyError, UnknownError
from qunying.ground.platforms.sealing import open_secrets
from qunying.ground.platforms.tokens import forget_token, keep_token, kept_token
from qunying.kit.calling import BROKEN_OFF, NOT_REACHED, Line
from qunying.kit.told import as_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.connectors.dingtalk.endpoints import Endpoint
    from qunying.ground.platforms.models import Account

HEADER = "x-acs-dingtalk-access-token"
_FINE = {"", "0"}


def signed(secret: str, milliseconds: str) -> str:
    """The signature of a custom robot: HMAC-SHA256 over the time and its secret, in base64.

    https://open.dingtalk.com/document/robots/customize-robot-security-settings
    """
    drawn = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), sha256)
    return base64.b64encode(drawn.digest()).decode()


class Client:
    """Asks DingTalk for one account; use it with `with`."""

    def __init__(self, account: Account) -> None:
        secrets = open_secrets(account)
        self.account = account
        self.key, self.secret = str(account.settings.get("key", "")), secrets.get("secret", "")
        self.robot = str(account.settings.get("robot", "")) or self.key
        self._webhook, self._sign = secrets.get("webhook", ""), secrets.get("sign", "")
        # DingTalk's own addresses, which nobody can change by a setting or an environment; only tests name others.
        played = getattr(settings, "DINGTALK_HOST_OF_TESTS", "")
        self._line, self._old_line = Line(str(played or HOST)), Line(str(played or OLD_HOST))

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self._line.close()
        self._old_line.close()

    def ask(self, name: str, **given: Any) -> dict[str, Any]:
        """The answer to a call of the table. Raises DingTalkRefusalError, BusyError, UnknownError as the port says.

        A token that is not taken any more is fetched again once.
        """
        endpoint = ENDPOINTS[name]
        token = self._token() if endpoint.keyed else ""
        told = self._exchange(endpoint, given, token)
        if _code(told) in TOKEN_OLD and endpoint.keyed:
            forget_token(self.account, token, got_by=self._got_by)
            told = self._exchange(endpoint, given, self._token())
        if _code(told) not in _FINE:
            raise error_of(_code(told), str(told.get("message") or told.get("errmsg") or ""))
        return told

    @property
    def _got_by(self) -> str:
        return f"{self.key}\n{self.secret}"

    def _token(self) -> str:
        held = kept_token(self.account, got_by=self._got_by)
        if not held:
            told = self.ask(TOKEN, appKey=self.key, appSecret=self.secret)
            held = str(told["accessToken"])
            keep_token(self.account, held, got_by=self._got_by, seconds=told["expireIn"])
        return held

    def _exchange(self, endpoint: Endpoint, given: Mapping[str, Any], token: str) -> dict[str, Any]:
        faults = endpoint.asks.faults(given, strict=True)
        if faults:
            raise ValueError(f"{endpoint.name}: {', '.join(faults)}")  # a fault of ours, not of the platform's
        try:
            status, body = (self._old_line if endpoint.is_old else self._line).send(
                "POST",
                endpoint.path,
                query=self._query(endpoint, token),
                headers={"Content-Type": "application/json"} | ({HEADER: token} if not endpoint.is_old else {}),
                content=json.dumps(given, ensure_ascii=False).encode(),
            )
        except NOT_REACHED:
            raise BusyError(_("DingTalk cannot be reached at the moment. Nothing was sent.")) from None
        except BROKEN_OFF:
            raise _silence(endpoint) from None
        told = as_dict(body)
        if told is None or (_code(told) in _FINE and not _is_whole(endpoint, status, told)):
            raise _silence(endpoint)
        return told

    def _query(self, endpoint: Endpoint, token: str) -> dict[str, str]:
        if endpoint.name != ROBOT:
            return {"access_token": token} if endpoint.is_old else {}
        now = str(int(time.time() * 1000))
        return {"access_token": self._webhook} | (
            {"timestamp": now, "sign": signed(self._sign, now)} if self._sign else {}
        )


def _is_whole(endpoint: Endpoint, status: int, told: Mapping[str, Any]) -> bool:
    return status == HTTPStatus.OK and not endpoint.answers.faults(told, strict=False)


def _silence(endpoint: Endpoint) -> BusyError | UnknownError:
    """What a lost answer means."""
    if endpoint.again:
        return BusyError(_("DingTalk did not answer. It is asked again."))
    return UnknownError(_("DingTalk did not answer. Look in the group whether it was done."))


def _code(told: Mapping[str, Any]) -> str:
    """The word or number of an error; one of `_FINE` where there is none. 88 hides the real one."""
    code = told.get("sub_code") if told.get("errcode") == 88 else None  # noqa: PLR2004 - DingTalk's own
    return str(code or told.get("code") or told.get("errcode") or "")
