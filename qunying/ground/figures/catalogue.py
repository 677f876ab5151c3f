"""The catalogue of metrics: what each is called, how it is defined, how it is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.params import Param, read_params
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise
    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.view import View

Rows = list[dict[str, Any]]
Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a metric makes of its counts, before scope, period and time are added."""

    value: float | int | None
    numerator: int | None = None
    denominator: float | int | None = None
    rows: Rows = field(default_factory=list)
    interval: bool = True
    """Whether the share is one of independent people, so that a Wilson interval means something."""


@dataclass(frozen=True, slots=True)
class Count:
    """How a metric is counted: two steps of Ibis and one of plain Python.

    `people` has one row for each person (column `member`) and cell counted in the numerator; the other
    columns say which cell. `tables` are the aggregates, over `people` where they count people, so
    that a number and the people behind it can never differ. With `keep`, `people` is computed once
    and the tables read it under the name `counted`; `bases` are tables computed once before, by name,
    for people and tables alike. `finish` puts the few rows together.
    """

    people: Table | None
    tables: Mapping[str, Table]
    finish: Callable[[Mapping[str, Rows], Asked], Answer]
    keep: bool = False
    bases: Mapping[str, Table] = field(default_factory=dict)
    headline: Mapping[str, Any] = field(default_factory=dict)
    """The cell whose people are those of the headline, where that is not everyone."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the catalogue.

    `unit` is people, facts, orders, share, money, or per_day. `columns` name what the rows hold,
    `reach` which days of facts are read, `count` how they are counted. What a later stage counts over its own rows
    has an `answer` in their place: it counts no people, and is never kept as settled.
    """

    name: str
    title: _StrPromise
    definition: _StrPromise
    numerator: _StrPromise
    denominator: _StrPromise | None
    unit: str
    source: str
    params: tuple[Param, ...]
    columns: tuple[str, ...]
    reach: Callable[[Params], Reach]
    count: Callable[[View, Params], Count] | None = None
    by_day: bool = False
    """Whether the people of one day's row are those of the one-day period: for balances and rolling counts."""
    answer: Callable[[Asked], Answer] | None = None
    module: str = ""
    """Where it is declared, which decides its place on the definition sheet."""

    def check(self, given: Mapping[str, Any]) -> Params:
        """The parameters with their defaults filled in; raises QunyingError for one that is unknown or wrong."""
        return read_params(self.name, self.params, given)


_metrics: dict[str, Metric] = {}
_modules: list[str] = []
_unread: list[str] = []
_reading = RLock()


def register_metrics(*modules: str) -> None:
    """Have these modules, which declare metrics, read when the catalogue is first asked.

    Metrics are written in Ibis, which takes a second to load: a command that counts nothing need not.
    """
    with _reading:
        _modules.extend(modules)
        _unread.extend(modules)


def _catalogue() -> dict[str, Metric]:
    if _unread:
        with _reading:
            while _unread:
                import_module(_unread[0])
                _unread.pop(0)
    return _metrics


def metric(  # noqa: PLR0913 - a definition has these parts
    name: str,
    *,
    title: _StrPromise,
    definition: _StrPromise,
    numerator: _StrPromise,
    reach: Callable[[Params], Reach],
    unit: str,
    source: str,
    denominator: _StrPromise | None = None,
    params: tuple[Param, ...] = (),
    columns: tuple[str, ...] = (),
    by_day: bool = False,
) -> Callable[[Callable[[View, Params], Count]], Callable[[View, Params], Count]]:
    """Add the decorated function to the catalogue under this name."""

    def add(count: Callable[[View, Params], Count]) -> Callable[[View, Params], Count]:
        _metrics[name] = Metric(
            name, title, definition, numerator, denominator, unit, source, params, columns, reach,
            count=count, by_day=by_day, module=count.__module__,
        )  # fmt: skip
        return count

    return add


def answered_metric(  # noqa: PLR0913 - a definition has these parts
    name: str,
    *,
    title: _StrPromise,
    definition: _StrPromise,
    numerator: _StrPromise,
    answer: Callable[[Asked], Answer],
    unit: str,
    source: str,
    denominator: _StrPromise | None = None,
    params: tuple[Param, ...] = (),
    columns: tuple[str, ...] = (),
) -> None:
    """Add a metric that a later stage counts over rows of its own, which the lake does not know."""
    _metrics[name] = Metric(
        name, title, definition, numerator, denominator, unit, source, params, columns,
        reach=lambda _params: Reach(facts=False), answer=answer, module=answer.__module__,
    )  # fmt: skip


def all_metrics() -> list[Metric]:
    """Every metric, in the order of the definition sheet, whichever module happened to be imported first.

    Those counted from facts stand before those that later stages answer.
    """
    return sorted(_catalogue().values(), key=lambda metric: (metric.count is None, _modules.index(metric.module)))


def metric_named(name: str) -> Metric:
    """The metric of this name; raises NotFoundError naming the nearest ones."""
    known = _catalogue()
    try:
        return known[name]
    except KeyError:
        near = get_close_matches(name, known, n=4, cutoff=0.4) or sorted(known)
        raise NotFoundError(
            _("There is no metric “%(name)s”. Perhaps you mean: %(near)s. “qunying metrics” lists them all.")
            % {"name": name, "near": ", ".join(near)}
        ) from None
