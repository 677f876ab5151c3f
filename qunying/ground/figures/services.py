"""Asking the catalogue: `measure` for a figure, `members_behind` for the people in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.figures.asked import Asked, Reach, ask
from qunying.ground.figures.catalogue import Answer, Metric, metric_named
from qunying.ground.figures.compiling import Compiled, compiled
from qunying.ground.figures.results import Figure, Scope
from qunying.ground.figures.settled import find_settled, keep_settled, settling_place
from qunying.ground.figures.sitting import Sitting, one_snapshot
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, last_days
from qunying.kit.stats import wilson

if TYPE_CHECKING:
    from datetime import date


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
    with one_snapshot() as sitting:
        asked = _ask(metric, scope, period, params, sitting)
        place = settling_place(metric, asked, sitting)
        kept = find_settled(place) if place else None
        if kept is not None:
            return kept
        figure = _figure(metric, asked, _count(metric, asked, sitting))
    if place:
        keep_settled(place, figure)
    return figure


def recount(name: str, *, scope: Scope, period: Period, **params: Any) -> Figure:
    """As `measure`, but counted from the facts even where a settled figure is at hand."""
    metric = metric_named(name)
    with one_snapshot() as sitting:
        asked = _ask(metric, scope, period, params, sitting)
        return _figure(metric, asked, _count(metric, asked, sitting))


def totals_by_month(scope: Scope, period: Period) -> dict[tuple[date, str], tuple[int, int]]:
    """Control totals of the facts in the warehouse: (first day of month, kind) → (facts, sum of amounts)."""
    sql = (
        "SELECT date_trunc('month', day)::DATE AS month, kind, count(*) AS many, "
        "coalesce(sum(amount), 0)::BIGINT AS money "
        'FROM "facts" GROUP BY 1, 2'
    )
    with one_snapshot() as sitting:
        session = sitting.session(ask(scope, period, {}, sitting=sitting), Reach(before=None, after=None))
        return {(row["month"], row["kind"]): (row["many"], row["money"]) for row in session.rows(sql)}


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
    with one_snapshot() as sitting:
        asked = ask(scope, period, metric.check(params), sitting=sitting)
        return _people(metric, asked, sitting, chosen)


def compare(name: str, *, scope: Scope, period: Period, organisation: Scope | None = None, **params: Any) -> Comparison:
    """The figure, that of the period before, and that of `organisation` for the same period."""
    with one_snapshot():
        return Comparison(
            now=measure(name, scope=scope, period=period, **params),
            before=measure(name, scope=scope, period=period.previous, **params),
            organisation=(
                measure(name, scope=organisation, period=period, **params)
                if organisation is not None and organisation != scope
                else None
            ),
        )


def _ask(metric: Metric, scope: Scope, period: Period, params: dict[str, Any], sitting: Sitting) -> Asked:
    asked = ask(scope, period, metric.check(params), sitting=sitting)
    if metric.unit == "money":
        _check_currency(sitting.currencies(scope.communities))
    return asked


def _check_currency(found: list[str]) -> None:
    """Amounts of two currencies cannot be added up."""
    if len(found) > 1:
        raise QunyingError(
            _("These communities count in several currencies (%(found)s). Choose communities of one currency.")
            % {"found": ", ".join(found)}
        )


def _count(metric: Metric, asked: Asked, sitting: Sitting) -> Answer:
    if metric.answer is not None:
        _refuse_people(metric, asked.scope)
        return metric.answer(asked)
    plan = compiled(metric, asked.params)
    session = sitting.session(asked, metric.reach(asked.params))
    session.lay(plan.bases)
    if plan.keep and plan.people:
        session.lay({"counted": plan.people})
    return plan.finish({name: session.rows(sql) for name, sql in plan.tables.items()}, asked)


def _refuse_people(metric: Metric, scope: Scope) -> None:
    if scope.tags or scope.channels or scope.among is not None:
        words = _("“%(metric)s” cannot be narrowed to some people: it is counted for whole groups.")
        raise QunyingError(words % {"metric": metric.title})


def _people(metric: Metric, asked: Asked, sitting: Sitting, cell: dict[str, Any]) -> list[int]:
    plan = compiled(metric, asked.params)
    cell = cell or dict(plan.headline)
    where = _where(metric, plan, cell)
    session = sitting.session(asked, metric.reach(asked.params))
    session.lay(plan.bases)
    sql = f"SELECT DISTINCT member FROM ({plan.people}) {where} ORDER BY member"  # noqa: S608 - names are checked
    return [row["member"] for row in session.rows(sql, list(cell.values()))]


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
    with one_snapshot() as sitting:
        newest = sitting.last_fact_day(scope.communities)
    return last_days(count, until=newest or timezone.localdate())
