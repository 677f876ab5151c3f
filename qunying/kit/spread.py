"""How numbers spread: the five of Tukey, and which of them lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 5
"""Below so many numbers no quartile is told, and none is called an outlier."""
_WHISKER = 1.5


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, quartiles and greatest of some numbers; the quartiles are None where the numbers are too few.

    Quartiles are interpolated (type 7 of Hyndman and Fan 1996). An outlier lies more than one and a half
    times the distance of the quartiles beyond them (Tukey 1977); where the middle half are all equal there is no
    distance to measure by, and none is an outlier.
    """

    count: int
    low: float
    median: float
    high: float
    lower: float | None = None
    upper: float | None = None

    def is_outlier(self, value: float) -> bool:
        """Whether this number lies apart from the others."""
        if self.lower is None or self.upper is None or self.lower == self.upper:
            return False
        reach = _WHISKER * (self.upper - self.lower)
        return value < self.lower - reach or value > self.upper + reach


def spread_of(values: Sequence[float]) -> Spread | None:
    """The spread of these numbers; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    few = len(ordered) < FEWEST
    return Spread(
        count=len(ordered),
        low=ordered[0],
        median=quantile(ordered, 0.5),
        high=ordered[-1],
        lower=None if few else quantile(ordered, 0.25),
        upper=None if few else quantile(ordered, 0.75),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The number below which this share of the ordered numbers lies, interpolated between neighbours."""
    at = (len(ordered) - 1) * share
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
