"""Where the lake lies, and which files make up one version of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class LakeFile:
    """One Parquet file of a snapshot, with what its statistics say of the rows."""

    path: str
    month: str
    communities: tuple[int, int]
    rows: int


@dataclass(frozen=True, slots=True)
class Files:
    """The exact files of one version of the lake, and the number of the last batch in them."""

    version: int
    batch: int
    files: tuple[LakeFile, ...]

    def holding(self, communities: Iterable[int], first: date | None, last: date | None) -> list[LakeFile]:
        """The files that can hold facts of these communities between two local days."""
        low, high = (f"{day:%Y-%m}" if day else "" for day in (first, last))
        wanted = sorted(communities)
        return [
            file
            for file in self.files
            if (not low or file.month >= low)
            and (not high or file.month <= high)
            and any(file.communities[0] <= pk <= file.communities[1] for pk in wanted)
        ]


NO_FILES = Files(version=-1, batch=0, files=())
"""No lake."""


def lake_path() -> Path:
    """Where the lake lies."""
    return Path(settings.LAKE)
