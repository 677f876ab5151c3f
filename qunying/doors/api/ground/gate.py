"""The way in for facts: a program that sends one after another is asked who it is once a second, not every time."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from cachetools import TTLCache, cached

from qunying.doors.api.keys import KeyAuth, open_with
from qunying.ground.access.roles import Permission
from qunying.ground.access.services_keys import authenticate_key
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.ground.access.models import ApiKey
    from qunying.ground.groups.models import Community

HOLDS = 1.0
"""Seconds for which an entrance stays open after it was closed (decision 0134)."""


def _now() -> float:
    return monotonic()


@cached(TTLCache(maxsize=1_000, ttl=HOLDS, timer=_now), lock=Lock())
def _key_of(text: str) -> ApiKey:
    return authenticate_key(text)


# By the prefix, which no other key ever has: numbers of rows come again when a database is put back.
@cached(TTLCache(maxsize=10_000, ttl=HOLDS, timer=_now), key=lambda key, slug: (key.prefix, slug), lock=Lock())
def _place(key: ApiKey, slug: str) -> Community:
    return get_community_for(key, slug, Permission.IMPORT)


class FactsAuth(KeyAuth):
    """As every key is asked, but one that was good within the last second is taken at its word."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """The key of this text; raises NoKeyError with the reason where it opens nothing."""
        return open_with(request, token, find=_key_of)


def community_to_fill(key: ApiKey, slug: str) -> Community:
    """The community that this key may send facts to; raises NotFoundError."""
    return _place(key, slug)
