"""One way to do what a button asks for: say what was done, or why not, on the page people come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, QueryDict

_MOST = 500


def ids_in(posted: QueryDict) -> list[int]:
    """The numbers of what is ticked on a list, as many as a page can hold; nobody may be trusted that they are his."""
    return [pk for text in posted.getlist("ids") if (pk := to_id(text)) is not None][:_MOST]


def back_to(name: str, request: HttpRequest) -> HttpResponse:
    """Back to the list of this name with the filters it was sent with."""
    query = request.POST.get("filters", "").lstrip("?")
    address = reverse(name)
    return redirect(f"{address}?{query}" if query else address)


def act_and_return(
    request: HttpRequest, act: Callable[[], object], *, done: str, back: str, refused: str = ""
) -> HttpResponse:
    """Do it and lead to `back` with the sentence `done`; a refusal leads to `refused` (or `back`) with its own.

    What is not there or not allowed stays an error of its own: 404 or 403.
    """
    try:
        act()
    except (NotFoundError, NotAllowedError):
        raise
    except QunyingError as error:
        messages.error(request, str(error))
        return redirect(refused or back)
    messages.success(request, done)
    return redirect(back)
