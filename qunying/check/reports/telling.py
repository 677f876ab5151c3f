"""What tellers of a report put together alike: days and names in a table, lists that end somewhere, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.check.reports.blocks import Cell, Table
from qunying.check.reports.port import Told
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MOST = 40
"""So many lines a table; what goes beyond is counted in a sentence."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Something decided on a local day: what, why, and by whom, where that is known."""

    day: date
    words: str
    reason: str
    who: str


def day_cell(day: date) -> Cell:
    """A day of a table."""
    return Cell(formats.day(day, weekday=False))


def name_cell(person: object) -> Cell:
    """The name of one of the staff, a dash for nobody."""
    return Cell(getattr(person, "name", "") or formats.DASH)


def listed(head: Sequence[str], rows: Sequence[Sequence[Cell]], *, wordy: int, sentences: Sequence[str] = ()) -> Told:
    """A table of the first forty of these rows, words in its first `wordy` columns; how many more there are in a note.

    Without rows there are only the sentences.
    """
    table = [Table("", head, rows[:MOST], wordy=wordy)] if rows else []
    return Told(sentences, table, notes=beyond(len(rows)))


def beyond(count: int) -> list[str]:
    """A note on how many of so many lines are not listed; none where all are."""
    more = count - MOST
    return [_("%(more)s more are not listed here.") % {"more": more}] if more > 0 else []


def decisions_listed(decisions: Iterable[Decision]) -> Told | None:
    """The decisions in the order of time; None without any."""
    rows = sorted(decisions, key=lambda one: one.day)
    if not rows:
        return None
    head = [_("Day"), _("Decision"), _("Reason"), _("By whom")]
    return listed(head, [_decision(one) for one in rows], wordy=len(head))


def _decision(one: Decision) -> list[Cell]:
    return [day_cell(one.day), Cell(one.words), Cell(one.reason or formats.DASH), Cell(one.who or formats.DASH)]
