"""Where goals will probably be on their due days, as a report tells it: what was foretold then, or why nothing was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.blocks import Cell, Definition, Table
from qunying.check.reports.telling import MOST
from qunying.check.tracking.models import Standing
from qunying.check.tracking.outlooks import outlook_of
from qunying.check.tracking.wording import METHODS, VERDICTS, refusal_words
from qunying.kit import formats
from qunying.plan.goals.amounts import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.tracking.progress import Progress


def with_outlooks(rows: Sequence[Progress]) -> list[tuple[Progress, dict[str, Any]]]:
    """Each of these goals of which something is still to be foretold, with its outlook as plain data.

    What was foretold that day stays; it is worked out where nobody did, the goal was revised or facts came late.
    One query, and the figures of each goal that has none.
    """
    waiting = [one for one in rows if one.value is not None and one.day < one.goal.due]
    days = {one.day for one in waiting}
    seen = Standing.objects.filter(goal__in=[one.goal.pk for one in waiting], day__in=days, outlook__isnull=False)
    kept = {(standing.goal_id, standing.day): standing for standing in seen}
    found = ((one, _outlook(one, kept.get((one.goal.pk, one.day)))) for one in waiting)
    return [(one, outlook) for one, outlook in found if outlook]


def _outlook(one: Progress, seen: Standing | None) -> dict[str, Any] | None:
    target = one.path.target if one.path else None
    if seen is not None and (seen.due, seen.target, seen.value) == (one.goal.due, target, one.value):
        return cast("dict[str, Any]", seen.outlook)
    if one.value is None:
        return None
    counted = outlook_of(one.goal, one.path, one.value, one.facts_until or one.day)
    return counted.plain() if counted else None


def forecast_table(found: Sequence[tuple[Progress, dict[str, Any]]]) -> Table:
    """One line a goal: the figure to be expected on its due day, the range and how often it held, the method."""
    head = [
        _("Goal"),
        _("Method, or why there is none"),
        _("Expected on the due day"),
        _("Range"),
        _("Range held"),
    ]
    return Table(_("What is to be expected"), head, [_row(one, outlook) for one, outlook in found[:MOST]], wordy=2)


def _row(one: Progress, outlook: dict[str, Any]) -> list[Cell]:
    goal = Cell(one.goal.name, _("due %(day)s") % {"day": formats.day(one.goal.due, weekday=False)})
    if outlook["refused"]:
        return [goal, Cell(refusal_words(outlook)), *(Cell(formats.DASH) for _column in range(3))]
    unit, currency = one.goal.unit, one.goal.community.currency
    point, low, high = (shown(outlook[name], unit=unit, currency=currency) for name in ("point", "low", "high"))
    return [
        goal,
        Cell(str(METHODS[outlook["method"]])),
        Cell(point, str(VERDICTS.get(outlook["verdict"], ""))),
        Cell(pgettext("range", "%(low)s to %(high)s") % {"low": low, "high": high}),
        Cell(
            _("%(held)s of %(trials)s") % {"held": outlook["held"], "trials": outlook["trials"]},
            _("meant: %(level)s") % {"level": formats.percent(outlook["level"], decimals=0)},
        ),
    ]


def forecast_definition() -> Definition:
    """What a forecast of a goal is, for the appendix. Source: methods §7.1."""
    return Definition(
        _("Forecast of a goal"),
        _(
            "What its figure will be on the due day if things go on as they did. Of several simple methods the one is "
            "taken that foretold this very history best, tried from up to 24 of its days; none is taken that does not "
            "beat repeating the last week."
        ),
        [
            _("Range: meant to hold eight outcomes in ten. “Range held”: how often it did in those trials."),
            _("Without enough history to try it, nothing is foretold."),
        ],
    )
