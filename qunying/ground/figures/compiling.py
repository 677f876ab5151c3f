"""From Ibis to SQL, once for each metric and parameters: compiling takes longer than most questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.events.kinds import all_kinds
from qunying.ground.figures.catalogue import all_metrics
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Answer, Metric, Params, Rows


@dataclass(frozen=True, slots=True)
class Compiled:
    """A `Count` in DuckDB's SQL; `cells` are the columns that pick out people."""

    people: str | None
    cells: tuple[str, ...]
    tables: Mapping[str, str]
    finish: Callable[[Mapping[str, Rows], Asked], Answer]
    keep: bool
    bases: Mapping[str, str]
    headline: Mapping[str, object]


_cache: dict[tuple[object, ...], Compiled] = {}


def compiled(metric: Metric, params: Params) -> Compiled:
    """The SQL of a metric with these parameters; raises QunyingError for one that is not counted from facts."""
    if metric.count is None:
        raise QunyingError(_("“%(metric)s” does not count people.") % {"metric": metric.name})
    from qunying.ground.figures.view import make_view

    # The grades of kinds are written into the SQL: kinds declared later make it another.
    key = (metric.name, metric.count, *sorted(params.items()), len(all_kinds()))
    if key not in _cache:
        count = metric.count(make_view(), params)
        _cache[key] = Compiled(
            people=None if count.people is None else to_sql(count.people),
            cells=() if count.people is None else tuple(name for name in count.people.columns if name != "member"),
            tables={name: to_sql(table) for name, table in count.tables.items()},
            finish=count.finish,
            keep=count.keep,
            bases={name: to_sql(table) for name, table in count.bases.items()},
            headline=count.headline,
        )
    return _cache[key]


def compile_catalogue() -> None:
    """Compile every metric as it is asked without parameters, so that the first question need not wait."""
    for metric in all_metrics():
        if metric.count is not None:
            compiled(metric, metric.check({}))


def to_sql(table: Table) -> str:
    """The statement in DuckDB's dialect."""
    import ibis

    return str(ibis.to_sql(table, dialect="duckdb"))
