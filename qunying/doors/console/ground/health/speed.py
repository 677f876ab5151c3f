"""How quickly pages were answered, out of the histogram of this machine's web processes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.doors.console.ground.health.probes import requests_registry

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = "qunying_request_seconds"


@dataclass(frozen=True, slots=True)
class Speed:
    """One route: how often it was asked for, and within how many milliseconds half, 95 and 99 of 100 were answered.

    None: more than the largest bucket.
    """

    route: str
    count: int
    p50: float | None
    p95: float | None
    p99: float | None

    @property
    def parts(self) -> tuple[float | None, float | None, float | None]:
        """The three, in a row."""
        return self.p50, self.p95, self.p99


def speeds() -> list[Speed]:
    """All requests together under the name '', then the routes, the slowest first."""
    buckets = _buckets()
    if not buckets:
        return []
    rows = [_speed(route, counts) for route, counts in buckets.items() if route]
    return [_speed("", buckets[""]), *sorted(rows, key=lambda row: -(row.p95 if row.p95 is not None else 1e9))]


def _buckets() -> dict[str, dict[float, float]]:
    found: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for family in requests_registry().collect():
        for sample in family.samples if family.name == _NAME else ():
            if sample.name == f"{_NAME}_bucket":
                for route in ("", sample.labels["route"]):
                    found[route][float(sample.labels["le"])] += sample.value
    return found


def _speed(route: str, counts: dict[float, float]) -> Speed:
    steps = sorted(counts.items())
    return Speed(route, round(steps[-1][1]), *(_within(steps, share) for share in (0.5, 0.95, 0.99)))


def _within(steps: Sequence[tuple[float, float]], share: float) -> float | None:
    """Milliseconds by straight line within the bucket, as Prometheus' histogram_quantile does."""
    wanted, below, before = share * steps[-1][1], 0.0, 0.0
    for edge, count in steps:
        if count >= wanted:
            if edge == float("inf"):
                return None
            part = (wanted - before) / (count - before) if count > before else 0.0
            return round(1000 * (below + (edge - below) * part), 1)
        below, before = edge, count
    return None
