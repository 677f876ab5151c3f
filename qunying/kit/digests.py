"""Keyed digests: the same input gives the same bytes here, and nowhere else."""

from __future__ import annotations

from hashlib import blake2b

DIGEST_BYTES = 16


def keyed_digest(key: bytes, *parts: str | bytes | int) -> bytes:
    """16 bytes that name these parts under this key; no two different lists of parts run together.

    The parts go in as Python writes them in ASCII, quoted and escaped: the same in every version, and
    text from a broken export that holds lone surrogates has a digest too.
    """
    return blake2b(ascii(parts).encode(), key=key, digest_size=DIGEST_BYTES).digest()
