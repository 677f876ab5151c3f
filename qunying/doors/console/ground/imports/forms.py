"""What the steps ask about format and columns, read from what was posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.platforms.names import platforms

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from qunying.doors.console.ground.imports.drafts import Draft
    from qunying.ground.imports.detect import Preview
    from qunying.ground.imports.importers import Column, Importer

ENCODINGS: dict[str, _StrPromise | str] = {
    "": _("As recognised"),
    "utf-8": "UTF-8",
    "gb18030": "GB18030 / GBK",
    "utf-16": "UTF-16",
    "big5": "Big5",
}
_NO_TAGS = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """One setting of a format: its name in the form, what it means, what it is now, what to choose from."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of the format and the header of the file it is read from."""

    column: Column
    header: str
    sample: str


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """One leftover header of the file, a value, and whether it becomes a tag dimension."""

    header: str
    sample: str
    tagged: bool


def settings_of(importer: Importer, draft: Draft) -> list[Asked]:
    """The settings this format has, with what the draft says; encoding first."""
    held = draft.options
    encodings = [(name, str(label)) for name, label in ENCODINGS.items()]
    asked = [Asked("encoding", str(_("Encoding")), held.get("encoding", ""), encodings)]
    for option in importer.options:
        if option.name != importer.unknown_columns:  # the step of the columns asks about that
            choices = _platform_choices() if option.name == "platform" else []
            asked.append(Asked(option.name, str(option.meaning), held.get(option.name, option.default), choices))
    return asked


def _platform_choices() -> list[tuple[str, str]]:
    return [("", str(_("As each row says"))), *((name, str(label)) for name, label in platforms().items())]


def options_from(posted: QueryDict, importer: Importer) -> dict[str, str]:
    """The settings that differ from what the format does by itself."""
    defaults = {option.name: option.default for option in importer.options if option.name != importer.unknown_columns}
    given = {name: posted.get(f"option.{name}", "").strip() for name in ("encoding", *defaults)}
    return {name: value for name, value in given.items() if value and value != defaults.get(name, "")}


def column_lines(seen: Preview, importer: Importer) -> list[ColumnLine]:
    """Every column of the format with the header it would be read from and a value from the first rows."""
    return [
        ColumnLine(column, seen.columns.get(column.name, ""), _sample(seen, seen.columns.get(column.name, "")))
        for column in importer.columns
    ]


def unknown_lines(seen: Preview, option: str) -> list[UnknownLine]:
    """Headers no column was found for, and whether each becomes a tag by this setting of the format."""
    chosen = set(option.split(",")) if option and option != _NO_TAGS else set()
    return [
        UnknownLine(header, _sample(seen, header), tagged=option != _NO_TAGS and (not chosen or header in chosen))
        for header in seen.unknown
    ]


def tags_from(posted: QueryDict, seen: Preview) -> str:
    """The setting for leftover columns as posted: those to make tags of with commas between, or none."""
    chosen = [header for header in seen.unknown if posted.get(f"unknown.{header}") == "tag"]
    return ",".join(chosen) or (_NO_TAGS if seen.unknown else "")


def columns_from(posted: QueryDict, importer: Importer) -> dict[str, str]:
    """The mapping as posted: column to header, '' for a column left out on purpose."""
    return {column.name: posted.get(f"column.{column.name}", "") for column in importer.columns}


def _sample(seen: Preview, header: str) -> str:
    if header not in seen.header:
        return ""
    place = seen.header.index(header)
    return next((row[place] for row in seen.rows if row[place]), "")
