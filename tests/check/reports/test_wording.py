from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from qunying.check.reports.shapes import Line
from qunying.check.reports.wording import against_last, average_before, change, days, label, written
from qunying.ground.figures.catalogue import metric_named
from qunying.ground.figures.results import Figure, Scope
from qunying.kit.periods import Period

WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))


def line(metric: str, *values: float | None) -> Line:
    made = [Figure(metric, Scope((1,)), WEEK, {}, value, datetime.now(UTC)) for value in values]
    return Line(metric_named(metric), made[0], made[1:])


@pytest.mark.parametrize(
    ("metric", "values", "english", "chinese"),
    [
        ("members_present", (312, 306), "up 6 on the week before", "比上周多6人"),
        ("messages", (880, 1000), "down 12.0% on the week before", "比上周少12.0%"),
        ("messages", (9, 12), "down 3 on the week before", "比上周少3条"),
        ("active_rate", (0.272, 0.26), "up 1.2 points on the week before", "比上周高1.2个百分点"),
        ("orders", (35, 35), "the same as the week before", "与上周持平"),
        ("revenue", (2_310_000, 2_100_000), "up 10.0% on the week before", "比上周多10.0%"),
        ("messages", (9,), "nothing to compare with the week before", "上周没有数据可比"),
        ("active_rate", (None, 0.2), "nothing to compare with the week before", "上周没有数据可比"),
        ("members_present", (12_345, 11_111), "up 1,234 on the week before", "比上周多1,234人"),
    ],
)
def test_a_change_is_told_as_people_say_it(
    metric: str, values: tuple[float | None, ...], english: str, chinese: str
) -> None:
    assert against_last(line(metric, *values), "CNY") == english
    with translation.override("zh-hans"):
        assert against_last(line(metric, *values), "CNY") == chinese


def test_an_average_needs_two_weeks() -> None:
    assert average_before(line("messages", 120, 100), "CNY") == ""
    assert average_before(line("messages", 120, 100, 200), "CNY") == "average of the 2 weeks before: 150 (−20.0%)"
    with translation.override("zh-hans"):
        assert average_before(line("messages", 120, 100, 200), "CNY") == "前2周平均150（−20.0%）"


def test_values_are_written_in_the_manner_of_their_unit() -> None:
    assert [written(12_345, "facts", ""), written(0.2718, "share", ""), written(None, "share", "")] == [
        "12,345",
        "27.2%",
        "–",
    ]
    assert written(123_450, "money", "CNY") == "CN¥1,234.50"
    with translation.override("zh-hans"):
        assert written(123_450, "money", "CNY") == "¥1,234.50"


def test_a_column_of_changes_carries_signs() -> None:
    assert [
        change(line("messages", *values), values[1], "CNY") for values in ((12, 9), (9, 12), (9, 9), (9, None))
    ] == ["+3", "−3", "0", "–"]


def test_days_are_written_in_the_manner_of_the_language() -> None:
    assert days(WEEK) == "Mon 2 Mar 2026 to Sun 8 Mar 2026"
    with translation.override("zh-hans"):
        assert days(WEEK) == "2026年3月2日 周一 至 2026年3月8日 周日"


def test_without_a_roster_members_are_people_seen() -> None:
    assert label("members_present") == "Members at the end of the week"
    assert label("members_present", roster=False) == "People seen so far"
