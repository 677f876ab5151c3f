"""The envelope: Tencent's own vectors open, and whatever is wrong with one stays closed."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.envelopes import Envelope, EnvelopeError, key_of, sign

if TYPE_CHECKING:
    from pathlib import Path

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
"""Of the platform's public example."""
ENVELOPE = Envelope(TOKEN, KEY, CORP)


def opened(encrypted: str, envelope: Envelope = ENVELOPE) -> bytes:
    return envelope.open(encrypted, signature=sign(TOKEN, "1", "2", encrypted), timestamp="1", nonce="2")


def sealed(body: bytes) -> str:
    """Bytes encrypted as they stand, so that what is inside can be wrong."""
    key = key_of(KEY)
    locked = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(locked.update(body) + locked.finalize()).decode()


def vectors(shared_data: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared_data / "platform" / "wecom_crypto_vectors.json").read_text())
    return found


def test_the_platforms_own_vectors_open(shared_data: Path) -> None:
    whole = [one for one in vectors(shared_data) if "encrypt" in one]
    told = [
        Envelope(one["token"], one["encoding_aes_key"], one["receive_id"])
        .open(one["encrypt"], signature=one["msg_signature"], timestamp=one["timestamp"], nonce=one["nonce"])
        .decode()
        for one in whole
    ]
    assert told == [one["expected_plaintext"] for one in whole]


def test_the_platforms_own_vectors_are_made_again(shared_data: Path) -> None:
    for one in vectors(shared_data):
        if "encrypt" in one:
            envelope = Envelope(one["token"], one["encoding_aes_key"], one["receive_id"])
            random = bytes.fromhex(one["random16_hex"])
            assert envelope.close(one["expected_plaintext"].encode(), random=random) == one["encrypt"]


def test_keys_that_are_none_are_refused(shared_data: Path) -> None:
    bad = [one["encoding_aes_key"] for one in vectors(shared_data) if one["kind"] == "must be rejected"]
    for letters in (*bad, "", f"{KEY}=", f"{KEY}\n"):
        with pytest.raises(EnvelopeError):
            key_of(letters)


def test_a_message_of_known_random_is_always_the_same() -> None:
    made = ENVELOPE.close("测试".encode(), random=b"0123456789abcdef")
    assert made == "sKqRbbiSUnDhFHOvPjtUMbGJ963wrHearW5iqO289bU0zqHtS2GwXi4tD30CUsgr/oG21K7nhIcnEj+wnlrx/g=="


@given(st.binary(max_size=300))
def test_what_is_closed_opens_again(message: bytes) -> None:
    assert opened(ENVELOPE.close(message)) == message


@given(st.binary(max_size=200))
def test_nonsense_is_refused_and_nothing_else_happens(body: bytes) -> None:
    with pytest.raises(EnvelopeError):
        opened(base64.b64encode(body).decode())
    with pytest.raises(EnvelopeError):
        opened(body.decode("latin-1"))


def test_a_wrong_signature_is_refused() -> None:
    encrypted = ENVELOPE.close(b"hello")
    good = sign(TOKEN, "1", "2", encrypted)
    for signature in ("", good.upper(), f"{good[:-1]}g", "签名"):
        with pytest.raises(EnvelopeError):
            ENVELOPE.open(encrypted, signature=signature, timestamp="1", nonce="2")
    with pytest.raises(EnvelopeError):
        ENVELOPE.open(encrypted, signature=good, timestamp="1", nonce="3")


def test_without_a_token_nothing_opens() -> None:
    encrypted = ENVELOPE.close(b"hello")
    with pytest.raises(EnvelopeError):
        Envelope("", KEY, CORP).open(encrypted, signature=sign("", "1", "2", encrypted), timestamp="1", nonce="2")


def test_letters_to_another_corp_are_refused() -> None:
    with pytest.raises(EnvelopeError, match="receiver"):
        opened(Envelope(TOKEN, KEY, "ww1").close(b"hello"))
    with pytest.raises(EnvelopeError, match="receiver"):
        opened(Envelope(TOKEN, KEY, f"{CORP}x").close(b"hello"))


def body_of(message: bytes, *, length: int, pad: bytes) -> bytes:
    return b"r" * 16 + length.to_bytes(4, "big") + message + CORP.encode() + pad


@pytest.mark.parametrize("pad", [b"", b"\x00" * 18, b"\x21" * 50, b"\x01" * 17 + b"\x12", b"\xff" * 18])
def test_a_wrong_pad_is_refused(pad: bytes) -> None:
    whole = body_of(b"0123456789", length=10, pad=b"")
    body = whole + (pad or b"")
    body += b"\x00" * (-len(body) % 16)
    with pytest.raises(EnvelopeError):
        opened(sealed(body))


@pytest.mark.parametrize("length", [9, 11, 28, 29, 2**31, 2**32 - 1])
def test_a_wrong_length_is_refused(length: int) -> None:
    body = body_of(b"0123456789", length=length, pad=b"")
    pad = 32 - len(body) % 32
    with pytest.raises(EnvelopeError):
        opened(sealed(body + bytes([pad]) * pad))


def test_what_is_too_short_to_hold_anything_is_refused() -> None:
    for body in (b"\x20" * 32, b"\x10" * 16, b"r" * 13 + b"\x03" * 3):
        with pytest.raises(EnvelopeError):
            opened(sealed(body))
