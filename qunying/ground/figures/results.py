"""What a metric gives back: plain data that console, reports, API and command line show alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.kit.periods import Period


SMALL = 30


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts are counted. Empty filters keep everyone; staff and bots are always left out.

    `communities` are ids, never empty; `groups`, `tags` and `channels` narrow further: facts in
    one of the groups, of members who carry every one of the tags, who joined by one of the channels.
    `among`, where it is not None, are the ids of the only members who count, such as those of a segment now.
    """

    communities: tuple[int, ...]
    groups: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    among: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer of one metric for one scope and period.

    `value` is the headline: a count, a share (0 to 1), money in minor units, or a number of days; None
    where nothing can be said. A rate carries its numerator and denominator and its 95 % Wilson
    `interval`. `rows` hold the series, matrix or steps, each a mapping of the metric's `columns`. A
    row that is not complete yet has `finished` False and no share. `as_of` is the instant (UTC)
    of the snapshot; `settled` tells that the figure came from closed days already counted.
    """

    metric: str
    scope: Scope
    period: Period
    params: dict[str, Any]
    value: float | int | None
    as_of: datetime
    numerator: int | None = None
    denominator: float | int | None = None
    interval: tuple[float, float] | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    settled: bool = False

    @property
    def small(self) -> bool:
        """Whether the share stands on fewer than 30, so that a page should show it in grey."""
        return self.denominator is not None and self.denominator < SMALL
