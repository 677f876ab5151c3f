"""The access token of an account: fetched seldom, kept encrypted where every process finds it."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.cache import cache

from qunying.kit.crypto import decrypt, encrypt
from qunying.kit.keys import newest_keyring, require_keys

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from qunying.kit.keys import Keyring

_EARLY = 300
"""Seconds before its end at which a token counts as old."""
_LEAST = 30


def kept_token(account: Account, *, got_by: str) -> str:
    """The token that is kept for this account; '' where there is none that can be used.

    `got_by` is everything it was fetched with (id and secret): where any of it changes, it is not found.
    """
    name = token_name(account, got_by=got_by)
    held = cache.get(name)
    if not isinstance(held, str):
        return ""
    try:
        return decrypt(_keys(), base64.b64decode(held), bound_to=name)
    except (InvalidTag, KeyError, ValueError, IndexError):
        return ""


def keep_token(account: Account, token: str, *, got_by: str, seconds: int) -> None:
    """Keep a token that lives so many seconds, a little shorter."""
    name = token_name(account, got_by=got_by)
    sealed = encrypt(_keys(), token, bound_to=name)
    cache.set(name, base64.b64encode(sealed).decode(), max(seconds - _EARLY, _LEAST))


def forget_token(account: Account, token: str, *, got_by: str) -> None:
    """Drop a token that is not taken any more; one that another process fetched meanwhile stays."""
    if kept_token(account, got_by=got_by) == token:
        cache.delete(token_name(account, got_by=got_by))


def token_name(account: Account, *, got_by: str) -> str:
    """Under what it is kept; nothing of what it was fetched with can be read from it."""
    return f"{account.platform}-token:{account.pk}:{sha256(got_by.encode()).hexdigest()[:16]}"


def _keys() -> Keyring:
    return newest_keyring(require_keys(settings.KEYRING), settings.HOME)
