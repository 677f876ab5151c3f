"""What every page of the console may use: theme, permissions, the community last opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from qunying.doors.console.menu import permissions_of

if TYPE_CHECKING:
    from django.http import HttpRequest

THEMES = ("light", "dark", "auto")


def console(request: HttpRequest) -> dict[str, Any]:
    """`theme` (light, dark or auto), `held` (permissions, read only when used), `last_slug`."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "held": SimpleLazyObject(lambda: _held(request)),
        "last_slug": request.COOKIES.get("community", ""),
    }


def _held(request: HttpRequest) -> frozenset[Any]:
    user = request.user
    return permissions_of(user) if user.is_authenticated else frozenset()
