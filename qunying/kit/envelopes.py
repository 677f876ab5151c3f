"""The envelope around what WeCom, official accounts and DingTalk send: AES-256-CBC, signed beside it (WXBizMsgCrypt).

https://developer.work.weixin.qq.com/document/path/90968. What is wrong in any way is refused in the same way, so
that nobody learns from the answer how far they came.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_LETTERS = 43
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_KEY_BYTES, _TOKEN_BYTES = 32, 12
_CIPHER_BLOCK = 16
_PAD_BLOCK = 32
_RANDOM = 16
_LENGTH = 4


class EnvelopeError(Exception):
    """The envelope is not the platform's for this account; nothing of it is told."""


def key_of(letters: str) -> bytes:
    """The 32 bytes of an EncodingAESKey; raises EnvelopeError for what is none."""
    if not _KEY.fullmatch(letters):
        raise EnvelopeError("no key")
    return base64.b64decode(f"{letters}=")


def new_secrets() -> tuple[str, str]:
    """A fresh token and EncodingAESKey to type into a platform's console."""
    key = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()[:KEY_LETTERS]
    return secrets.token_hex(_TOKEN_BYTES), key


def sign(token: str, *parts: str) -> str:
    """The signature over timestamp, nonce and the encrypted text, in any order: hex SHA-1 of all, sorted."""
    # The platform's own way; SHA-1 is not ours to choose.
    return sha1("".join(sorted([token, *parts])).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Opens and closes what goes between a platform and one account; `receive_id` names corp or app."""

    token: str = field(repr=False)
    key: str = field(repr=False)
    receive_id: str

    def open(self, encrypted: str, *, signature: str, timestamp: str, nonce: str) -> bytes:
        """What was sent; raises EnvelopeError where signature, pad, length or receiver is not as it has to be."""
        expected = sign(self.token, timestamp, nonce, encrypted)
        if not self.token or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise EnvelopeError("signature")
        return self._unpack(_unpadded(self._decrypt(encrypted)))

    def close(self, message: bytes, *, random: bytes | None = None) -> str:
        """The encrypted text of a message; `random` are 16 bytes, fresh ones where none are given."""
        body = (random or secrets.token_bytes(_RANDOM)) + len(message).to_bytes(_LENGTH, "big") + message
        body += self.receive_id.encode()
        pad = _PAD_BLOCK - len(body) % _PAD_BLOCK
        locked = self._cipher().encryptor()
        return base64.b64encode(locked.update(body + bytes([pad]) * pad) + locked.finalize()).decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = key_of(self.key)
        return Cipher(algorithms.AES(key), modes.CBC(key[:_CIPHER_BLOCK]))

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise EnvelopeError("no base64") from None
        if not sealed or len(sealed) % _CIPHER_BLOCK:
            raise EnvelopeError("length")
        opened = self._cipher().decryptor()
        return opened.update(sealed) + opened.finalize()

    def _unpack(self, body: bytes) -> bytes:
        begin = _RANDOM + _LENGTH
        end = begin + int.from_bytes(body[_RANDOM:begin], "big")
        if len(body) < begin or end > len(body):
            raise EnvelopeError("length")
        if not hmac.compare_digest(body[end:], self.receive_id.encode()):
            raise EnvelopeError("receiver")
        return body[begin:end]


def _unpadded(body: bytes) -> bytes:
    """Without its PKCS7 pad, which is made for blocks of 32 bytes."""
    many = body[-1]
    if not 1 <= many <= _PAD_BLOCK or many > len(body) or body[-many:] != bytes([many]) * many:
        raise EnvelopeError("pad")
    return body[:-many]
