from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation

from qunying.doors.console.ground.figures.spans import Span, gather, grain_of, long_label, short_label, spans_of
from qunying.kit.periods import Period, last_days

END = date(2020, 12, 31)


@pytest.mark.parametrize(
    ("days", "grain", "points"), [(28, "day", 28), (100, "day", 100), (365, "week", 53), (1000, "month", 33)]
)
def test_long_periods_are_drawn_in_weeks_and_months(days: int, grain: str, points: int) -> None:
    period = last_days(days, until=END)
    assert (grain_of(period), len(spans_of(period))) == (grain, points)


def test_spans_cover_every_day_once() -> None:
    period = last_days(365, until=END)
    spans = [span.period for span in spans_of(period)]
    assert sum(span.days for span in spans) == 365
    assert all(after.start == before.end + timedelta(days=1) for before, after in pairwise(spans))


def test_a_week_the_period_cuts_is_not_whole() -> None:
    spans = spans_of(last_days(365, until=END))
    assert [spans[0].whole, spans[1].whole, spans[-1].whole] == [False, True, False]


def test_sums_add_days_and_means_average_them() -> None:
    week = Span(Period(date(2020, 3, 2), date(2020, 3, 8)))
    values = {date(2020, 3, 2): 3, date(2020, 3, 3): 5, date(2020, 3, 4): None}
    assert gather(values, [week], total=True) == [8]
    assert gather(values, [week], total=False) == [4]
    assert gather({}, [week], total=True) == [None]


def test_labels_follow_the_language() -> None:
    span = Span(Period(date(2020, 3, 2), date(2020, 3, 2)))
    with translation.override("zh-hans"):
        assert (short_label(span, "day"), long_label(span, "day")) == ("3/2", "2020年3月2日 周一")
    assert (short_label(span, "day"), long_label(span, "day")) == ("2 Mar", "Mon 2 Mar 2020")
