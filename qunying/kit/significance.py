"""Whether a difference is more than chance: proportions, weekly counts, and many questions at once.

Chats come in bursts, so counts of weeks are held against the spread of earlier weeks, never
against a bare Poisson; every p-value here is for one direction unless it says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import mean, variance
from typing import TYPE_CHECKING, Any

from qunying.kit.stats import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEWEST = 3
"""Fewer earlier values have no spread worth the name."""


def _stats() -> Any:
    """scipy.stats: two seconds and sixty megabytes that only who asks such a question shall wait for."""
    from scipy import stats  # noqa: PLC0415

    return stats


@dataclass(frozen=True, slots=True)
class Proportion:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """0 to 1; 0 for a part of nothing."""
        return self.part / self.whole if self.whole else 0.0


def two_proportions(one: Proportion, other: Proportion) -> tuple[float, float]:
    """Z of the pooled test of two proportions, and its two-sided p-value; 0 and 1 where nothing differs.

    Source: statsmodels' documentation; 5 of 83 against 12 of 99 give z −1.4078, p 0.15918.
    """
    pooled = (one.part + other.part) / (one.whole + other.whole)
    spread = sqrt(pooled * (1 - pooled) * (1 / one.whole + 1 / other.whole))
    z = (one.share - other.share) / spread if spread else 0.0
    return z, float(2 * _stats().norm.sf(abs(z)))


def falls_short(one: Proportion, other: Proportion) -> float:
    """p-value for `one` being the smaller proportion, as far as it is: Fisher's exact test."""
    table = [[one.part, one.whole - one.part], [other.part, other.whole - other.part]]
    return float(_stats().fisher_exact(table, alternative="less").pvalue)


def difference_interval(one: Proportion, other: Proportion) -> tuple[float, float]:
    """95 % interval of the difference one − other, by Newcombe's hybrid score method.

    Source: Newcombe 1998, method 10; 56/70 − 48/80 gives 0.0524 to 0.3339.
    """
    low_1, high_1 = wilson(one.part, one.whole) or (0.0, 1.0)
    low_2, high_2 = wilson(other.part, other.whole) or (0.0, 1.0)
    a, b = one.share, other.share
    return (
        a - b - sqrt((a - low_1) ** 2 + (high_2 - b) ** 2),
        a - b + sqrt((high_1 - a) ** 2 + (b - low_2) ** 2),
    )


def below_earlier(value: float, earlier: Sequence[float]) -> float:
    """p-value for a count lying as far below earlier counts of the same length as it does.

    The next of n normal values lies around their mean with spread s·√(1 + 1/n) (Student's t, n − 1
    degrees); counts are taken as square roots, which makes their spread nearly free of their height,
    and the spread is never taken as less than that of independent counts (¼).
    """
    return float(_stats().t.cdf(_departure(value, earlier), len(earlier) - 1))


def above_earlier(value: float, earlier: Sequence[float]) -> float:
    """As `below_earlier`, for a count above."""
    return float(_stats().t.sf(_departure(value, earlier), len(earlier) - 1))


def _departure(value: float, earlier: Sequence[float]) -> float:
    if len(earlier) < _FEWEST:
        raise ValueError("a spread needs at least three earlier values")
    roots = [sqrt(each) for each in earlier]
    spread = sqrt(max(variance(roots), 0.25) * (1 + 1 / len(roots)))
    return (sqrt(value) - mean(roots)) / spread


def ranks_below(recent: Sequence[float], earlier: Sequence[float]) -> float:
    """p-value for the recent values ranking as low among all as they do: Mann and Whitney's exact test (1947).

    It takes no shape for granted; where four values lie below all of sixteen it is 1/4845.
    """
    return float(_stats().mannwhitneyu(recent, earlier, alternative="less", method="exact").pvalue)


def as_quiet(value: int, earlier: Sequence[float]) -> float:
    """p-value for so few where earlier counts of the same length were what they were: for falling silent.

    The negative binomial with their mean, and their variance widened for being estimated from few
    (× (1 + 2/n)); the Poisson where they vary less than it would.
    """
    if len(earlier) < _FEWEST:
        raise ValueError("a spread needs at least three earlier values")
    centre = mean(earlier)
    if not centre:
        return 1.0
    wide = max(variance(earlier), centre) * (1 + 2 / len(earlier))
    size = centre * centre / (wide - centre)
    return float(_stats().nbinom.cdf(value, size, size / (size + centre)))


def false_discoveries(p_values: Sequence[float]) -> list[float]:
    """q-values: the share of false alarms among all that are no larger (Benjamini and Hochberg 1995)."""
    return [float(q) for q in _stats().false_discovery_control(list(p_values))] if p_values else []
