"""The secret of an endpoint between plain and stored, and what it signs."""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from qunying.ground.members.sealing import keys_now
from qunying.kit.crypto import decrypt, encrypt

if TYPE_CHECKING:
    from qunying.ground.webhooks.models import Endpoint

_MARK = "whsec_"


def new_secret() -> str:
    """A fresh secret as Standard Webhooks writes it: whsec_ and 32 random bytes in base64."""
    return _MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def seal_secret(endpoint: Endpoint, secret: str) -> bytes:
    """The secret, encrypted for this row alone."""
    return encrypt(keys_now(), secret, bound_to=f"webhook:{endpoint.pk}")


def open_secret(endpoint: Endpoint) -> str:
    """The secret in plain; only signing may ask for it."""
    return decrypt(keys_now(), bytes(endpoint.sealed), bound_to=f"webhook:{endpoint.pk}")


def renewed(endpoint: Endpoint) -> dict[str, bytes]:
    """The secret sealed anew with the current key."""
    return {"sealed": seal_secret(endpoint, open_secret(endpoint))}


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id.timestamp.body in base64 (standardwebhooks.com, version 1)."""
    key = base64.b64decode(secret.removeprefix(_MARK))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, sha256).digest()
    return "v1," + base64.b64encode(signed).decode()
