"""The secrets of an account between plain and stored: one encrypted object, bound to its row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings

from qunying.kit.crypto import decrypt, encrypt
from qunying.kit.keys import newest_keyring, require_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.platforms.models import Account
    from qunying.kit.keys import Keyring


def seal_secrets(account: Account, secrets: Mapping[str, str]) -> bytes:
    """The secrets by name, encrypted for this row alone; nothing where there are none."""
    return encrypt(_keys(), json.dumps(dict(secrets)), bound_to=_bound(account)) if secrets else b""


def open_secrets(account: Account) -> dict[str, str]:
    """The secrets by name, in plain; only connectors at work may ask for them."""
    sealed = bytes(account.sealed)
    found: dict[str, str] = json.loads(decrypt(_keys(), sealed, bound_to=_bound(account))) if sealed else {}
    return found


def renewed(account: Account) -> dict[str, bytes]:
    """The secrets sealed anew with the current key."""
    return {"sealed": seal_secrets(account, open_secrets(account))}


def _bound(account: Account) -> str:
    return f"platform-account:{account.pk}"


def _keys() -> Keyring:
    return newest_keyring(require_keys(settings.KEYRING), settings.HOME)
