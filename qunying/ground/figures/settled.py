"""Figures over closed days, counted once and good until something under them changes."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction

from qunying import __version__
from qunying.ground.figures.models import SettledFigure
from qunying.ground.figures.results import Figure
from qunying.ground.warehouse.queries import touched_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Metric
    from qunying.ground.figures.sitting import Sitting

_DATES = {"day", "cohort", "start"}
_BRIEF = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure is kept, and the state of things it is counted from."""

    key: str
    metric: Metric
    asked: Asked
    batch: int
    dimensions: str


def settling_place(metric: Metric, asked: Asked, sitting: Sitting) -> Place | None:
    """Where this figure may be kept; None while a day of it still goes on or has facts outside the lake.

    People picked one by one (`among`) are those of this moment: no figure of theirs is kept.
    """
    if metric.answer is not None or asked.scope.among is not None:
        return None
    reach, communities = metric.reach(asked.params), asked.scope.communities
    if not asked.closed(reach) or (reach.facts and sitting.waits(communities, *asked.days(reach))):
        return None
    return Place(_key(metric, asked), metric, asked, sitting.snapshot.lake.batch, sitting.version(communities))


def find_settled(place: Place) -> Figure | None:
    """The figure as it was counted, if no fact and no dimension under it has changed since."""
    kept = SettledFigure.objects.filter(key=place.key, dimensions=place.dimensions).first()
    if kept is None or _touched(place, kept.batch):
        return None
    plain = kept.result
    return Figure(
        metric=place.metric.name,
        scope=place.asked.scope,
        period=place.asked.period,
        params=place.asked.params,
        value=plain["value"],
        as_of=kept.counted_at,
        numerator=plain["numerator"],
        denominator=plain["denominator"],
        interval=tuple(plain["interval"]) if plain["interval"] else None,
        rows=[{name: _read(name, value) for name, value in row.items()} for row in plain["rows"]],
        settled=True,
    )


def keep_settled(place: Place, figure: Figure) -> None:
    """Keep the figure; skipped where the database is busy."""
    defaults = {
        "metric": figure.metric,
        "result": _plain(figure),
        "batch": place.batch,
        "dimensions": place.dimensions,
    }
    try:
        with _briefly(), transaction.atomic():
            SettledFigure.objects.update_or_create(key=place.key, defaults=defaults)
    except DatabaseError:
        # It can be counted again: a page must not wait until an import lets it write.
        return


def _touched(place: Place, batch: int) -> bool:
    reach = place.metric.reach(place.asked.params)
    first, last = place.asked.days(reach)
    return reach.facts and touched_since(batch, communities=place.asked.scope.communities, first=first, last=last)


def _key(metric: Metric, asked: Asked) -> str:
    scope, period = asked.scope, asked.period
    parts = [
        __version__,
        metric.name,
        sorted(asked.params.items()),
        [sorted(scope.communities), sorted(scope.groups), sorted(scope.tags), sorted(scope.channels)],
        [period.start.isoformat(), period.end.isoformat(), asked.known_day(metric.reach(asked.params)).isoformat()],
    ]
    return blake2b(json.dumps(parts).encode(), digest_size=32).hexdigest()


def _plain(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "interval": figure.interval,
        "rows": [
            {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
            for row in figure.rows
        ],
    }


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DATES and isinstance(value, str) else value


@contextmanager
def _briefly() -> Iterator[None]:
    """Wait a moment at most for SQLite's one writer."""
    short = connection.vendor == "sqlite" and not connection.in_atomic_block
    if short:
        _set_patience(_BRIEF)
    try:
        yield
    finally:
        if short:
            _set_patience(int(connection.settings_dict.get("OPTIONS", {}).get("timeout", 5) * 1000))


def _set_patience(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
