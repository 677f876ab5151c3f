"""`metric`, `metrics` and `verify`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunying.doors.cli.output import Json, emit, emit_table
from qunying.ground.figures.catalogue import all_metrics, metric_named
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import default_period, measure
from qunying.ground.figures.verify import verify_communities
from qunying.ground.groups.models import Community
from qunying.ground.groups.queries import get_community
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.periods import Period, parse_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.figures.catalogue import Metric
    from qunying.ground.figures.results import Figure


def register(app: typer.Typer) -> None:
    """Add the commands `metric`, `metrics` and `verify`."""
    app.command("metric")(show_metric)
    app.command("metrics")(list_metrics)
    app.command("verify")(verify)


def show_metric(  # noqa: PLR0913 - one argument for each option
    name: Annotated[str, typer.Argument(help="Name of the metric; “qunying metrics” lists them.")],
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    first: Annotated[str, typer.Option("--from", help="First local day, such as 2020-10-05.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last local day, included.")] = "",
    period: Annotated[str, typer.Option(help="A week 2020-W40, a month 2020-10, or days 2020-10-05..2020-10-11.")] = "",
    param: Annotated[
        list[str] | None, typer.Option(help="A parameter of the metric as name=value; may be repeated.")
    ] = None,
    group: Annotated[str, typer.Option(help="Only this group of the community.")] = "",
    as_json: Json = False,
) -> None:
    """Measure one metric; without dates, over the last 30 days that hold facts."""
    metric = metric_named(name)
    place = get_community(community)
    scope = Scope((place.pk,), groups=_group_ids(place, group))
    chosen = _period(scope, first, last, period)
    figure = measure(name, scope=scope, period=chosen, **_params(param or []))
    emit(plain_figure(figure, place.slug), as_json=as_json, lines=_lines(metric, figure))
    if figure.rows and not as_json:
        columns = [column for column in metric.columns if column in figure.rows[0]]
        emit_table(columns, ([row[column] for column in columns] for row in figure.rows))


def plain_figure(figure: Figure, community: str) -> dict[str, Any]:
    """A figure as the one JSON object of the command line."""
    low, high = figure.interval or (None, None)
    return {
        "metric": figure.metric,
        "community": community,
        "from": figure.period.start,
        "to": figure.period.end,
        "params": figure.params,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "low": low,
        "high": high,
        "small": figure.small,
        "unit": metric_named(figure.metric).unit,
        "as_of": figure.as_of,
        "settled": figure.settled,
        "rows": figure.rows,
    }


def _group_ids(community: Community, name: str) -> tuple[int, ...]:
    if not name:
        return ()
    found = community.groups.filter(name=name).first()
    if found is None:
        known = ", ".join(community.groups.values_list("name", flat=True)) or "—"
        raise NotFoundError(
            _("The community has no group “%(name)s”. Those there are: %(known)s.") % {"name": name, "known": known}
        )
    return (found.pk,)


def _period(scope: Scope, first: str, last: str, period: str) -> Period:
    if period and (first or last):
        raise QunyingError(_("Give either --period or --from and --to, not both."))
    if period:
        return parse_period(period)
    usual = default_period(scope)
    end = _day(last) if last else max(usual.end, _day(first)) if first else usual.end
    start = _day(first) if first else min(usual.start, end)
    return Period(start, end)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2020-10-05.") % {"text": text}) from None


def _params(pairs: Iterable[str]) -> dict[str, str]:
    params = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise QunyingError(
                _("“%(pair)s” is not a parameter. Write it as name=value, such as day=7.") % {"pair": pair}
            )
        params[name.strip()] = value.strip()
    return params


def _lines(metric: Metric, figure: Figure) -> list[str]:
    value = "—" if figure.value is None else f"{figure.value:.4g}" if isinstance(figure.value, float) else figure.value
    share = "" if figure.denominator is None else f"  ({figure.numerator} / {figure.denominator:.6g})"
    interval = "  95 %: {:.4f}–{:.4f}".format(*figure.interval) if figure.interval else ""
    return [
        f"{metric.title}: {value}{share}{interval}",
        f"{figure.period.start} – {figure.period.end}",
        str(metric.definition),
    ]


def list_metrics(*, as_json: Json = False) -> None:
    """The catalogue of metrics with their definitions."""
    metrics = all_metrics()
    lines: list[str] = []
    for one in metrics:
        params = ", ".join(f"{param.name}={_shown(param.default)} ({param.wanted})" for param in one.params)
        lines += [f"{one.name}  {one.title}", f"    {one.definition}", *([f"    {params}"] if params else []), ""]
    emit({"metrics": [_plain_metric(one) for one in metrics]}, as_json=as_json, lines=lines)


def _shown(default: Any) -> str:
    return ",".join(default) if isinstance(default, tuple) else str(default).lower()


def _plain_metric(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "title": str(metric.title),
        "definition": str(metric.definition),
        "numerator": str(metric.numerator),
        "denominator": None if metric.denominator is None else str(metric.denominator),
        "unit": metric.unit,
        "source": metric.source,
        "params": [{"name": p.name, "default": p.default, "takes": p.wanted} for p in metric.params],
        "columns": list(metric.columns),
    }


def verify(
    *,
    community: Annotated[str, typer.Option(help="Short name of the community; without it, all of them.")] = "",
    as_json: Json = False,
) -> None:
    """Count every headline figure a second way, in plain SQL over the database, and compare."""
    chosen = [get_community(community)] if community else list(Community.objects.order_by("slug"))
    result = verify_communities(chosen)
    lines = [
        _("%(count)s figures were counted twice; %(wrong)s differ.")
        % {"count": result.checked, "wrong": len(result.differences)}
    ]
    lines += [
        f"{row.community}  {row.metric}  {row.period}  {row.figure} ≠ {row.expected}" for row in result.differences
    ]
    if not result.ok:
        lines.append(
            _("The warehouse does not hold what the log holds. Build it anew: qunying events replay warehouse")
        )
    emit(result.plain(), as_json=as_json, lines=lines)
    if not result.ok:
        raise typer.Exit(1)
