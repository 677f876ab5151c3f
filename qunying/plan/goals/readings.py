"""How a metric of the catalogue is read for a goal: as a level, as a total, or over the last days."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.figures.catalogue import all_metrics, metric_named
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.ground.figures.catalogue import Metric

_MONTH = 30
_WEEK = 7


class Reading(StrEnum):
    """What makes two readings of one goal comparable."""

    LEVEL = "level"
    """The state when a day ends: members present, people active within a month."""
    TOTAL = "total"
    """What has come together since the goal began: joins, orders, revenue."""
    WINDOW = "window"
    """Counted over the last days, always equally many: rates, averages, distinct people."""
    HAND = "hand"
    """What a person measured last."""


_LEVELS = {"members_present", "dau", "wau", "mau"}
_WINDOWS = {"active_members", "buyers", "order_value"}
_UNFIT = {"cohorts", "lifecycle", "activity_hours"}
_TOTAL_UNITS = {"people", "facts", "orders", "money"}


def fit_metrics() -> list[Metric]:
    """The metrics of the catalogue whose headline a goal can be set on."""
    return [metric for metric in all_metrics() if metric.name not in _UNFIT]


def fit_metric(name: str) -> Metric:
    """The metric of this name; raises QunyingError where there is none or its headline is not a goal."""
    metric = metric_named(name)
    if name in _UNFIT:
        raise QunyingError(
            _("“%(metric)s” is a picture, not one number: no goal can be set on it. Choose another figure.")
            % {"metric": metric.title}
        )
    return metric


def reading_of(metric: str) -> Reading:
    """How goals on this metric are read; an empty name is a goal measured by hand."""
    if not metric:
        return Reading.HAND
    if metric in _LEVELS:
        return Reading.LEVEL
    if metric in _WINDOWS or metric_named(metric).unit not in _TOTAL_UNITS:
        return Reading.WINDOW
    return Reading.TOTAL


def window_for(metric: str, days: int) -> int:
    """Over how many days a goal of `days` days is read: a month's worth, a week's for shorter goals."""
    if reading_of(metric) is not Reading.WINDOW:
        return 1
    return min(days, _MONTH if days >= _MONTH - 2 else _WEEK)


def ripe_day(metric: str, params: Mapping[str, Any], day: date) -> date:
    """The last day whose people have had their time by `day`: those who join today cannot have stayed a month yet."""
    wait = {"retention": "day", "repurchase_rate": "days"}.get(metric)
    if wait is None:
        return day
    return day - timedelta(days=int(metric_named(metric).check(params)[wait]))
