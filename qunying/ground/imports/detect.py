"""Looking at a file before it is imported: which format it is, what stands in it, what each column means."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.files.services import path_of
from qunying.ground.imports.importers import all_importers, importer_named
from qunying.ground.imports.sources import Source
from qunying.ground.imports.tabular import NO_TABLE, mapped_columns, match_columns
from qunying.kit.errors import QunyingError
from qunying.kit.tables import BadRow, cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.files.models import StoredFile
    from qunying.ground.imports.importers import Importer

SURE = 0.5
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Guess:
    """A format the file may be in, with a confidence between 0 and 1."""

    format: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person needs to see to say what a file is.

    `rows` are the first ones as text (for chat logs: one cell a line). `columns` maps each column of the
    format to the header it was found under, or "". `unknown` are headers no column was found for.
    """

    name: str
    size: int
    shape: str
    encoding: str
    guesses: list[Guess]
    format: str
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def recognise(source: Source) -> list[Guess]:
    """The formats this file may be in, the likeliest first; an empty list where it is like none."""
    guesses = [Guess(importer.name, importer.sniff(source)) for importer in all_importers()]
    return sorted((guess for guess in guesses if guess.confidence > 0), key=lambda guess: -guess.confidence)


def preview(
    stored: StoredFile,
    *,
    format: str = "",  # noqa: A002 - the word people use
    columns: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Preview:
    """Look at a stored file as `format`, or as the likeliest one; raises QunyingError where it cannot be read."""
    source = Source(path_of(stored), name=stored.name, options=options)
    guesses = recognise(source)
    chosen = format or (guesses[0].format if guesses else "")
    return Preview(
        name=stored.name,
        size=stored.size,
        shape=source.shape,
        encoding="" if source.shape in {"xlsx", "zip"} else source.encoding,
        guesses=guesses,
        format=chosen,
        **_look(source, chosen, columns or {}),
    )


def _look(source: Source, chosen: str, columns: Mapping[str, str]) -> dict[str, Any]:
    importer = importer_named(chosen) if chosen else None
    if source.shape in NO_TABLE or (importer is not None and not importer.columns):
        return {"rows": [[line] for line in source.first_lines[:_SHOWN]]}
    shown: dict[str, Any] = {"header": source.header, "rows": _first_rows(source)}
    if importer is None:
        return shown
    matched = match_columns(source.header, importer.columns, columns)
    names = {column.name: matched.columns.get(column.name, "") for column in importer.columns}
    return shown | {"columns": names, "missing": matched.missing, "unknown": matched.unknown}


def _first_rows(source: Source) -> list[list[str]]:
    good = (row for row in source.records() if not isinstance(row, BadRow))
    return [[cell_text(raw.get(name)) for name in source.header] for _number, raw in islice(good, _SHOWN)]


def check_format(source: Source, importer: Importer, *, columns: Mapping[str, str]) -> None:
    """Raise QunyingError, with the reason and the nearest format, where a file is not what it is said to be."""
    if source.shape not in {"xlsx", "zip"}:
        source.encoding  # noqa: B018 - a wrong option is a fault of its own, not of the format
    if importer.columns:
        _check_columns(source, importer, columns)
    elif not importer.sniff(source):
        reason = _("“%(file)s” is not a file of the format %(format)s, which looks like this: %(looks)s.") % {
            "file": source.name,
            "format": importer.name,
            "looks": importer.looks,
        }
        raise QunyingError(_with_nearest(reason, source))
    (importer.check or Source.check)(source)


def _check_columns(source: Source, importer: Importer, columns: Mapping[str, str]) -> None:
    if source.shape in NO_TABLE:
        reason = _("“%(file)s” is not a table.") % {"file": source.name}
        raise QunyingError(_with_nearest(reason, source))
    try:
        mapped_columns(source, importer.columns, columns)
    except QunyingError as error:
        raise QunyingError(_with_nearest(str(error), source)) from error


def _with_nearest(reason: str, source: Source) -> str:
    guesses = [guess for guess in recognise(source) if guess.confidence >= SURE]
    if guesses:
        return _("%(reason)s It looks like %(format)s.") % {"reason": reason, "format": guesses[0].format}
    return _("%(reason)s It looks like none of the known formats.") % {"reason": reason}
