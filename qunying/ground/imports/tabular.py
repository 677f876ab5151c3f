"""What every importer of tables shares: finding its columns in a header, and reading mapped rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.imports.importers import Rejection
from qunying.kit.errors import QunyingError
from qunying.kit.tables import BadRow, cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.ground.imports.importers import Column
    from qunying.ground.imports.sources import Source

NO_TABLE = {"xml", "json", "zip"}
"""Shapes of files that hold no rows under a header."""
_LONGEST_DIMENSION = 60
_NOISE = re.compile(r"[\s_\-()（）:：/]+")


@dataclass(frozen=True, slots=True)
class Matched:
    """Which header each column was found under, the needed ones that are missing, and headers left over."""

    columns: dict[str, str]
    missing: list[str]
    unknown: list[str]


def match_columns(header: Sequence[str], columns: Sequence[Column], given: Mapping[str, str]) -> Matched:
    """Find columns in a header: as `given` (column → header) first, then by name, then by alias.

    Case, spaces and underscores do not matter. A column mapped to "" is left out on purpose.
    """
    by_word = {_word(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for column in columns:
        if column.name in given:
            name = _given(header, given[column.name])
        else:
            name = next((by_word[word] for word in _words(column) if word in by_word), "")
        if name and (name not in found.values() or column.name in given):
            found[column.name] = name
    missing = [column.name for column in columns if column.needed and column.name not in found]
    return Matched(found, missing, [name for name in header if name and name not in found.values()])


def _words(column: Column) -> list[str]:
    return [_word(name) for name in (column.name, *column.aliases)]


def _word(text: str) -> str:
    return _NOISE.sub("", text).casefold()


def _given(header: Sequence[str], wanted: str) -> str:
    if wanted and wanted not in header:
        raise QunyingError(
            _("The mapping names a column “%(name)s” that the file does not have. It has: %(header)s.")
            % {"name": wanted, "header": ", ".join(header) or "—"}
        )
    return wanted


def mapped_columns(source: Source, columns: Sequence[Column], given: Mapping[str, str]) -> Matched:
    """The columns of this file; raises QunyingError where the mapping or the file does not fit."""
    known = {column.name for column in columns}
    strange = [name for name in given if name not in known]
    if strange:
        raise QunyingError(
            _("The mapping speaks of “%(name)s”, which this format does not have. It has: %(known)s.")
            % {"name": strange[0], "known": ", ".join(sorted(known))}
        )
    matched = match_columns(source.header, columns, given)
    if matched.missing:
        raise QunyingError(
            _("“%(file)s” lacks the columns: %(missing)s. It has: %(header)s. Map them, or choose another format.")
            % {"file": source.name, "missing": ", ".join(matched.missing), "header": ", ".join(source.header) or "—"}
        )
    return matched


def mapped_rows(
    source: Source, matched: Matched, *, needed: Sequence[str] = (), spare: int = 0
) -> Iterator[tuple[int, dict[str, str], Mapping[str, Any]] | Rejection]:
    """Each row as (number, text by column, the row as it stands), or the Rejection of a bad one.

    A row in which a `needed` column is empty is rejected here. Rows may be `spare` cells longer than the header.
    """
    picks = list(matched.columns.items())
    for row in source.records(spare=spare):
        if isinstance(row, BadRow):
            yield Rejection(row.number, row.reason, row.column, row.value)
            continue
        number, raw = row
        cells = {column: cell_text(raw.get(name)) for column, name in picks}
        for column in needed:
            if not cells.get(column):
                yield Rejection(number, "empty_cell", matched.columns.get(column, column))
                break
        else:
            yield number, cells, raw


def sniff_columns(source: Source, columns: Sequence[Column], *, marks: Sequence[str]) -> float:
    """How much a table looks like these columns: 0 where a needed one or all `marks` are missing."""
    if source.shape in NO_TABLE:
        return 0.0
    try:
        header = source.header
    except QunyingError:
        return 0.0
    matched = match_columns(header, columns, {})
    if matched.missing or not any(mark in matched.columns for mark in marks):
        return 0.0
    return 0.5 + 0.5 * len(matched.columns) / max(len([name for name in header if name]), 1)


def tag_columns(unknown: Sequence[str], option: str) -> list[str]:
    """Which of the unknown columns become tag dimensions: all, those the option “tags” lists, or none."""
    if option == "none":
        return []
    wanted = [name.strip() for name in option.split(",") if name.strip()]
    if strange := [name for name in wanted if name not in unknown]:
        raise QunyingError(
            _("The file has no column “%(name)s” to make tags of. Left over are: %(known)s.")
            % {"name": strange[0], "known": ", ".join(unknown) or "—"}
        )
    return wanted or [name for name in unknown if len(name) <= _LONGEST_DIMENSION]
