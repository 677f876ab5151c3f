"""A request with an Idempotency-Key acts once; sent again within a day it gets the same answer."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from qunying.doors.api.models import Answer
from qunying.doors.api.problems import problem
from qunying.doors.api.services import claim_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from qunying.ground.access.models import ApiKey

HEADER = "Idempotency-Key"
_ACTING = {"POST", "PATCH", "DELETE", "PUT"}


def acts_once(request: HttpRequest) -> bool:
    """Whether the request asks to act at most once."""
    return request.method in _ACTING and HEADER in request.headers


def answer_once(request: HttpRequest, key: ApiKey, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """The answer kept for this request, or a new one, kept together with its effects in one transaction.

    Faults of ours and refusals for haste are not kept, and what was done on the way is undone.
    """
    name = request.headers[HEADER].strip()
    if not (0 < len(name) <= Answer.NAME_LENGTH and name.isascii() and name.isprintable()):
        detail = _("An Idempotency-Key has 1 to %(most)d plain characters.") % {"most": Answer.NAME_LENGTH}
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=[{"field": HEADER, "detail": detail}])
    with transaction.atomic():
        digest = _digest(request)
        kept, fresh = claim_answer(name, by=key, digest=digest)
        if not fresh:
            return _again(kept, digest)
        given = answer(request)
        if given.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or given.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            transaction.set_rollback(True)
            return given
        kept.status, kept.body = given.status_code, given.content
        kept.content_type, kept.location = given.headers.get("Content-Type", ""), given.headers.get("Location", "")
        kept.save()
    return given


def _again(kept: Answer, digest: bytes) -> HttpResponse:
    if bytes(kept.digest) != digest:
        detail = _("This Idempotency-Key was sent with another request. Use a new one for each thing to do.")
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=[{"field": HEADER, "detail": detail}])
    answer = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    answer["Idempotent-Replayed"] = "true"
    if kept.location:
        answer["Location"] = kept.location
    return answer


def _digest(request: HttpRequest) -> bytes:
    """Method, address, media type and body; the boundary of a form is drawn anew each time and left out."""
    state = sha256(f"{request.method} {request.get_full_path()} {request.content_type}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            state.update(repr((name, values)).encode(errors="surrogatepass"))
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                state.update(repr((name, file.name, file.size)).encode(errors="surrogatepass"))
                for block in file.chunks():
                    state.update(block)
                file.seek(0)
    else:
        state.update(request.body)
    return state.digest()
