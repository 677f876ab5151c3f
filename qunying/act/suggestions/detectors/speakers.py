"""Fewer speakers: how many people spoke each day of a week, against earlier weeks."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import is_festive, series, total
from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.significance import below_earlier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.act.suggestions.history import History, Look
    from qunying.kit.periods import Period

_WEEKS, _FEWEST_WEEKS = 10, 6
_ENOUGH = 3.0
"""Speakers a day below which one more or less decides."""
_FALL = 0.2


def _find(look: Look) -> Iterator[Asked]:
    daily = look.history.speakers
    earlier = look.weeks(daily, count=_WEEKS)
    if len(earlier) < _FEWEST_WEEKS or mean(earlier) / 7 < _ENOUGH or is_festive(look.recent()):
        return
    now, usual = total(daily, look.recent()) / 7, mean(earlier) / 7
    yield Asked(
        "speakers",
        "",
        p=below_earlier(now * 7, earlier),
        large=now <= (1 - _FALL) * usual,
        effect=now / usual - 1,
        params={"now": round(now, 1), "usual": round(usual, 1), "weeks": len(earlier)},
        evidence={
            "kind": "days",
            "rows": series(daily, look.recent(56)),
            "recent": look.recent().start.isoformat(),
            "usual": usual,
        },
    )


def _title(_params: Mapping[str, Any]) -> str:
    return _("Fewer people speak")


def _sentence(params: Mapping[str, Any]) -> str:
    return (
        _(
            "%(now)s people a day spoke in the last seven days; on the average of %(weeks)s usual weeks before it "
            "was %(usual)s."
        )
        % params
    )


def _figure(history: History, period: Period, _params: Mapping[str, Any]) -> Measured | None:
    return Measured(total(history.speakers, period) / period.days)


register_detector(
    Detector(
        "speakers",
        gettext_lazy("Fewer speakers"),
        gettext_lazy(
            "People who spoke on a day: the last seven days against ten weeks before, without weeks of public holidays."
        ),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy(
                "See first whether it was the calendar: exams, weather, a rival's sale. Then it passes by itself."
            ),
            gettext_lazy(
                "Have the people who carry the talk open two subjects a week; a question draws more than a notice."
            ),
            gettext_lazy("Answer newcomers by name on their first message: who is answered speaks again."),
        ),
        _figure,
        gettext_lazy("Speakers a day"),
        unit="per_day",
    )
)
