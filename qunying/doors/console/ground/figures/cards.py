"""The row of key figures at the top of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.asking import ask, ask_all, ask_before
from qunying.doors.console.ground.figures.spans import gather, spans_of
from qunying.doors.console.ground.figures.words import GRADES, change_of, shown, write
from qunying.ground.figures.recorded import GAPS_SHORT, gap_of, knows_roster
from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.recorded import Gap
    from qunying.ground.figures.results import Figure

AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure: ready words, the drawer behind it, and a tiny line."""

    label: str
    value: str
    exact: str
    address: str
    change: str
    direction: str
    tone: str
    line: list[float | None] = field(default_factory=list)
    note: str = ""
    small_n: bool = False


def make_card(choice: Choice, metric: str, *, label: str = "", **params: Any) -> Card:
    """The card of a metric for this choice, compared as the person wishes."""
    figure = ask(choice, metric, **params)
    manner = shown(metric)
    if (gap := gap_of(figure)) is not None:
        return _unknown(choice, metric, label or _label(metric, params), gap, params)
    change, direction, tone = _change(choice, figure, metric, params)
    return Card(
        label=label or _label(metric, params),
        value=write(figure.value, manner.form, currency=choice.currency),
        exact=write(figure.value, manner.form, currency=choice.currency, exact=True),
        address=choice.address("figure", metric, **{f"p.{name}": value for name, value in params.items()}),
        change=change,
        direction=direction,
        tone=tone,
        line=_line(choice, figure),
        note=_seen_so_far(figure) or _note(figure, manner.form),
        small_n=manner.form == "rate" and figure.small,
    )


def _unknown(choice: Choice, metric: str, label: str, gap: Gap, params: dict[str, Any]) -> Card:
    """No number where what it counts was never recorded: 0 % churn in a chat without leavings is none."""
    address = choice.address("figure", metric, **{f"p.{name}": value for name, value in params.items()})
    return Card(label, formats.DASH, formats.DASH, address, "", "", "plain", note=str(GAPS_SHORT[gap]))


def _label(metric: str, params: dict[str, Any]) -> str:
    grade = params.get("grade")
    name = shown(metric).label
    return _("%(name)s (%(grade)s)") % {"name": name, "grade": GRADES[grade]} if grade in GRADES else name


def _change(choice: Choice, figure: Figure, metric: str, params: dict[str, Any]) -> tuple[str, str, str]:
    if (before := ask_before(choice, metric, **params)) is not None:
        words, direction, tone = change_of(figure, before)
        return (_("%(change)s vs the period before") % {"change": words} if direction else words), direction, tone
    if (everyone := ask_all(choice, metric, **params)) is not None:
        return _against_all(figure, everyone)
    return (_("no whole period before") if choice.compare == "previous" else ""), "", "plain"


def _against_all(figure: Figure, everyone: Figure) -> tuple[str, str, str]:
    """A rate beside the organisation's; a count as its share of the whole."""
    if figure.value is None or everyone.value is None:
        return _("nothing to compare with"), "", "plain"
    if shown(figure.metric).form == "rate":
        words, direction, tone = change_of(figure, everyone)
        return (
            _("%(change)s vs %(rate)s in the organisation")
            % {"change": words, "rate": formats.percent(everyone.value)},
            direction,
            tone,
        )
    if not everyone.value or shown(figure.metric).form == "mean" or figure.metric == "order_value":
        return _("organisation: %(value)s") % {"value": formats.whole(round(everyone.value, 1))}, "", "plain"
    return _("%(share)s of the organisation") % {"share": formats.percent(figure.value / everyone.value)}, "", "plain"


def _line(choice: Choice, figure: Figure) -> list[float | None]:
    if not figure.rows or "day" not in figure.rows[0]:
        return []
    by_day = {row["day"]: row.get("value") for row in figure.rows}
    return gather(by_day, spans_of(choice.period), total=shown(figure.metric).total)


def _seen_so_far(figure: Figure) -> str:
    """What “members” are where nobody records coming and going: their number can only grow."""
    if figure.metric != "members_present" or not figure.value or knows_roster(figure.scope):
        return ""
    return _("Everyone seen so far: no coming or going is recorded")


def _note(figure: Figure, form: str) -> str:
    if form != "rate" or figure.numerator is None or figure.denominator is None:
        return ""
    if not figure.denominator:
        return _("Nobody to count yet")
    parts = {"part": formats.whole(figure.numerator), "whole": formats.whole(round(figure.denominator, 1))}
    if figure.numerator > figure.denominator:
        return _("%(part)s of %(whole)s on average: many came and went") % parts
    if figure.small:
        return _("%(part)s of %(whole)s: fewer than %(small)s, read with care") % {**parts, "small": SMALL}
    return _("%(part)s of %(whole)s") % parts
