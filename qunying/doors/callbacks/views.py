"""Callbacks of platforms: bounded, handed to whoever takes them, answered with their length."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from qunying.ground.groups.lately import account_lately
from qunying.ground.platforms.callbacks import Answer, Callback, taker_of
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.ground.platforms.callbacks import Taker

_RETRY_SECONDS = "5"


@csrf_exempt
def take(request: HttpRequest, platform: str, pk: int, rest: str) -> HttpResponse:
    """Answer what a platform sends. The platform proves itself to its connector; a browser has no business here."""
    taker = taker_of(platform)
    if taker is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND, headers={"Content-Length": "0"})
    body = _body(request, taker.most_bytes)
    if body is None:
        return _as_response(taker.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
    headers = {name.lower(): value for name, value in request.headers.items()}
    callback = Callback(request.method or "", rest, headers, body, request.GET.dict())
    return _as_response(_answer(taker, platform, pk, callback))


def _answer(taker: Taker, platform: str, pk: int, callback: Callback) -> Answer:
    """The connector's answer; where the store is busy, one that has the platform send it again."""
    try:
        account = account_lately(platform, pk) if to_id(str(pk)) is not None else None
        return taker.take(account, callback)
    except OperationalError:
        return taker.refuse(HTTPStatus.SERVICE_UNAVAILABLE)


def _body(request: HttpRequest, most: int) -> bytes | None:
    """The whole body; None where it is larger than the connector takes, or where its length is not told."""
    told = request.headers.get("Content-Length") or "0"
    length = int(told) if told.isascii() and told.isdecimal() else most + 1
    if length > most or request.headers.get("Transfer-Encoding"):
        return None
    # Read past Django's own bound, which is made for forms.
    return request.read(length)


def _as_response(answer: Answer) -> HttpResponse:
    response: HttpResponse = (
        JsonResponse(dict(answer.content), status=answer.status)
        if answer.text is None
        else HttpResponse(answer.text, content_type="text/plain; charset=utf-8", status=answer.status)
    )
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Cache-Control"] = "no-store"
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response
