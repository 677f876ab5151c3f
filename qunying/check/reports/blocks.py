"""The blocks a finished report is put together from; page, files and paper each draw them in their own way.

All words are final: written in one language, with their units. Nothing here is markup but the pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `heat` is 0 to 6; `state` is `open` (not finished), `small` (too few) or empty."""

    text: str
    note: str = ""
    heat: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: words in the first column, numbers in the others; in the first `wordy` columns if there are more."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    wordy: int = 1


@dataclass(frozen=True, slots=True)
class Plot:
    """What a picture shows, as plain numbers, for files that draw their own.

    `kind` is `bars` (upright, from the left in time) or `strips` (lying, each a share of the whole, `texts` at
    their ends). `before` are the numbers of the period before, None where unknown. `unit` stands at the axis.
    """

    kind: str
    labels: Sequence[str]
    values: Sequence[float | None]
    texts: Sequence[str]
    unit: str = ""
    before: Sequence[float | None] = ()
    before_label: str = ""
    shaded: Sequence[bool] = ()
    colours: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (SVG), the question it answers, the same in words, as a table and as numbers."""

    title: str
    svg: str
    words: str
    table: Table | None = None
    plot: Plot | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A question with its answer: sentences, pictures, tables, and what to bear in mind."""

    title: str
    sentences: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure with its changes and a tiny line of the last periods."""

    label: str
    value: str
    note: str
    changes: Sequence[str]
    line: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """How one figure was counted."""

    term: str
    text: str
    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report, ready to be drawn; `unit` (id) is whose logo stands on the cover."""

    language: str
    title: str
    community: str
    period: str
    days: str
    marks: Sequence[str]
    simulated: str
    points: Sequence[str]
    cards: Sequence[Card]
    sections: Sequence[Section]
    definitions: Sequence[Definition]
    headings: dict[str, str]
    footer: Sequence[str] = field(default=())
    unit: int | None = None
