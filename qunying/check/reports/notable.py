"""Which changes of the period deserve a sentence: outside the range of the periods before, and by enough to matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.ground.figures.results import SMALL

if TYPE_CHECKING:
    from qunying.check.reports.shapes import Line, Report

AT_MOST = 5
ENOUGH_SPANS = 3
_ENOUGH_CHANGE = 0.1
AT_MOST_IN_A_YEAR = 3
_FAR_IN_A_YEAR = 0.2
_GRADES = ("seen", "interactive", "speaking")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure above or below each of the periods before; `share` is its distance from their mean (0.1 is 10 %)."""

    name: str
    line: Line
    average: float
    share: float

    @property
    def spans(self) -> int:
        """How many periods it was held against."""
        return len(self.line.past)

    @property
    def up(self) -> bool:
        """Whether it is the highest rather than the lowest."""
        return self.share > 0


def comparable(report: Report) -> bool:
    """Whether enough periods came before to call anything unusual."""
    return len(report.lines["messages"].before) >= ENOUGH_SPANS


def notable_changes(report: Report) -> list[Change]:
    """The changes worth a sentence, greatest first, five at most; the same story is told once."""
    found = [change for name in _watched(report) if (change := _change(name, report.lines[name]))]
    found = [change for change in found if not _told_already(change, found)]
    return sorted(found, key=lambda change: -abs(change.share))[:AT_MOST]


def changes_in_a_year(report: Report) -> list[str]:
    """Names of the counts that differ from the same period of the year before by a fifth or more, three at most."""
    found = {name: _in_a_year(report.lines[name]) for name in _counts(report)}
    far = [name for name, share in found.items() if abs(share) >= _FAR_IN_A_YEAR]
    return sorted(far, key=lambda name: -abs(found[name]))[:AT_MOST_IN_A_YEAR]


def _counts(report: Report) -> list[str]:
    """What was counted; where there are only orders, those who were seen are their buyers.

    Where no coming was ever recorded, everybody is new when the record begins: newcomers are not held against that.
    """
    if report.orders_only:
        return ["orders", "revenue"]
    joins = ["joins"] if report.known.roster else []
    return ["messages", "interactions", "active_members.seen", *joins, "orders", "revenue"]


def _in_a_year(line: Line) -> float:
    """The change as a share (0.1 is 10 %); 0 where the year before is not known or too small to hold against."""
    ago = line.year.value if line.year else None
    if line.value is None or not ago or ago < SMALL:
        return 0.0
    return line.value / ago - 1


def _watched(report: Report) -> list[str]:
    """Shares where it is known who is here; where "members" only grow, shares only fall, so people are counted."""
    active = "active_rate" if report.known.roster else "active_members"
    grades = [f"{active}.{grade}" for grade in _GRADES]
    return ["messages", "interactions", *grades, "joins", "leaves", "orders", "revenue"]


def _change(name: str, line: Line) -> Change | None:
    past, average = line.past, line.average
    if line.value is None or average is None or len(past) < ENOUGH_SPANS or not average:
        return None
    if min(past) <= line.value <= max(past):
        return None
    share = line.value / average - 1
    enough = abs(share) >= _ENOUGH_CHANGE and _large_enough(line, average)
    return Change(name, line, average, share) if enough else None


def _large_enough(line: Line, average: float) -> bool:
    """Counts of fewer than 30 jump by chance; a share must be one whose interval leaves the mean out."""
    if line.metric.unit != "share":
        return max(average, line.value or 0) >= SMALL
    low, high = line.figure.interval or (0.0, 1.0)
    return not line.figure.small and not low <= average <= high


def _told_already(change: Change, others: list[Change]) -> bool:
    """Where everyone who was seen spoke, both rates are one: only the first of them is told."""
    before = others[: others.index(change)]
    return any(
        other.line.metric.name == change.line.metric.name
        and other.line.figure.numerator == change.line.figure.numerator
        for other in before
    )
