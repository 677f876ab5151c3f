"""The list of erasures in the home directory: digests only, added to and never shortened.

A database that is put back from a backup is older than some erasures. This list is not part of it, so it
tells which accounts must be erased again.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Remembered:
    """One erasure: its name, when it was (UTC), the digests of the accounts."""

    name: str
    at: datetime
    digests: tuple[bytes, ...]


def remember(erasure: Remembered) -> None:
    """Write the erasure down for good before anything is deleted: it may be told twice, never be forgotten."""
    line = {"erasure": erasure.name, "at": erasure.at.isoformat(), "digests": [one.hex() for one in erasure.digests]}
    path = Path(settings.ERASURES)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def remembered(path: Path | None = None) -> list[Remembered]:
    """Every erasure of the list; a line that a crash cut short was never acted on and is left out."""
    path = Path(settings.ERASURES) if path is None else path
    if not path.exists():
        return []
    found = [_read(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [erasure for erasure in found if erasure is not None]


def merge_remembered(other: Path) -> int:
    """Add the erasures of another list, such as that of a backup, which this one lacks; how many those were."""
    known = {erasure.name for erasure in remembered()}
    missing = [erasure for erasure in remembered(other) if erasure.name not in known]
    for erasure in missing:
        remember(erasure)
    return len(missing)


def all_digests() -> set[bytes]:
    """The digests of every account on the list."""
    return set(_digests(remembered()))


def _digests(erasures: Iterable[Remembered]) -> Iterable[bytes]:
    return (digest for erasure in erasures for digest in erasure.digests)


def _read(line: str) -> Remembered | None:
    try:
        plain = json.loads(line)
        digests = tuple(bytes.fromhex(one) for one in plain["digests"])
        return Remembered(plain["erasure"], datetime.fromisoformat(plain["at"]), digests)
    except (ValueError, KeyError, TypeError):
        return None
