"""A slow fall: four weeks in a row against the sixteen before. One week alone may not tell what a season does."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import DAY, WEEK, is_festive, total
from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.significance import ranks_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from qunying.act.suggestions.history import History, Look
    from qunying.kit.periods import Period

_RECENT, _BEFORE, _FEWEST_BEFORE = 4, 16, 8
_ENOUGH = 21
"""A week below which one more or less decides: three speakers, or three orders, a day."""
_FALL = 0.2


def _asked(detector: str, daily: Mapping[date, int], look: Look, *, per: int) -> Iterator[Asked]:
    """The question about weeks whose figure is their sum over `per`: 7 for people a day, 1 for orders a week."""
    if is_festive(look.recent()):
        return
    weeks = [total(daily, look.recent()), *look.weeks(daily, count=_RECENT + _BEFORE)]
    recent, earlier = weeks[:_RECENT], weeks[_RECENT : _RECENT + _BEFORE]
    if len(earlier) < _FEWEST_BEFORE or mean(earlier) < _ENOUGH:
        return
    now, usual = mean(recent), mean(earlier)
    yield Asked(
        detector,
        "",
        p=ranks_below(recent, earlier),
        large=now <= (1 - _FALL) * usual,
        effect=now / usual - 1,
        params={"now": now / per, "usual": usual / per, "weeks": len(earlier)},
        evidence={"kind": "weeks", "rows": _rows(daily, look, per), "usual": usual / per},
    )


def _rows(daily: Mapping[date, int], look: Look, per: int) -> list[dict[str, object]]:
    """Every week of the last twenty there are facts of, festive ones too: that is how it went."""
    first = min((day for day, value in daily.items() if value), default=look.until)
    mondays = [look.recent().start - number * WEEK for number in range(_RECENT + _BEFORE)]
    return [
        {
            "day": start.isoformat(),
            "value": round(sum(daily.get(start + number * DAY, 0) for number in range(7)) / per, 1),
            "marked": start > look.until - _RECENT * WEEK,
        }
        for start in reversed(mondays)
        if start >= max(first, look.history.since)
    ]


def _find_speakers(look: Look) -> Iterator[Asked]:
    yield from _asked("slide", look.history.speakers, look, per=7)


def _find_orders(look: Look) -> Iterator[Asked]:
    yield from _asked("orders", look.history.orders, look, per=1)


def _speakers_title(_params: Mapping[str, Any]) -> str:
    return _("Fewer and fewer people speak")


def _speakers_sentence(params: Mapping[str, Any]) -> str:
    said = {"now": round(params["now"], 1), "usual": round(params["usual"], 1), "weeks": params["weeks"]}
    return (
        _(
            "%(now)s people a day spoke in the last four weeks; in the %(weeks)s usual weeks before them it was "
            "%(usual)s."
        )
        % said
    )


def _orders_title(_params: Mapping[str, Any]) -> str:
    return _("Fewer and fewer orders")


def _orders_sentence(params: Mapping[str, Any]) -> str:
    said = {"now": round(params["now"]), "usual": round(params["usual"]), "weeks": params["weeks"]}
    return (
        _("%(now)s orders a week came in the last four weeks; in the %(weeks)s usual weeks before it was %(usual)s.")
        % said
    )


def _speakers_figure(history: History, period: Period, _params: Mapping[str, Any]) -> Measured | None:
    return Measured(total(history.speakers, period) / period.days)


def _orders_figure(history: History, period: Period, _params: Mapping[str, Any]) -> Measured | None:
    return Measured(total(history.orders, period) / period.days * 7)


register_detector(
    Detector(
        "slide",
        gettext_lazy("Fewer and fewer speakers"),
        gettext_lazy("People who spoke on a day: four weeks in a row against the sixteen usual weeks before them."),
        _find_speakers,
        _speakers_title,
        _speakers_sentence,
        (
            gettext_lazy("Take ten who used to speak and do not any more, and ask each what they come for now."),
            gettext_lazy(
                "See whether newcomers still come and are answered: talk that is not renewed fades by itself."
            ),
            gettext_lazy("Stop what nobody answers, and put the time into the one subject that still draws talk."),
        ),
        _speakers_figure,
        gettext_lazy("Speakers a day"),
        unit="per_day",
    )
)
register_detector(
    Detector(
        "orders",
        gettext_lazy("Fewer and fewer orders"),
        gettext_lazy("Orders of a week: four weeks in a row against the sixteen usual weeks before them."),
        _find_orders,
        _orders_title,
        _orders_sentence,
        (
            gettext_lazy(
                "See first who is missing, new buyers or those who used to come back: they need different things."
            ),
            gettext_lazy(
                "Write to those who bought twice and then stopped, with something for them, not a general sale."
            ),
            gettext_lazy("Compare with the weeks of new members: where fewer come in, fewer buy a few weeks later."),
        ),
        _orders_figure,
        gettext_lazy("Orders a week"),
        unit="per_week",
    )
)
