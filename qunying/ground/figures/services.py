"""Asking the catalogue: `measure` for a figure, `members_behind` for the people in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.figures.asked import Asked, Reach, ask, last_fact_day
from qunying.ground.figures.catalogue import Answer, Metric, metric_named
from qunying.ground.figures.compiling import Compiled, compiled
from qunying.ground.figures.engine import lay_bases, open_session, query
from qunying.ground.figures.results import Figure, Scope
from qunying.ground.figures.settled import find_settled, keep_settled, settling_place
from qunying.ground.groups.queries import currencies_of
from qunying.ground.warehouse.queries import open_snapshot
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, last_days
from qunying.kit.stats import wilson

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.warehouse.queries import Snapshot


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside that of the period before, and beside that of the whole organisation where it is another."""

    now: Figure
    before: Figure
    organisation: Figure | None

    @property
    def change(self) -> float | None:
        """The relative change against the period before: 0.1 is 10 % more; None where there was nothing."""
        if self.now.value is None or not self.before.value:
            return None
        return self.now.value / self.before.value - 1


def measure(name: str, *, scope: Scope, period: Period, **params: Any) -> Figure:
    """The figure of metric `name`; raises QunyingError for an unknown metric, parameter or community."""
    metric = metric_named(name)
    snapshot = open_snapshot()
    asked = ask(scope, period, metric.check(params), tail=snapshot.tail)
    _check_currency(metric, scope)
    place = settling_place(metric, asked, snapshot)
    kept = find_settled(place) if place else None
    if kept is not None:
        return kept
    figure = _figure(metric, asked, _count(metric, asked, snapshot))
    if place:
        keep_settled(place, figure)
    return figure


def recount(name: str, *, scope: Scope, period: Period, **params: Any) -> Figure:
    """As `measure`, but counted from the facts even where a settled figure is at hand."""
    metric = metric_named(name)
    snapshot = open_snapshot()
    asked = ask(scope, period, metric.check(params), tail=snapshot.tail)
    _check_currency(metric, scope)
    return _figure(metric, asked, _count(metric, asked, snapshot))


def totals_by_month(scope: Scope, period: Period) -> dict[tuple[date, str], tuple[int, int]]:
    """Control totals of the facts in the warehouse: (first day of month, kind) → (facts, sum of amounts)."""
    snapshot = open_snapshot()
    asked = ask(scope, period, {}, tail=snapshot.tail)
    sql = (
        "SELECT date_trunc('month', day)::DATE AS month, kind, count(*) AS many, "
        "coalesce(sum(amount), 0)::BIGINT AS money "
        "FROM facts GROUP BY 1, 2"
    )
    with open_session(asked, Reach(before=None, after=None), snapshot) as cursor:
        return {(row["month"], row["kind"]): (row["many"], row["money"]) for row in query(cursor, sql)}


def members_behind(
    name: str, *, scope: Scope, period: Period, cell: dict[str, Any] | None = None, **params: Any
) -> list[int]:
    """Ids of the members a figure (or the row of it that `cell` picks out) counts in its numerator.

    `cell` holds values of the row's own columns, such as {"day": date} or {"cohort": date, "age": 2}.
    """
    metric = metric_named(name)
    chosen = dict(cell or {})
    if metric.by_day and "day" in chosen:
        day = chosen.pop("day")
        period = Period(day, day)
    snapshot = open_snapshot()
    asked = ask(scope, period, metric.check(params), tail=snapshot.tail)
    return _people(metric, asked, snapshot, chosen)


def compare(name: str, *, scope: Scope, period: Period, organisation: Scope | None = None, **params: Any) -> Comparison:
    """The figure, that of the period before, and that of `organisation` for the same period."""
    return Comparison(
        now=measure(name, scope=scope, period=period, **params),
        before=measure(name, scope=scope, period=period.previous, **params),
        organisation=(
            measure(name, scope=organisation, period=period, **params)
            if organisation is not None and organisation != scope
            else None
        ),
    )


def _check_currency(metric: Metric, scope: Scope) -> None:
    """Amounts of two currencies cannot be added up."""
    if metric.unit != "money":
        return
    found = currencies_of(scope.communities)
    if len(found) > 1:
        raise QunyingError(
            _("These communities count in several currencies (%(found)s). Choose communities of one currency.")
            % {"found": ", ".join(found)}
        )


def _count(metric: Metric, asked: Asked, snapshot: Snapshot) -> Answer:
    plan = compiled(metric, asked.params)
    with open_session(asked, metric.reach(asked.params), snapshot) as cursor:
        lay_bases(cursor, plan.bases)
        if plan.keep and plan.people:
            lay_bases(cursor, {"counted": plan.people})
        tables = {name: query(cursor, sql) for name, sql in plan.tables.items()}
    return plan.finish(tables, asked)


def _people(metric: Metric, asked: Asked, snapshot: Snapshot, cell: dict[str, Any]) -> list[int]:
    plan = compiled(metric, asked.params)
    cell = cell or dict(plan.headline)
    where = _where(metric, plan, cell)
    with open_session(asked, metric.reach(asked.params), snapshot) as cursor:
        sql = f"SELECT DISTINCT member FROM ({plan.people}) {where} ORDER BY member"  # noqa: S608 - names are checked
        lay_bases(cursor, plan.bases)
        return [row["member"] for row in query(cursor, sql, list(cell.values()))]


def _where(metric: Metric, plan: Compiled, cell: dict[str, Any]) -> str:
    if plan.people is None:
        raise QunyingError(_("“%(metric)s” does not count people.") % {"metric": metric.name})
    for name in cell:
        if name not in plan.cells:
            raise QunyingError(
                _("“%(metric)s” has no people by “%(name)s”. It has: %(known)s.")
                % {"metric": metric.name, "name": name, "known": ", ".join(plan.cells) or "—"}
            )
    return "WHERE " + " AND ".join(f'"{name}" = ?' for name in cell) if cell else ""


def _figure(metric: Metric, asked: Asked, answer: Answer) -> Figure:
    return Figure(
        metric=metric.name,
        scope=asked.scope,
        period=asked.period,
        params=asked.params,
        value=answer.value,
        as_of=timezone.now(),
        numerator=answer.numerator,
        denominator=answer.denominator,
        interval=_interval(metric, answer),
        rows=answer.rows,
    )


def _interval(metric: Metric, answer: Answer) -> tuple[float, float] | None:
    if metric.unit != "share" or not answer.interval or answer.numerator is None or not answer.denominator:
        return None
    # On an average of daily members a share can pass 1: then it is no longer a proportion.
    return wilson(answer.numerator, answer.denominator) if answer.numerator <= answer.denominator else None


def default_period(scope: Scope, *, count: int = 30) -> Period:
    """The last `count` local days that hold facts; those that end today where nothing is recorded yet."""
    snapshot = open_snapshot()
    newest = last_fact_day(scope.communities, snapshot.tail)
    return last_days(count, until=newest or timezone.localdate())
