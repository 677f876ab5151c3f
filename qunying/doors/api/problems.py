"""Errors as RFC 9457 problem details, in the language of the request."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

TYPE = "application/problem+json"
RETRY_SECONDS = 5

TITLES = {
    HTTPStatus.BAD_REQUEST: _("The request cannot be carried out"),
    HTTPStatus.UNAUTHORIZED: _("The key does not open"),
    HTTPStatus.FORBIDDEN: _("The key may not do this"),
    HTTPStatus.NOT_FOUND: _("There is no such thing"),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This address does not take this method"),
    HTTPStatus.CONFLICT: _("The request stands against another"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("The request is too large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _("The request is not as described"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("A fault of ours"),
    HTTPStatus.SERVICE_UNAVAILABLE: _("The store is busy"),
}
"""Status → what a problem of it is called; every status the API answers with beside those of success."""

_NAMES = {
    HTTPStatus.BAD_REQUEST: "refused",
    HTTPStatus.UNAUTHORIZED: "no-key",
    HTTPStatus.FORBIDDEN: "not-allowed",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong-method",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "too-many",
    HTTPStatus.INTERNAL_SERVER_ERROR: "fault",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}


class ProblemError(QunyingError):
    """An error of the API with a status of its own and, where several things are wrong, one line for each."""

    def __init__(
        self, message: str | _StrPromise, *, status: HTTPStatus, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.status, self.errors = status, list(errors)


def problem(
    status: int, detail: str, *, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """One problem as an answer. `errors` name the place (`field`) and what is wrong there (`detail`)."""
    known = HTTPStatus(status)
    body = {
        "type": f"urn:qunying:problem:{_NAMES[known]}",
        "title": str(TITLES[known]),
        "status": status,
        "detail": detail,
        "errors": list(errors),
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=TYPE, headers=dict(headers or {})
    )


def wrong(field: str, detail: str) -> ProblemError:
    """422 that names a field of the body."""
    errors = [{"field": f"body.{field}", "detail": detail}]
    return ProblemError(detail, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
