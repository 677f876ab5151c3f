from __future__ import annotations

from datetime import date

import pytest

from qunying.check.reports.spans import (
    Grain,
    a_year_before,
    chosen_span,
    counted_part,
    earlier_spans,
    latest_span,
    quarter_of,
    read_grain,
    read_span,
    same_days,
    span_of,
)
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period

W10 = span_of(Grain.WEEK, date(2026, 3, 4))


@pytest.mark.parametrize(
    ("text", "grain", "first", "last"),
    [
        ("2026-W10", Grain.WEEK, date(2026, 3, 2), date(2026, 3, 8)),
        (" 2026-03-02..2026-03-08 ", Grain.WEEK, date(2026, 3, 2), date(2026, 3, 8)),
        ("2020-W53", Grain.WEEK, date(2020, 12, 28), date(2021, 1, 3)),
        ("2025-W01", Grain.WEEK, date(2024, 12, 30), date(2025, 1, 5)),
        ("2020-02", Grain.MONTH, date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-12", Grain.MONTH, date(2020, 12, 1), date(2020, 12, 31)),
        ("2020-Q1", Grain.QUARTER, date(2020, 1, 1), date(2020, 3, 31)),
        ("2020-Q4", Grain.QUARTER, date(2020, 10, 1), date(2020, 12, 31)),
    ],
)
def test_it_reads_a_period_by_its_name_or_its_days(text: str, grain: Grain, first: date, last: date) -> None:
    span = read_span(text)
    assert (span.grain, span.days) == (grain, Period(first, last))
    assert read_span(span.name) == span


@pytest.mark.parametrize(
    "text", ["2026-W60", "2026-10", "2026-03-02", "2026-03-03..2026-03-09", "soon", "", "9999-W52", "0001-W01"]
)
def test_it_refuses_what_is_not_one_whole_week(text: str) -> None:
    with pytest.raises(QunyingError, match=r"is not a week\. Write it as 2020-W40\."):
        read_span(text, grain=Grain.WEEK)


@pytest.mark.parametrize(
    ("text", "grain", "words"),
    [
        ("2020-W40", Grain.MONTH, "is not a month"),
        ("2020-13", Grain.MONTH, "is not a month"),
        ("2020-Q5", Grain.QUARTER, "is not a quarter"),
        ("1901-Q1", Grain.QUARTER, "is not a quarter"),
        ("2020", None, "is no period of a report"),
    ],
)
def test_it_refuses_what_is_no_whole_month_or_quarter(text: str, grain: Grain | None, words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        read_span(text, grain=grain)


def test_periods_follow_each_other_over_the_turn_of_the_year() -> None:
    names = [read_span(name) for name in ("2021-W01", "2021-01", "2021-Q1")]
    assert [span.previous.name for span in names] == ["2020-W53", "2020-12", "2020-Q4"]
    assert [span.previous.following for span in names] == names


def test_the_year_before_is_the_same_week_month_or_quarter() -> None:
    names = [read_span(name).year_before for name in ("2021-W10", "2021-02", "2021-Q2")]
    assert [span and span.name for span in names] == ["2020-W10", "2020-02", "2020-Q2"]
    assert read_span("2020-W53").year_before is None
    assert a_year_before(read_span("2021-02"), first_day=date(2020, 2, 2)) is None
    assert a_year_before(read_span("2021-02"), first_day=date(2020, 2, 1)) == read_span("2020-02")


def test_a_quarter_holds_three_months() -> None:
    assert quarter_of(date(2026, 5, 31)) == Period(date(2026, 4, 1), date(2026, 6, 30))


def test_earlier_ones_never_begin_before_the_first_fact() -> None:
    assert [span.name for span in earlier_spans(W10, first_day=date(2026, 2, 17))] == ["2026-W09"]
    assert [span.name for span in earlier_spans(W10, first_day=date(2020, 1, 1))] == [
        "2026-W09",
        "2026-W08",
        "2026-W07",
        "2026-W06",
    ]
    assert earlier_spans(W10, first_day=None) == []


def test_of_a_running_period_the_days_that_are_over_count() -> None:
    assert counted_part(W10, today=date(2026, 3, 5)) == Period(date(2026, 3, 2), date(2026, 3, 4))
    assert counted_part(W10, today=date(2026, 3, 2)) == Period(date(2026, 3, 2), date(2026, 3, 2))
    assert counted_part(W10, today=date(2026, 3, 9)) == W10.days


def test_whole_months_are_compared_whole_and_running_ones_by_their_days() -> None:
    march, february = read_span("2026-03"), read_span("2026-02")
    assert same_days(february, march.days, of=march) == february.days
    part = Period(date(2026, 3, 1), date(2026, 3, 10))
    assert same_days(february, part, of=march) == Period(date(2026, 2, 1), date(2026, 2, 10))
    nearly = Period(date(2026, 3, 1), date(2026, 3, 30))
    assert same_days(february, nearly, of=march) == february.days


@pytest.mark.parametrize("name", ["2026-W11", "2026-04", "2026-Q2"])
def test_a_period_to_come_is_refused(name: str) -> None:
    with pytest.raises(QunyingError, match=f"{name} has not begun yet"):
        counted_part(read_span(name), today=date(2026, 3, 8))


def test_the_latest_is_the_last_whole_one_or_where_the_facts_end() -> None:
    today = date(2026, 3, 11)
    assert latest_span(Grain.WEEK, last_day=today, today=today).name == "2026-W10"
    assert latest_span(Grain.MONTH, last_day=today, today=today).name == "2026-02"
    assert latest_span(Grain.QUARTER, last_day=today, today=today).name == "2025-Q4"
    assert latest_span(Grain.WEEK, last_day=date(2020, 10, 1), today=today).name == "2020-W40"
    assert latest_span(Grain.WEEK, last_day=None, today=today).name == "2026-W10"


def test_an_address_names_a_period_or_any_day_of_it() -> None:
    known = {"last_day": date(2026, 3, 11), "today": date(2026, 3, 11)}
    assert chosen_span({"period": "2020-Q4"}, **known).name == "2020-Q4"
    assert chosen_span({"day": "2020-10-01"}, **known).name == "2020-W40"
    assert chosen_span({"day": "2020-10-01", "grain": "month"}, **known).name == "2020-10"
    assert chosen_span({"grain": "quarter"}, **known).name == "2025-Q4"
    assert chosen_span({}, **known) == W10
    with pytest.raises(QunyingError, match="“yesterday” is not a day"):
        chosen_span({"day": "yesterday"}, **known)
    with pytest.raises(QunyingError, match="not “year”"):
        read_grain("year")
