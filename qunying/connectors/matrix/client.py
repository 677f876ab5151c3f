"""Asking a homeserver: one request, its answer as a dict, and every way it can fail as one of the port's errors.

Client-server API, https://spec.matrix.org/latest/client-server-api/.
"""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.ground.platforms.outgoing import Door, door_to, exchange
from qunying.ground.platforms.port import BusyError, RefusedError, UnknownError
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.errors import QunyingError
from qunying.kit.spoken import filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_MOST_BYTES = 32 * 1024 * 1024
_DEFAULT_PAUSE = timedelta(seconds=5)
_SHOWN = 200
_FAULT = _("The homeserver answered with a fault (%(status)s). Look in the room whether it arrived.")
_NO_POWER = _("The homeserver does not allow it (%(error)s). Give the account the power in the room.")
_GATEWAY = {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}


class MatrixRefusalError(RefusedError):
    """The homeserver said no; `code` is its own short word for why, such as M_FORBIDDEN."""

    def __init__(self, message: str | _StrPromise, *, code: str) -> None:
        super().__init__(message)
        self.code = code


def path(*parts: str) -> str:
    """Where these parts lead below the client-server API, each of them escaped."""
    return "/_matrix/client/v3/" + "/".join(quote(part, safe="") for part in parts)


class Client:
    """Asks the homeserver of one account, as its application service."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.own = str(account.settings.get("user", ""))
        self._token = open_secrets(account).get("as_token", "")

    @property
    def server(self) -> str:
        """The name of the server the account lives on."""
        return self.own.partition(":")[2]

    @property
    def localpart(self) -> str:
        """The account's name without its server."""
        return self.own.removeprefix("@").partition(":")[0]

    def get(self, where: str, **params: str | int) -> dict[str, Any]:
        """What stands there. Where no answer comes nothing was done: BusyError, never UnknownError."""
        return self.ask("GET", where, params=params, changes=False)

    def ask_list(self, where: str) -> list[dict[str, Any]]:
        """The objects of a list that stands there."""
        found = self.ask("GET", where, changes=False).get("", [])
        return [one for one in found if isinstance(one, dict)]

    def put(self, where: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Put something in its place. Twice is once there, so it is tried again where the line was cut."""
        try:
            return self.ask("PUT", where, body=body)
        except UnknownError as unknown:
            try:
                return self.ask("PUT", where, body=body)
            except BusyError:
                raise unknown from None

    def post(self, where: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Have something done that twice would be twice."""
        return self.ask("POST", where, body=body or {})

    def ask(  # noqa: PLR0913 - a request is made of these
        self,
        method: str,
        where: str,
        *,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        media_type: str = "application/json",
        params: Mapping[str, str | int] | None = None,
        changes: bool = True,
    ) -> dict[str, Any]:
        """The answer of the homeserver. Raises RefusedError, BusyError, UnknownError as the port says.

        `changes` is False for what can be asked again without harm: an answer that does not come is then no mystery.
        """
        door = self._door()
        headers = {"Accept": "application/json", **door.headers}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = media_type
        try:
            status, answered, head = exchange(
                method,
                door.base + where,
                door,
                headers=headers,
                content=content,
                most_bytes=_MOST_BYTES,
                params=params,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise BusyError(_("The homeserver cannot be reached at the moment. Nothing was sent.")) from None
        except httpx.HTTPError:
            if changes:
                raise UnknownError(
                    _("The line to the homeserver was cut before it answered. Look in the room whether it arrived.")
                ) from None
            raise BusyError(_("The homeserver did not answer in time. Nothing was changed.")) from None
        return _judge(status, answered, head, changes=changes)

    def _door(self) -> Door:
        try:
            return door_to(str(self.account.settings.get("homeserver", "")).rstrip("/"))
        except (QunyingError, ValueError) as error:
            raise RefusedError(
                filled(
                    _("The homeserver's address cannot be used: %(why)s Correct it in the account's settings."),
                    why=error,
                )
            ) from None


def _judge(status: int, body: bytes, head: httpx.Headers, *, changes: bool) -> dict[str, Any]:
    told = _as_dict(body)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and told is not None:
        return told
    told = told or {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise BusyError(
            _("The homeserver asks us to go slower. It is tried again a little later."), again_at=_again_at(told, head)
        )
    if status in _GATEWAY and not changes and "errcode" in told:
        raise _refusal(status, told)  # the homeserver itself says what it could not reach
    if status == HTTPStatus.SERVICE_UNAVAILABLE or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and not changes):
        raise BusyError(_("The homeserver is not ready. Nothing was changed."), again_at=_again_at(told, head))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST:
        raise UnknownError(filled(_FAULT, status=status))
    raise _refusal(status, told)


def _as_dict(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    if isinstance(told, list):
        return {"": told}
    return told if isinstance(told, dict) else None


def _again_at(told: Mapping[str, Any], head: httpx.Headers) -> Any:
    pause = told.get("retry_after_ms")
    if isinstance(pause, int | float) and pause >= 0:
        return timezone.now() + timedelta(milliseconds=min(pause, 3_600_000))
    after = head.get("Retry-After", "")
    return timezone.now() + (timedelta(seconds=min(int(after), 3600)) if after.isdecimal() else _DEFAULT_PAUSE)


def _refusal(status: int, told: Mapping[str, Any]) -> MatrixRefusalError:
    code, error = str(told.get("errcode", status))[:_SHOWN], str(told.get("error", ""))[:_SHOWN]
    shown = {"code": code, "error": error or code}
    if code in {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"}:
        sentence = _("The homeserver does not know the account. Give it the registration file and start it again.")
    elif code == "M_FORBIDDEN":
        sentence = filled(
            _("The homeserver does not allow it (%(error)s). Give the account the power in the room."), **shown
        )
    elif code == "M_NOT_FOUND":
        sentence = filled(_("The homeserver does not find the room, the message or the person (%(error)s)."), **shown)
    elif code == "M_TOO_LARGE" or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        sentence = _("It is too large for the homeserver. Make the text or the picture smaller.")
    else:
        sentence = filled(_("The homeserver refused: %(error)s (%(code)s)."), **shown)
    return MatrixRefusalError(sentence, code=code)
