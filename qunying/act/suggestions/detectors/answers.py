"""Slower answers: how long members waited until one of the staff spoke, against earlier weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import WEEK, middle
from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.periods import Period
from qunying.kit.significance import above_earlier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.act.suggestions.history import History, Look

_WEEKS, _FEWEST_WEEKS = 10, 6
_FEWEST = 10
"""Waits in a week below which a median says little."""
_TIMES, _MINUTES = 1.5, 10


def _find(look: Look) -> Iterator[Asked]:
    weeks = [_shifted(look.recent(), number) for number in range(_WEEKS + 1)]
    waits = [look.waits(week) for week in weeks if week.start >= look.history.since]
    now, earlier = waits[0] if waits else [], [middle(each) for each in waits[1:] if len(each) >= _FEWEST]
    if len(now) < _FEWEST or len(earlier) < _FEWEST_WEEKS:
        return
    slow, usual = middle(now), middle(earlier)
    yield Asked(
        "answers",
        "",
        p=above_earlier(slow, earlier),
        large=slow >= max(_TIMES * usual, usual + _MINUTES),
        effect=slow / usual - 1 if usual else 0.0,
        params={"now": round(slow), "usual": round(usual), "waits": len(now)},
        evidence={
            "kind": "weeks",
            "rows": [
                {"day": week.start.isoformat(), "value": round(middle(each), 1), "marked": week == weeks[0]}
                for week, each in zip(reversed(weeks[: len(waits)]), reversed(waits), strict=True)
            ],
            "usual": usual,
        },
    )


def _shifted(week: Period, number: int) -> Period:
    return Period(week.start - number * WEEK, week.end - number * WEEK)


def _title(_params: Mapping[str, Any]) -> str:
    return _("Members wait longer for an answer")


def _sentence(params: Mapping[str, Any]) -> str:
    return (
        _(
            "When a member spoke, it took %(now)s minutes (median of %(waits)s times in the last seven days) until one "
            "of the staff did; %(usual)s minutes were usual before."
        )
        % params
    )


def _figure(history: History, period: Period, _params: Mapping[str, Any]) -> Measured | None:
    waited = [one.minutes for one in history.waits if period.start <= one.day <= period.end]
    return Measured(middle(waited)) if len(waited) >= _FEWEST else None


register_detector(
    Detector(
        "answers",
        gettext_lazy("Slower answers"),
        gettext_lazy(
            "The median time from a member's message to the next one of the staff in the same group, week by week."
        ),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy("See who was away, and put a name beside each evening of the week."),
            gettext_lazy("Keep ready answers to the ten questions that come most often."),
            gettext_lazy("Say in the announcement when somebody answers; waiting that is expected annoys less."),
        ),
        _figure,
        gettext_lazy("Minutes until one of the staff speaks"),
        unit="minutes",
        better=-1,
    )
)
