"""The API as a whole: its errors as problems, its description with every status and examples."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from qunying.doors.api.examples import explain
from qunying.doors.api.keys import KeyAuth, KeyRate, NoKeyError
from qunying.doors.api.problems import RETRY_SECONDS, TITLES, TYPE, ProblemError, problem
from qunying.doors.api.shapes import Problem
from qunying.doors.api.wording import plain_words
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from ninja.openapi.schema import OpenAPISchema

_log = logging.getLogger(__name__)
_ALWAYS = (400, 401, 403, 404, 422, 429, 503)
_HOLDERS = {"asked", "given", "batch"}
"""Names of our parameters that hold the fields of a query or body; nobody outside knows them."""
_ACTING = {"post", "patch", "delete", "put"}
_MEANINGS = {
    400: "Something in the request stands against how things are; `detail` says what to do.",
    401: "No key, or one that does not open.",
    403: "The key lacks a permission there.",
    404: "There is no such thing, or not for this key.",
    413: "Too many items or too many bytes; `detail` says the limit.",
    422: "Something in the request is not as described; `errors` say where.",
    429: "Too many requests; wait as many seconds as Retry-After says.",
    503: "The store is busy with a large write; try again after Retry-After seconds.",
}


class House(NinjaAPI):
    """Ninja's API with errors as problems."""

    def __init__(self, **options: Any) -> None:
        super().__init__(auth=KeyAuth(), throttle=KeyRate(), **options)
        answers: tuple[tuple[type[Exception], Any], ...] = (
            (ValidationError, _invalid),
            (AuthenticationError, _no_key),
            (NoKeyError, _no_key),
            (Throttled, _too_many),
            (HttpError, _http),
            (Http404, _missing),
            (QunyingError, _refused),
            (RequestDataTooBig, _too_big),
            (TooManyFilesSent, _too_big),
            (OperationalError, _busy),
            (Exception, _fault),
        )
        for kind, answer in answers:
            self.add_exception_handler(kind, answer)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description with the problems every operation may answer with, CSV beside lists, and the header."""
        described = super().get_openapi_schema(**options)
        described["components"]["schemas"]["Problem"] = Problem.json_schema()
        explain(described["components"]["schemas"])
        for path in described["paths"].values():
            for method, operation in path.items():
                _complete(method, operation)
        return described


def _complete(method: str, operation: dict[str, Any]) -> None:
    content = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    statuses = (*_ALWAYS, 413) if method in _ACTING else _ALWAYS
    for status in statuses:
        answer: dict[str, Any] = {"description": _MEANINGS[status], "content": content}
        if status in {429, 503}:
            answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
        operation["responses"][str(status)] = answer
    parameters = operation.setdefault("parameters", [])
    if any(one["name"] == "format" for one in parameters) and "200" in _texts(operation["responses"]):
        operation["responses"][200]["content"]["text/csv"] = {"schema": {"type": "string"}}
    if method in _ACTING:
        parameters.append(_ONCE)


def _texts(responses: dict[Any, Any]) -> set[str]:
    return {str(status) for status in responses if "application/json" in responses[status].get("content", {})}


_ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    "description": "The request acts once; sent again within 24 hours it gets the same answer. "
    "The same name with another request is refused with 422.",
}


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _place(one["loc"]), "detail": plain_words(one)} for one in error.errors]
    detail = _("The request is not as described: %(field)s – %(detail)s") % (errors or [{"field": "", "detail": ""}])[0]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _place(parts: Sequence[str | int]) -> str:
    """body.title, query.limit: without the name of our parameter, which stands second."""
    return ".".join(str(part) for number, part in enumerate(parts) if number != 1 or part not in _HOLDERS)


def _no_key(_request: HttpRequest, error: Exception) -> HttpResponse:
    detail = str(error) if isinstance(error, NoKeyError) else _("Send a key: Authorization: Bearer qy_…")
    return problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})


def _too_many(_request: HttpRequest, error: Throttled) -> HttpResponse:
    seconds = str(int(error.wait or 1))
    detail = _("This key asks too often. Go on after %(seconds)s seconds.") % {"seconds": seconds}
    return problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": seconds})


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(HTTPStatus.BAD_REQUEST, _("The body is no JSON, or its form cannot be read."))
    status = error.status_code if error.status_code in TITLES else HTTPStatus.BAD_REQUEST
    return problem(status, str(TITLES[HTTPStatus(status)]))


def _missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, _("There is nothing here. Every address stands in /api/v1/openapi.json."))


def _refused(_request: HttpRequest, error: QunyingError) -> HttpResponse:
    if isinstance(error, ProblemError):
        return problem(error.status, str(error), errors=error.errors)
    if isinstance(error, NotFoundError):
        return problem(HTTPStatus.NOT_FOUND, str(error))
    if isinstance(error, NotAllowedError):
        return problem(HTTPStatus.FORBIDDEN, str(error))
    return problem(HTTPStatus.BAD_REQUEST, str(error))


def too_big() -> HttpResponse:
    """413 with the limit."""
    from django.conf import settings  # noqa: PLC0415 - read late, so that tests may change it

    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
    detail = _("The body is larger than %(most)d MB. Send it in smaller parts.") % {"most": most}
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def _too_big(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return too_big()


def _busy(_request: HttpRequest, _error: OperationalError) -> HttpResponse:
    _log.warning("the store did not answer the API", exc_info=True)
    detail = _("The store is busy with a large write. Nothing was lost; try again in a few seconds.")
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def _fault(_request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("the API failed", exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong on our side; it is in the log."))
