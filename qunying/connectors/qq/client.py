"""Asking QQ: one call, its answer as a dict, and every way it can fail as one of the port's errors."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from qunying.connectors.qq.refusals import TOKEN_OLD, QQRefusalError, error_of
from qunying.ground.platforms.port import BusyError, UnknownError
from qunying.ground.platforms.sealing import open_secrets
from qunying.ground.platforms.tokens import forget_token, keep_token, kept_token
from qunying.kit.calling import BROKEN_OFF, NOT_REACHED, Line
from qunying.kit.told import as_dict, parts, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.platforms.models import Account

HOST = "https://api.bot.qq.com"
TOKEN = "/app/getAppAccessToken"  # noqa: S105 - an address, not a token
_MOST_PAGES = 1_000
_LONGEST = 7200


def _host() -> str:
    """QQ's own address, which nobody can change by a setting or an environment; only tests name another."""
    return str(getattr(settings, "QQ_HOST_OF_TESTS", HOST))


def path(*names: str) -> str:
    """A path below /v2, with every name quoted."""
    return "/v2/" + "/".join(quote(name, safe="") for name in names)


class Client:
    """Asks QQ for one robot, over one line that is kept open; use it with `with`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.app = str(account.settings.get("app_id", ""))
        self.secret = open_secrets(account).get("secret", "")
        self._line = Line(_host())

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self._line.close()

    def get(self, where: str, **asked: str) -> dict[str, Any]:
        """What stands there; raises as `ask`."""
        return self.ask("GET", where, params=asked, changes=False)

    def ask(
        self,
        method: str,
        where: str,
        content: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        changes: bool = True,
    ) -> dict[str, Any]:
        """The answer of QQ. Raises QQRefusalError, BusyError, and where it `changes` something UnknownError.

        A token that is not taken any more is fetched again once.
        """
        token = self._token()
        status, told = self._exchange(method, where, content, params, changes=changes, token=token)
        if status == HTTPStatus.UNAUTHORIZED or code_of(told) in TOKEN_OLD:
            forget_token(self.account, token, got_by=self._got_by)
            status, told = self._exchange(method, where, content, params, changes=changes, token=self._token())
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not code_of(told):
            raise _silence(changes=changes)
        if status >= HTTPStatus.BAD_REQUEST or code_of(told):
            raise error_of(status, code_of(told), text(told.get("message")))
        return told

    def pages(self, where: str, field: str) -> Iterator[Mapping[str, Any]]:
        """Every object of a list that comes in pages: `field` holds one page, `next_cursor` names the next."""
        cursor = ""
        for _page in range(_MOST_PAGES):
            told = self.get(where, **({"cursor": cursor} if cursor else {}))
            yield from parts(told.get(field))
            after = told.get("next_cursor")
            if not isinstance(after, str) or not after or after == cursor:
                return
            cursor = after

    def fetch_token(self) -> str:
        """A new access token, kept for every process; raises as `ask`."""
        given = {"appId": self.app, "clientSecret": self.secret}
        status, told = self._exchange("POST", TOKEN, given, None, changes=False)
        token, seconds = told.get("access_token"), str(told.get("expires_in", ""))
        if not isinstance(token, str) or not token:
            raise error_of(status, code_of(told), text(told.get("message")))
        lives = int(seconds) if seconds.isascii() and seconds.isdecimal() else _LONGEST
        keep_token(self.account, token, got_by=self._got_by, seconds=min(lives, _LONGEST))
        return token

    @property
    def _got_by(self) -> str:
        return f"{self.app}\n{self.secret}"

    def _token(self) -> str:
        return kept_token(self.account, got_by=self._got_by) or self.fetch_token()

    def _exchange(  # noqa: PLR0913 - one request has that many parts
        self,
        method: str,
        where: str,
        content: Mapping[str, Any] | None,
        params: Mapping[str, str] | None,
        *,
        changes: bool,
        token: str = "",
    ) -> tuple[int, dict[str, Any]]:
        """One request and its answer, whatever it says."""
        body = None if content is None else json.dumps(content, ensure_ascii=False).encode()
        headers = {"Authorization": f"QQBot {token}"} if token else {}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        try:
            status, answered = self._line.send(method, where, query=params, content=body, headers=headers)
        except NOT_REACHED:
            raise BusyError(_("QQ cannot be reached at the moment. Nothing was sent.")) from None
        except BROKEN_OFF:
            raise _silence(changes=changes) from None
        told = as_dict(answered or b"{}")
        if told is None:
            raise _silence(changes=changes)
        return status, told


def _silence(*, changes: bool) -> BusyError | UnknownError:
    """No answer that can be read: a mystery only where asking again would do it twice."""
    if changes:
        return UnknownError(_("The line to QQ was cut before it answered. Look in QQ whether it arrived."))
    return BusyError(_("QQ did not answer in time. It is tried again."))


def code_of(told: Mapping[str, Any]) -> int:
    """The number of an answer; 0 where it carries none, and so is well."""
    code = told.get("code") or told.get("err_code") or 0
    return code if isinstance(code, int) else 0


__all__ = ["HOST", "TOKEN", "Client", "QQRefusalError", "code_of", "path"]
