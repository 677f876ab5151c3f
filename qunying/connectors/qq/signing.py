"""QQ's signatures: Ed25519, with a key made of the robot's secret (bot.q.qq.com, "Event subscription: Webhook")."""

from __future__ import annotations

import binascii
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SEED = 32
_SIGNATURE = 64
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STAMP = re.compile(r"[0-9]{1,12}")


def key_of(secret: str) -> Ed25519PrivateKey:
    """The key of a secret, which is repeated until it is long enough; raises ValueError for an empty one."""
    if not secret:
        raise ValueError("there is no secret")
    seed = secret.encode()
    return Ed25519PrivateKey.from_private_bytes((seed * (_SEED // len(seed) + 1))[:_SEED])


def is_signed(secret: str, *, signature: str, timestamp: str, body: bytes) -> bool:
    """Whether QQ signed this body. Verifying takes as long for a wrong signature as for a right one."""
    try:
        given = binascii.unhexlify(signature)
        if len(given) != _SIGNATURE or not _STAMP.fullmatch(timestamp):
            return False
        key_of(secret).public_key().verify(given, timestamp.encode() + body)
    except (ValueError, InvalidSignature):
        return False
    return True


def proof(secret: str, *, token: str, timestamp: str) -> str:
    """What QQ wants to read when it checks our address; '' for what it would not ask.

    The same key signs events, so whoever may choose what is signed could sign events: only letters and digits are
    signed here, and a body that tells something begins with a brace.
    """
    if not secret or not _TOKEN.fullmatch(token) or not _STAMP.fullmatch(timestamp):
        return ""
    return key_of(secret).sign(f"{timestamp}{token}".encode()).hex()
