"""A rush of orders: three days against the same weekdays of earlier weeks. Good news is worth acting on, too."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import WEEK, series, total
from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.periods import Period
from qunying.kit.significance import above_earlier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.act.suggestions.history import History, Look

_DAYS, _WEEKS, _FEWEST_WEEKS = 3, 8, 6
_ENOUGH, _TIMES = 15, 2.0


def _find(look: Look) -> Iterator[Asked]:
    daily, recent = look.history.orders, look.recent(_DAYS)
    same = [Period(recent.start - number * WEEK, recent.end - number * WEEK) for number in range(1, _WEEKS + 1)]
    earlier = [total(daily, days) for days in same if days.start >= look.history.since]
    now = total(daily, recent)
    if len(earlier) < _FEWEST_WEEKS or not any(earlier) or now < _ENOUGH:
        return
    usual = mean(earlier)
    yield Asked(
        "rush",
        "",
        p=above_earlier(now, earlier),
        large=now >= _TIMES * usual,
        effect=now / usual - 1,
        params={"now": now, "usual": round(usual, 1), "days": _DAYS, "until": recent.end.isoformat()},
        evidence={
            "kind": "days",
            "rows": series(daily, look.recent(56)),
            "recent": recent.start.isoformat(),
            "usual": usual / _DAYS,
        },
    )


def _title(_params: Mapping[str, Any]) -> str:
    return _("A rush of orders")


def _sentence(params: Mapping[str, Any]) -> str:
    return (
        _(
            "%(now)s orders came in within %(days)s days; on the same weekdays of the weeks before it was %(usual)s on "
            "average."
        )
        % params
    )


def _figure(history: History, period: Period, _params: Mapping[str, Any]) -> Measured | None:
    return Measured(total(history.orders, period) / period.days * 7)


register_detector(
    Detector(
        "rush",
        gettext_lazy("A rush of orders"),
        gettext_lazy("Orders of the last three days, against the same weekdays of eight weeks before."),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy("Thank first-time buyers by name and give them a reason to come back within thirty days."),
            gettext_lazy("Write down today what ran out and what was asked for: it is next year's plan."),
            gettext_lazy("Show what was made or delivered, with the buyers' consent, while the joy is fresh."),
        ),
        _figure,
        gettext_lazy("Orders a week"),
        unit="per_week",
        good_news=True,
    )
)
