"""The one family of errors that are meant to be read by the person at the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class QunyingError(Exception):
    """Something a person can put right.

    The message is one clear sentence, translated: what happened, where, what to do.
    Doors show it as it is; anything that is not a QunyingError is a fault of ours.
    """

    def __init__(self, message: str | _StrPromise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(QunyingError):
    """The person may not do this here."""


class NotFoundError(QunyingError):
    """There is no such thing, or not for this person."""
