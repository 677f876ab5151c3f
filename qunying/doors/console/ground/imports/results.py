"""The counts of an import in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qunying.ground.events.kinds import all_kinds
from qunying.ground.imports.importers import all_importers

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of an import: numbers, facts by kind, and the local days it spans."""

    rows: int
    stored: int
    duplicates: int
    rejected: int
    skipped: int
    members_new: int
    profiles: int
    kinds: list[tuple[str, int]]
    first: date | None
    last: date | None


def told(result: dict[str, Any], *, community: Community) -> Counts:
    """The result of an import job, for a page."""
    meanings = {kind.name: kind.meaning for kind in all_kinds()}
    kinds = sorted(result["kinds"].items(), key=lambda pair: -pair[1])
    plain = {
        name: result[name]
        for name in ("rows", "stored", "duplicates", "rejected", "skipped", "members_new", "profiles")
    }
    return Counts(
        **plain,
        kinds=[(str(meanings.get(name, name)).rstrip("。."), count) for name, count in kinds],
        first=_day(result["from"], community),
        last=_day(result["to"], community),
    )


def format_label(name: str) -> str:
    """What people call the format; a name nothing here knows any more stands for itself."""
    return next((str(importer.label) for importer in all_importers() if importer.name == name), name)


def is_tabular(name: str) -> bool:
    """Whether files of the format are tables whose columns are mapped."""
    return any(importer.columns for importer in all_importers() if importer.name == name)


def _day(text: str | None, community: Community) -> date | None:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(community.timezone)).date() if text else None
