"""Tokens that a platform gives for a while: fetched seldom, kept encrypted where every process finds them."""

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

_EARLY = 60
"""Seconds before its end at which a token counts as old."""
_LEAST = 30


def kept_token(account: Account, secret: str) -> str:
    """The token that is kept for this account and secret; '' where there is none that can be used."""
    held = cache.get(_name(account, secret))
    if not isinstance(held, str):
        return ""
    try:
        return decrypt(_keys(), base64.b64decode(held), bound_to=_name(account, secret))
    except (InvalidTag, KeyError, ValueError, IndexError):
        return ""


def keep_token(account: Account, secret: str, token: str, *, seconds: int) -> None:
    """Keep a token that lives so many seconds, a little shorter."""
    sealed = encrypt(_keys(), token, bound_to=_name(account, secret))
    cache.set(_name(account, secret), base64.b64encode(sealed).decode(), max(seconds - _EARLY, _LEAST))


def forget_token(account: Account, secret: str, token: str) -> None:
    """Drop a token that is not taken any more; one that another process fetched meanwhile stays."""
    if kept_token(account, secret) == token:
        cache.delete(_name(account, secret))


def _name(account: Account, secret: str) -> str:
    """Other settings or another secret make another name: what was fetched with the old ones is not found."""
    told = sha256(f"{sorted(account.settings.items())}\n{secret}".encode()).hexdigest()[:16]
    return f"{account.platform}-token:{account.pk}:{told}"


def _keys() -> Keyring:
    return newest_keyring(require_keys(settings.KEYRING), settings.HOME)
