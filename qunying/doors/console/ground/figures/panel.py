"""What one panel of a page holds: a question, the answer in words, a picture, and its table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: words, the drawer behind it, and how it is drawn.

    `heat` is 0 to 6 on the scale of the style sheet (None: no colour); `unfinished` cells are hatched.
    """

    text: str
    address: str = ""
    number: bool = True
    heat: int | None = None
    unfinished: bool = False
    faint: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One question and its answer.

    `chart` is what charts.js draws (None: the table is the picture). `kind` picks the template.
    """

    name: str
    title: str
    summary: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    chart: dict[str, Any] | None = None
    note: str = ""
    kind: str = "chart"
    switches: Sequence[dict[str, Any]] = field(default=())
    extra: Any = None
    empty: str = ""

    @property
    def chart_id(self) -> str:
        """The id of the element that carries the chart's data."""
        return f"data-{self.name}"


def heat_of(value: float | None, top: float) -> int | None:
    """0 to 6: how dark a cell of this value is where the darkest stands for `top`."""
    if value is None or top <= 0:
        return None
    return 0 if value <= 0 else min(6, 1 + int(value / top * 5.999))
