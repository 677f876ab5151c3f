"""What units are compared by: the value of a line, whether it stands on enough, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.check.supervision.attainment import ENOUGH
from qunying.ground.figures.results import SMALL
from qunying.kit.spread import spread_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from django.utils.functional import _StrPromise

    from qunying.check.supervision.board import Line, Stand
    from qunying.ground.figures.places import Headline
    from qunying.kit.spread import Spread


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a line. `form` is count, mean, money or rate; `better` is up, down or ''.

    `enough` tells whether the figure stands on so much that units may be ranked by it.
    """

    name: str
    label: _StrPromise
    form: str
    better: str
    value: Callable[[Stand], float | None]
    enough: Callable[[Stand, Decimal], bool]

    def of(self, line: Line) -> float | None:
        """The value of this line in the period."""
        return self.value(line.now)

    def ranks(self, line: Line) -> bool:
        """Whether the line has a value and enough behind it to stand among others."""
        return self.of(line) is not None and self.enough(line.now, line.limit.percent)


@dataclass(frozen=True, slots=True)
class Scatter:
    """How the lines spread by one measure: those that rank, and the ones among them that lie apart."""

    measure: Measure
    spread: Spread
    lines: tuple[Line, ...]
    apart: tuple[Line, ...]


def _headline(value: Callable[[Headline], float | None]) -> Callable[[Stand], float | None]:
    """A value of the headline figures; None where a unit has no community to have any."""
    return lambda at: None if at.headline is None else value(at.headline)


def _always(_stand: Stand, _percent: Decimal) -> bool:
    return True


def _many_members(stand: Stand, _percent: Decimal) -> bool:
    return stand.headline is not None and stand.headline.members >= SMALL


MEMBERS = Measure("members", _("Members"), "count", "up", _headline(lambda found: found.members), _always)
ACTIVE = Measure(
    "active",
    _("Activity rate"),
    "rate",
    "up",
    _headline(lambda found: found.active.value),
    lambda at, _percent: at.headline is not None and not at.headline.active.small,
)
INTERACTIONS = Measure(
    "interactions",
    _("Interactions a member"),
    "mean",
    "up",
    _headline(lambda found: found.per_member),
    _many_members,
)
REVENUE = Measure(
    "revenue",
    _("Revenue"),
    "money",
    "up",
    _headline(lambda found: found.revenue if found.orders else None),
    _always,
)
CHURN = Measure(
    "churn",
    _("Churn rate"),
    "rate",
    "down",
    _headline(lambda found: found.churn.value),
    lambda at, _percent: at.headline is not None and not at.headline.churn.small,
)
GOALS = Measure(
    "goals",
    _("Goals on course"),
    "rate",
    "up",
    lambda at: at.goals.share,
    lambda at, _percent: at.goals.judged >= ENOUGH,
)
DEVIATION = Measure(
    "deviation",
    _("Execution deviation"),
    "rate",
    "down",
    lambda at: at.execution.deviation,
    lambda at, percent: at.execution.enough(percent),
)
MEASURES = (MEMBERS, ACTIVE, INTERACTIONS, REVENUE, CHURN, GOALS, DEVIATION)
SPREADS = (DEVIATION, ACTIVE, INTERACTIONS, CHURN)
"""Those in which places of different size can be compared."""


def scatter_of(measure: Measure, lines: Sequence[Line]) -> Scatter | None:
    """How these lines spread by the measure; None where fewer than two of them rank."""
    ranked = tuple(sorted((line for line in lines if measure.ranks(line)), key=lambda line: _known(measure, line)))
    spread = spread_of([_known(measure, line) for line in ranked])
    if spread is None or spread.count <= 1:
        return None
    apart = tuple(line for line in ranked if spread.is_outlier(_known(measure, line)))
    return Scatter(measure, spread, ranked, apart)


def in_order(measure: Measure, lines: Sequence[Line], *, back: bool) -> list[tuple[int | None, Line]]:
    """The lines with their places (1 is first; equals share one), those too small to rank after the others, without."""
    ranked = sorted((line for line in lines if measure.ranks(line)), key=lambda line: line.name)
    ranked.sort(key=lambda line: _known(measure, line), reverse=back)
    placed: list[tuple[int | None, Line]] = []
    for number, line in enumerate(ranked, 1):
        same = number > 1 and _known(measure, ranked[number - 2]) == _known(measure, line)
        placed.append((placed[-1][0] if same else number, line))
    return placed + [(None, line) for line in lines if not measure.ranks(line)]


def _known(measure: Measure, line: Line) -> float:
    value = measure.of(line)
    if value is None:
        raise ValueError(f"{line.name} has no {measure.name}")
    return value
