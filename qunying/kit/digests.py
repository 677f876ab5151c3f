"""Keyed digests: the same input gives the same bytes here, and nowhere else."""

from __future__ import annotations

from hashlib import blake2b

DIGEST_BYTES = 16


def keyed_digest(key: bytes, *parts: str | bytes | int) -> bytes:
    """16 bytes that name these parts under this key; each part goes in with its length, so none run together."""
    texts = [part.hex() if isinstance(part, bytes) else str(part) for part in parts]
    # Text from a broken export may hold lone surrogates; it still has a digest.
    joined = "".join([f"{len(text)}:{text}" for text in texts]).encode("utf-8", "surrogatepass")
    return blake2b(joined, key=key, digest_size=DIGEST_BYTES).digest()
