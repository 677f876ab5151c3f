"""What surrounds every request to the API: its language, acting once, and problems where Django answers itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_language_from_request

from qunying.doors.api.house import too_big
from qunying.doors.api.keys import NoKeyError, open_with, text_of
from qunying.doors.api.once import acts_once, answer_once
from qunying.doors.api.problems import TYPE, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PREFIX = "/api/v1/"
_MOST_FORM = 210 * 1024 * 1024


class ApiMiddleware:
    """Stands last, so that for all else the API is a view like others. Cookies say nothing here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language that the program asks for."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        language = _language(request)
        with translation.override(language):
            answer = _as_problem(self._answer(request))
        answer.headers["Content-Language"] = language
        answer.headers["Vary"] = "Accept-Language, Authorization"
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if _is_too_big(request):
            return too_big()
        if not acts_once(request):
            return self.get_response(request)
        try:
            key = open_with(request, text_of(request))
        except NoKeyError:
            return self.get_response(request)
        return answer_once(request, key, self.get_response)


def _language(request: HttpRequest) -> str:
    """By Accept-Language alone: a browser's cookie must not change what a program reads."""
    kept, request.COOKIES = request.COOKIES, {}
    try:
        return get_language_from_request(request)
    finally:
        request.COOKIES = kept


def _is_too_big(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    most = _MOST_FORM if request.content_type == "multipart/form-data" else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return length.isascii() and length.isdigit() and int(length) > most


def _as_problem(answer: HttpResponse) -> HttpResponse:
    if answer.status_code < HTTPStatus.BAD_REQUEST or answer.headers.get("Content-Type", "").startswith(TYPE):
        return answer
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = answer.headers.get("Allow", "")
        detail = _("This address takes: %(methods)s.") % {"methods": allowed}
        return problem(answer.status_code, detail, headers={"Allow": allowed})
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return problem(answer.status_code, _("There is nothing here. Every address stands in /api/v1/openapi.json."))
    return answer
