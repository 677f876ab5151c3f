"""Keyed digests: the same input gives the same bytes here, and nowhere else."""

from __future__ import annotations

from hashlib import blake2b

DIGEST_BYTES = 16


def keyed_digest(key: bytes, *parts: str | bytes | int) -> bytes:
    """16 bytes that name these parts under this key; parts are length-separated, so never run together."""
    state = blake2b(key=key, digest_size=DIGEST_BYTES)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        state.update(len(raw).to_bytes(4, "big"))
        state.update(raw)
    return state.digest()
