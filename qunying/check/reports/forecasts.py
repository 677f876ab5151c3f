"""Where goals will probably be on their due days, as a report tells it: what was foretold then, or why nothing was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.blocks import Cell, Definition, Table
from qunying.check.reports.telling import MOST
from qunying.check.tracking.models import Standing
from qunying.check.tracking.wording import METHODS, VERDICTS, refusal_words
from qunying.kit import formats
from qunying.plan.goals.amounts import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.tracking.progress import Progress


_WEEK = timedelta(days=7)
_UNSEEN = "unseen"


def with_outlooks(rows: Sequence[Progress]) -> list[tuple[Progress, Standing | None]]:
    """Each of these goals of which something is still to be foretold, with the last look that foretold it. One query.

    Only looks of that day and the six before count. Nothing is worked out here: it takes seconds a goal, and what a
    report tells is what was known then.
    """
    waiting = [one for one in rows if one.value is not None and one.day < one.goal.due]
    if not waiting:
        return []
    seen = Standing.objects.filter(
        goal__in=[one.goal.pk for one in waiting],
        day__lte=max(one.day for one in waiting),
        day__gt=min(one.day for one in waiting) - _WEEK,
        outlook__isnull=False,
    ).order_by("day")
    latest = {standing.goal_id: standing for standing in seen}
    return [(one, latest.get(one.goal.pk)) for one in waiting]


def forecast_table(found: Sequence[tuple[Progress, Standing | None]]) -> Table:
    """One line a goal: the figure to be expected on its due day, the range and how often it held, the method."""
    head = [
        _("Goal"),
        _("Method, or why there is none"),
        _("Expected on the due day"),
        _("Range"),
        _("Range held"),
    ]
    return Table(_("What is to be expected"), head, [_row(one, seen) for one, seen in found[:MOST]], wordy=2)


def _row(one: Progress, seen: Standing | None) -> list[Cell]:
    goal = Cell(one.goal.name, _("due %(day)s") % {"day": formats.day(one.goal.due, weekday=False)})
    outlook: dict[str, Any] = (seen.outlook if seen else None) or {"refused": _UNSEEN}
    if outlook["refused"]:
        why = (
            _("Nobody looked at it in these days, so nothing was foretold.") if seen is None else refusal_words(outlook)
        )
        return [goal, Cell(why), *(Cell(formats.DASH) for _column in range(3))]
    same = seen is not None and one.path is not None and seen.target == one.path.target
    unit, currency = one.goal.unit, one.goal.community.currency
    point, low, high = (shown(outlook[name], unit=unit, currency=currency) for name in ("point", "low", "high"))
    return [
        goal,
        Cell(str(METHODS[outlook["method"]])),
        Cell(point, str(VERDICTS.get(outlook["verdict"], "")) if same else ""),
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
