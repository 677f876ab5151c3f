"""A month of publishing at one look: pieces, groups and people reached, what came back; by theme, form and time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.do.publishing.figures import Figures, figures_of, figures_of_pieces
from qunying.do.publishing.models import Piece, Publication
from qunying.do.publishing.queries import publications_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import date

    from qunying.ground.groups.models import Community

_DAY = timedelta(days=1)
PARTS = (0, 9, 12, 14, 18, 22)
"""The hours at which the parts of a day begin: night, morning, noon, afternoon, evening, late."""


@dataclass(slots=True)
class Share:
    """One theme, form or part of the day: `published` pieces of content (each entry once), and what came back."""

    key: Hashable
    entries: set[int] = field(default_factory=set)
    figures: Figures = field(default_factory=Figures)

    @property
    def published(self) -> int:
        """How many entries went out."""
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class Month:
    """What went out in a month, altogether and by its parts, and the same for pieces elsewhere."""

    whole: Share
    themes: list[Share]
    forms: list[Share]
    times: list[Share]
    elsewhere: Share


def month_of(community: Community, *, first: date, last: date) -> Month:
    """What reached a group, of publications due between two local days (both included), and pieces elsewhere.

    Its queries do not grow with what went out.
    """
    zone = ZoneInfo(community.timezone)
    span = (datetime.combine(first, time(), zone), datetime.combine(last + _DAY, time(), zone))
    rows = publications_of(community).filter(due_at__gte=span[0], due_at__lt=span[1]).order_by("due_at", "pk")
    found = figures_of(list(rows))
    sent = [(row, found[row.pk]) for row in rows if found[row.pk].groups]
    return Month(
        _whole(sent),
        _by(sent, lambda row: row.entry.theme),
        _by(sent, lambda row: row.version.form),
        _by(sent, lambda row: part_of_day(row.due_at.astimezone(zone).hour)),
        _elsewhere(community, span),
    )


def part_of_day(hour: int) -> int:
    """The hour at which the part of the day begins in which this hour lies."""
    return max(begin for begin in PARTS if begin <= hour)


def _whole(sent: list[tuple[Publication, Figures]]) -> Share:
    return next(iter(_by(sent, lambda _row: "")), Share(""))


def _by(sent: list[tuple[Publication, Figures]], key_of: Callable[[Publication], Hashable]) -> list[Share]:
    """The shares, the one with the most entries first."""
    found: dict[Hashable, Share] = {}
    for row, figures in sent:
        share = found.setdefault(key_of(row), Share(key_of(row)))
        share.entries.add(row.entry_id)
        share.figures.add(figures)
    return sorted(found.values(), key=lambda share: -share.published)


def _elsewhere(community: Community, span: tuple[datetime, datetime]) -> Share:
    rows = Piece.objects.filter(community=community, published_at__gte=span[0], published_at__lt=span[1])
    pieces = list(rows)
    share = Share("")
    for number, figures in figures_of_pieces(pieces).items():
        share.entries.add(number)
        share.figures.add(figures)
    return share
