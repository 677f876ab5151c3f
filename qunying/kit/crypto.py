"""Encryption of private fields: AES-256-GCM with the key's id in front of the ciphertext."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from qunying.kit.keys import Keyring

_NONCE_BYTES = 12
_LONG = 7


def encrypt(keyring: Keyring, plain: str, *, bound_to: str) -> bytes:
    """Ciphertext of `plain`, readable only together with the same `bound_to` (its row and field)."""
    name = keyring.current.encode()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(keyring.data[keyring.current]).encrypt(nonce, plain.encode(), bound_to.encode())
    return bytes([len(name)]) + name + nonce + sealed


def decrypt(keyring: Keyring, sealed: bytes, *, bound_to: str) -> str:
    """What `encrypt` was given; raises KeyError for an unknown key, InvalidTag for a changed text."""
    size = sealed[0]
    name = sealed[1 : 1 + size].decode()
    nonce = sealed[1 + size : 1 + size + _NONCE_BYTES]
    body = sealed[1 + size + _NONCE_BYTES :]
    return AESGCM(keyring.data[name]).decrypt(nonce, body, bound_to.encode()).decode()


def key_id(sealed: bytes) -> str:
    """Which key this ciphertext was made with."""
    return sealed[1 : 1 + sealed[0]].decode()


def mask(plain: str) -> str:
    """What a screen may show: 138****5678 for a telephone number, 王** for anything shorter."""
    if len(plain) > _LONG:
        return f"{plain[:3]}{'*' * (len(plain) - _LONG)}{plain[-4:]}"
    return plain[:1] + "*" * max(len(plain) - 1, 1)
