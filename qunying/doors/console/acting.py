"""One way to do what a button asks for: say what was done, or why not, on the page people come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


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
