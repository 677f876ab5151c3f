"""Asking a OneBot: one action, its data, and every way it can fail as one of the port's errors.

https://github.com/botuniverse/onebot-11: POST to the action's name, answered with status, retcode and data.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
from django.utils.translation import gettext as _

from qunying.ground.platforms.outgoing import Door, door_to, exchange
from qunying.ground.platforms.port import BusyError, RefusedError, UnknownError
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.errors import QunyingError
from qunying.kit.told import as_dict, text

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account

_MOST_BYTES = 16 * 1024 * 1024
_UNKNOWN_ACTION = {404, 1404}
_SHOWN = 120


class NoSuchActionError(RefusedError):
    """The program behind the account does not know this action."""


class Client:
    """Asks the program that plays one QQ account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._token = open_secrets(account).get("token", "")

    def ask(self, action: str, *, changes: bool = True, **given: Any) -> Any:
        """The data of the answer. Raises RefusedError, BusyError, and where it `changes` something UnknownError."""
        door = self._door()
        headers = {"Content-Type": "application/json", **door.headers}
        headers |= {"Authorization": f"Bearer {self._token}"} if self._token else {}
        content = json.dumps(given, ensure_ascii=False).encode()
        try:
            status, body, _head = exchange(
                "POST", f"{door.base}/{action}", door, headers=headers, content=content, most_bytes=_MOST_BYTES
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise BusyError(_("The OneBot program cannot be reached at the moment. Nothing was sent.")) from None
        except httpx.HTTPError:
            raise _silence(changes=changes) from None
        return _judge(status, as_dict(body), changes=changes)

    def _door(self) -> Door:
        try:
            return door_to(str(self.account.settings.get("api", "")).rstrip("/"))
        except (QunyingError, ValueError) as error:
            raise RefusedError(
                _("The address of the OneBot program cannot be used: %(why)s Correct it in the account's settings.")
                % {"why": error}
            ) from None


class TokenError(RefusedError):
    """The program does not take the access token."""


def _judge(status: int, told: dict[str, Any] | None, *, changes: bool) -> Any:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise TokenError(_("The OneBot program does not take the access token. Enter the same one on both sides."))
    if status == HTTPStatus.NOT_FOUND or (told or {}).get("retcode") in _UNKNOWN_ACTION:
        raise NoSuchActionError(_("The OneBot program does not know this action. Do it by hand in QQ."))
    if told is None or status >= HTTPStatus.BAD_REQUEST:
        raise _silence(changes=changes)
    if told.get("status") == "failed" or told.get("retcode") not in {0, 1, None}:
        why = text(told.get("wording") or told.get("message") or told.get("msg"))[:_SHOWN] or str(told.get("retcode"))
        raise RefusedError(_("QQ refused: %(why)s") % {"why": why})
    return told.get("data")


def _silence(*, changes: bool) -> BusyError | UnknownError:
    if changes:
        return UnknownError(_("The OneBot program gave no clear answer. Look in QQ whether it arrived."))
    return BusyError(_("The OneBot program did not answer in time. It is tried again."))
