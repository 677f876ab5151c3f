"""The small chart beside a suggestion, as shapes a template can draw: bars of days, or shares side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.kit import formats
from qunying.kit.stats import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 560, 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in a box of WIDTH × HEIGHT: its place, its height, whether it is what the finding is about."""

    x: float
    y: float
    width: float
    height: float
    marked: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One share: name, percent, its numbers, and its 95 % interval as places on a scale of 0 to 100."""

    name: str
    percent: str
    part: int
    whole: int
    value: float
    low: float
    high: float
    marked: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: bars with the usual as a line, or shares; `rows` is the table behind it."""

    bars: Sequence[Bar] = ()
    usual: float | None = None
    top: str = ""
    first: str = ""
    last: str = ""
    summary: str = ""
    shares: Sequence[Share] = ()
    rows: Sequence[tuple[str, str]] = ()


def picture_of(evidence: Mapping[str, Any]) -> Picture | None:
    """The picture of what a detector kept; None where it kept nothing to draw."""
    rows = evidence.get("rows") or []
    if not rows:
        return None
    if evidence.get("kind") == "shares":
        return Picture(shares=[_share(row) for row in rows])
    return _bars(rows, recent=evidence.get("recent", ""), usual=evidence.get("usual"))


def _bars(rows: Sequence[Mapping[str, Any]], *, recent: str, usual: float | None) -> Picture:
    top = max([*(row["value"] for row in rows), usual or 0]) or 1
    step = WIDTH / len(rows)
    bars = []
    for place, row in enumerate(rows):
        height = round(HEIGHT * row["value"] / top, 1)
        marked = row.get("marked", bool(recent) and row["day"] >= recent)
        bars.append(Bar(round(place * step, 1), round(HEIGHT - height, 1), round(step * 0.8, 1), height, marked))
    days = [formats.day(date.fromisoformat(row["day"]), weekday=False) for row in rows]
    line = None if usual is None else round(HEIGHT - HEIGHT * usual / top, 1)
    return Picture(
        bars=bars,
        usual=line,
        top=formats.whole(round(top, 1)),
        first=days[0],
        last=days[-1],
        summary=_("%(first)s to %(last)s, at most %(top)s; usual: %(usual)s.")
        % {"first": days[0], "last": days[-1], "top": formats.whole(round(top, 1)), "usual": _number(usual)},
        rows=[(day, _number(row["value"])) for day, row in zip(days, rows, strict=True)],
    )


def _share(row: Mapping[str, Any]) -> Share:
    part, whole = row["part"], row["whole"]
    low, high = wilson(part, whole) or (0.0, 1.0)
    name = row.get("name") or formats.day(date.fromisoformat(row["day"]), weekday=False)
    value = part / whole if whole else 0.0
    shown = formats.percent(value if whole else None)
    return Share(name, shown, part, whole, value * 100, low * 100, high * 100, bool(row.get("marked")))


def _number(value: float | None) -> str:
    return formats.whole(None if value is None else round(value, 1))
