"""Laying the figures beside the second count."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from math import isclose
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure, recount, totals_by_month
from qunying.ground.figures.verify.log import Log
from qunying.ground.figures.verify.recounting import CHECKS, Check
from qunying.kit.periods import Period, last_days, month_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.groups.models import Community

_USUAL = 30


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that plain SQL counts otherwise."""

    community: str
    metric: str
    params: dict[str, Any]
    period: str
    figure: float | int | None
    expected: float | int | None


@dataclass(slots=True)
class Verification:
    """How many figures were counted twice, and those that differ."""

    checked: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every figure was the same both ways."""
        return not self.differences

    def plain(self) -> dict[str, Any]:
        """As the one JSON object of the command line."""
        return {"ok": self.ok, "checked": self.checked, "differences": [asdict(row) for row in self.differences]}


def verify_communities(communities: Iterable[Community]) -> Verification:
    """Count every headline figure of these communities twice.

    For each: control totals (facts and amounts by kind) of every month, and every headline metric over
    the last 30 days that hold facts and over the month in which these begin. Counts must
    be equal, shares equal to 1e-9. What differs is counted both ways once more, for facts may arrive
    in between.
    """
    result = Verification()
    for community in communities:
        log = Log(community.pk, ZoneInfo(community.timezone))
        span = log.first_and_last_day()
        if span is None:
            continue
        _compare_totals(result, community, log, Period(*span))
        newest = last_days(_USUAL, until=span[1])
        for period in (newest, month_of(newest.start)):
            for check in CHECKS:
                _compare(result, community, log, period, check)
    return result


def _compare(result: Verification, community: Community, log: Log, period: Period, check: Check) -> None:
    scope = Scope((community.pk,))
    result.checked += 1
    for _try in range(2):
        expected = check.expect(log, period)
        wrong = [value for value in _shown(check, scope, period) if not _same(value, expected)]
        if not wrong:
            return
    result.differences.append(
        Difference(community.slug, check.metric, check.params, f"{period.start}..{period.end}", wrong[0], expected)
    )


def _shown(check: Check, scope: Scope, period: Period) -> list[float | int | None]:
    """The figure as people see it; where that was counted earlier, as the lake has it now too."""
    shown = measure(check.metric, scope=scope, period=period, **check.params)
    if not shown.settled:
        return [shown.value]
    return [recount(check.metric, scope=scope, period=period, **check.params).value, shown.value]


def _same(one: float | None, two: float | None) -> bool:
    if one is None or two is None:
        return one is two
    return one == two if isinstance(two, int) else isclose(one, two, rel_tol=1e-9)


def _compare_totals(result: Verification, community: Community, log: Log, span: Period) -> None:
    months = _months(span)
    for _try in range(2):
        found = totals_by_month(Scope((community.pk,)), span)
        wrong: list[Difference] = []
        for month in months:
            expected = log.totals(month.start, month.end)
            shown = {kind: row for (start, kind), row in found.items() if start == month.start}
            wrong += _total_differences(community, month, expected, shown)
        if not wrong:
            break
    result.checked += len(months)
    result.differences += wrong


def _total_differences(
    community: Community, month: Period, expected: dict[str, tuple[int, int]], shown: dict[str, tuple[int, int]]
) -> list[Difference]:
    period = f"{month.start}..{month.end}"
    pairs = [
        (kind, what, shown.get(kind, (0, 0))[place], expected.get(kind, (0, 0))[place])
        for kind in sorted({*expected, *shown})
        for place, what in enumerate(("facts", "amounts"))
    ]
    return [
        Difference(community.slug, what, {"kind": kind}, period, one, two)
        for kind, what, one, two in pairs
        if one != two
    ]


def _months(span: Period) -> list[Period]:
    months = [month_of(span.start)]
    while months[-1].end < span.end:
        months.append(month_of(months[-1].end + timedelta(days=1)))
    return months
