"""The head of the chain, remembered outside the database.

A chain shows a change anywhere but at its end: with the last acts their seals could go, too. So the
sealer writes the newest link to a file of the home directory after each commit, and `verify_chain`
asks for it. A copy left behind by a crash, or on another machine, is merely older: its link must
still be in the chain.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_NAME = "audit.head"


@dataclass(frozen=True, slots=True)
class Head:
    """A link of the chain: its number, from 1, and its digest."""

    number: int
    digest: bytes


def remember_head(head: Head) -> None:
    """Write the newest link down, whole or not at all."""
    path = Path(settings.HOME) / _NAME
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(f"{head.number} {head.digest.hex()}\n", encoding="ascii")
    fresh.replace(path)


def remembered_head() -> Head | None:
    """The link written down last on this machine; None where none was."""
    path = Path(settings.HOME) / _NAME
    if not path.exists():
        return None
    number, digest = path.read_text(encoding="ascii").split()
    return Head(int(number), bytes.fromhex(digest))
